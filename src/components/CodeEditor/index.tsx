import { useColorMode } from '@docusaurus/theme-common';
import Editor from '@monaco-editor/react';
import { useEffect, useRef } from 'react';
import type { BlockKind } from '../../client/block.ts';
import type { LabStore } from '../../client/lab-store.ts';
import { checkManifest } from './manifest-language.ts';
import { configureMonaco } from './monaco.ts';
import styles from './styles.module.css';

configureMonaco();

export interface CodeEditorProps {
  readonly kind: BlockKind;
  readonly code: string;
  readonly label: string;
  readonly onChange: (code: string) => void;
  readonly onRun: (andGoOn: boolean) => void;
  readonly onLeave: () => void;
  /** Asks the lab that the code runs in. */
  readonly ask: LabStore['ask'];
}

const LANGUAGES: Readonly<Record<BlockKind, string>> = {
  bash: 'shell',
  http: 'plaintext',
  yaml: 'yaml',
  ts: 'typescript',
};
const LINE_HEIGHT = 21;

/** The full editor, with completion and marked errors in TypeScript and in manifests. */
export default function CodeEditor(props: CodeEditorProps) {
  const { kind, code, label, onChange, onRun, onLeave, ask } = props;
  const leave = useRef<() => void>(undefined);
  useEffect(() => () => leave.current?.(), []);
  const { colorMode } = useColorMode();
  const lines = Math.min(Math.max(code.split('\n').length + 1, 4), 24);
  return (
    <div className={styles.editor} style={{ height: lines * LINE_HEIGHT + 16 }}>
      <Editor
        language={LANGUAGES[kind]}
        value={code}
        theme={colorMode === 'dark' ? 'vs-dark' : 'vs'}
        loading={<span className={styles.loading}>편집기를 여는 중</span>}
        onChange={(value) => onChange(value ?? '')}
        onMount={(editor, monaco) => {
          const { KeyCode, KeyMod } = monaco;
          editor.addCommand(KeyMod.CtrlCmd | KeyCode.Enter, () => onRun(false));
          editor.addCommand(KeyMod.Shift | KeyCode.Enter, () => onRun(true));
          editor.addCommand(
            KeyCode.Escape,
            onLeave,
            '!suggestWidgetVisible && !parameterHintsVisible && !findWidgetVisible && !renameInputVisible',
          );
          const model = editor.getModel();
          if (kind === 'yaml' && model !== null) leave.current = checkManifest(monaco as never, model, ask);
          editor.focus();
        }}
        options={{
          ariaLabel: `${label}. Esc를 누르면 편집기에서 나온다.`,
          automaticLayout: true,
          fixedOverflowWidgets: true,
          fontFamily:
            'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", D2Coding, "Noto Sans Mono CJK KR", monospace',
          fontSize: 14,
          lineHeight: LINE_HEIGHT,
          minimap: { enabled: false },
          padding: { top: 8, bottom: 8 },
          scrollBeyondLastLine: false,
          scrollbar: { alwaysConsumeMouseWheel: false },
          tabFocusMode: true,
          tabSize: 2,
        }}
      />
    </div>
  );
}
