import type { FormEvent, KeyboardEvent } from 'react';
import { useEffect, useId, useState } from 'react';
import type { OpenFile } from '../../client/terminal.ts';
import { runViCommand } from '../../client/vi-command.ts';
import { CodeArea } from '../CodeArea/index.tsx';
import styles from './styles.module.css';

export interface FileEditorProps {
  readonly file: OpenFile;
  /** What stands in the file now: it is still there when the lab was closed and is opened again. */
  readonly onDraft: (text: string) => void;
  /** Null: without saving. */
  readonly onClose: (text: string | null) => void;
}

/** With these vi goes back from its commands to the text. */
const INSERTS = ['i', 'a', 'o', 'I', 'A', 'O'];

/**
 * What opens where a real terminal would show vi: the file that a command edits. Escape leads to a line for what hands
 * trained on vi go on with.
 */
export function FileEditor({ file, onDraft, onClose }: FileEditorProps) {
  const [text, setText] = useState(file.draft ?? file.text);
  const [written, setWritten] = useState<string | null>(null);
  const [command, setCommand] = useState('');
  const [message, setMessage] = useState('');
  const id = useId();
  const commandId = `${id}command`;
  const area = () => document.getElementById(id) as HTMLTextAreaElement | null;
  useEffect(() => {
    const field = document.getElementById(id) as HTMLTextAreaElement | null;
    field?.focus();
    field?.setSelectionRange(0, 0);
  }, [id]);
  const change = (changed: string) => {
    setText(changed);
    onDraft(changed);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.nativeEvent.isComposing) return;
    const field = area();
    const untouched = text === file.text && field?.selectionEnd === 0;
    if (event.key === 'i' && event.target === field && untouched && message === '') {
      // No manifest begins with it: it is how vi is told that what follows is text.
      event.preventDefault();
      setMessage('-- INSERT --');
    }
    if (event.key !== 'Escape') return;
    // Here it is vi's; the lab stays open.
    event.preventDefault();
    event.stopPropagation();
    setCommand('');
    document.getElementById(commandId)?.focus();
  };
  const onCommand = (event: FormEvent) => {
    event.preventDefault();
    if (command.trim() === '') return;
    const field = area();
    const cursor = field?.selectionStart ?? 0;
    const action = runViCommand(command, { text, opened: file.text, written, cursor });
    setCommand('');
    setMessage(action.does === 'say' ? action.message : '');
    if (action.does === 'close') onClose(action.text);
    else if (action.does === 'write') {
      setWritten(text);
      setMessage(`"${file.path}" ${text.replace(/\n$/, '').split('\n').length}L written`);
    } else if (action.does === 'go') showSelection(field, action.from, action.to);
  };
  return (
    <section className={styles.editor} aria-label={`파일 편집: ${file.path}`} onKeyDownCapture={onKeyDown}>
      <header className={styles.header}>
        <code className={styles.path}>{file.path}</code>
        <span className={styles.note}>바로 고친다. 편집하는 동안 시간은 멈춰 있다</span>
        <button type="button" className={styles.button} onClick={() => onClose(text)}>
          저장하고 닫기
        </button>
        <button type="button" className={styles.button} onClick={() => onClose(written)}>
          저장하지 않고 닫기
        </button>
      </header>
      <div className={styles.text} data-scroller>
        <CodeArea
          kind={/\.(?:ya?ml|json)$/.test(file.path) ? 'yaml' : 'bash'}
          code={text}
          label={`${file.path}의 내용`}
          inputId={id}
          onChange={change}
          onRun={() => onClose(text)}
        />
      </div>
      <form className={styles.commandLine} onSubmit={onCommand}>
        <input
          id={commandId}
          className={styles.command}
          aria-label="vi 명령. 저장하고 닫기는 :wq, 저장하지 않고 닫기는 :q!, 찾기는 /"
          placeholder="Esc → :wq 저장하고 닫기 · :q! 그냥 닫기 · /찾기 · i 다시 고치기"
          value={command}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          autoComplete="off"
          onChange={({ target }) => {
            setMessage('');
            if (INSERTS.includes(target.value)) {
              setCommand('');
              area()?.focus();
            } else if (/^Z[ZQ]$/.test(target.value)) onClose(target.value === 'ZZ' ? text : written);
            else setCommand(target.value);
          }}
        />
        <span className={styles.message} role="status">
          {message}
        </span>
      </form>
    </section>
  );
}

/** Selects it and scrolls there, which a text area as tall as its text does not do by itself. */
function showSelection(field: HTMLTextAreaElement | null, from: number, to: number): void {
  if (field === null) return;
  field.focus();
  field.setSelectionRange(from, to);
  const rows = field.value.split('\n').length;
  const row = field.value.slice(0, from).split('\n').length - 1;
  const scroller = field.closest('[data-scroller]');
  scroller?.scrollTo({ top: (field.scrollHeight * row) / rows - scroller.clientHeight / 3 });
}
