import { useEffect, useId, useState } from 'react';
import type { OpenFile } from '../../client/terminal.ts';
import { CodeArea } from '../CodeArea/index.tsx';
import styles from './styles.module.css';

export interface FileEditorProps {
  readonly file: OpenFile;
  /** Null: without saving. */
  readonly onClose: (text: string | null) => void;
}

/** What opens where a real terminal would show vi: the file that a command edits. */
export function FileEditor({ file, onClose }: FileEditorProps) {
  const [text, setText] = useState(file.text);
  const id = useId();
  useEffect(() => document.getElementById(id)?.focus(), [id]);
  return (
    <section className={styles.editor} aria-label={`파일 편집: ${file.path}`}>
      <header className={styles.header}>
        <code className={styles.path}>{file.path}</code>
        <span className={styles.note}>편집하는 동안 시간은 멈춰 있다</span>
        <button type="button" className={styles.button} onClick={() => onClose(text)}>
          저장하고 닫기
        </button>
        <button type="button" className={styles.button} onClick={() => onClose(null)}>
          저장하지 않고 닫기
        </button>
      </header>
      <div className={styles.text}>
        <CodeArea
          kind={/\.(?:ya?ml|json)$/.test(file.path) ? 'yaml' : 'bash'}
          code={text}
          label={`${file.path}의 내용`}
          inputId={id}
          onChange={setText}
          onRun={() => onClose(text)}
        />
      </div>
    </section>
  );
}
