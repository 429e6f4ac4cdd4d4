import { useColorMode } from '@docusaurus/theme-common';
import Editor from '@monaco-editor/react';
import type { BlockKind } from '../../client/block.ts';
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
}

const LANGUAGES: Readonly<Record<BlockKind, string>> = {
  bash: 'shell',
  http: 'plaintext',
  yaml: 'yaml',
  ts: 'typescript',
};
const LINE_HEIGHT = 21;

/** The full editor, with completion and type errors in TypeScript blocks. */
export default function CodeEditor({ kind, code, label, onChange, onRun, onLeave }: CodeEditorProps) {
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
          editor.focus();
        }}
        options={{
          ariaLabel: `${label}. Esc를 누르면 편집기에서 나온다.`,
          automaticLayout: true,
          fixedOverflowWidgets: true,
          fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono CJK KR", monospace',
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
