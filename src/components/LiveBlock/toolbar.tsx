import { useEffect, useRef, useState } from 'react';
import styles from './styles.module.css';

export interface ToolbarProps {
  readonly name: string;
  readonly running: boolean;
  readonly editing: boolean;
  readonly edited: boolean;
  readonly onRun: () => void;
  readonly onStop: () => void;
  readonly onEdit: () => void;
  readonly onCopy: () => Promise<void>;
  readonly onShare: () => Promise<void>;
  readonly onRevert: () => void;
  readonly onClear: () => void;
}

/** What can be done with a block. Hidden, but with its place kept, until the page can do it. */
export function Toolbar(props: ToolbarProps) {
  const { name, running, editing, edited, onRun, onStop, onEdit, onCopy, onShare, onRevert, onClear } = props;
  return (
    <div className={styles.toolbar}>
      {running ? (
        <button type="button" className={styles.run} onClick={onStop} aria-label={`${name} 중지`}>
          ■ 중지
        </button>
      ) : (
        <button type="button" className={styles.run} onClick={onRun} aria-label={`${name} 실행`}>
          ▶ 실행
        </button>
      )}
      <button type="button" onClick={onEdit} aria-pressed={editing} aria-label={`${name} 편집`}>
        편집
      </button>
      <CopyButton title="복사" done="복사함" name={name} onCopy={onCopy} />
      <CopyButton title="공유" done="링크 복사함" name={name} onCopy={onShare} />
      <Menu name={name}>
        <button type="button" onClick={onRevert} disabled={!edited}>
          코드 되돌리기
        </button>
        <button type="button" onClick={onClear}>
          출력 지우기
        </button>
      </Menu>
    </div>
  );
}

interface CopyButtonProps {
  readonly title: string;
  readonly done: string;
  readonly name: string;
  readonly onCopy: () => Promise<void>;
}

/** Says for a while that it was done. */
function CopyButton({ title, done, name, onCopy }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await onCopy();
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <button type="button" onClick={() => void copy()} aria-label={`${name} ${title}`}>
      {copied ? done : title}
    </button>
  );
}

function Menu({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const menu = details.current;
      if (menu?.open !== true) return;
      const escaped = event instanceof KeyboardEvent && event.key === 'Escape';
      if (escaped) menu.querySelector('summary')?.focus();
      const outside = event.type === 'click' && !menu.contains(event.target as Node);
      if (escaped || outside) menu.open = false;
    };
    document.addEventListener('click', close);
    document.addEventListener('keydown', close);
    return () => {
      document.removeEventListener('click', close);
      document.removeEventListener('keydown', close);
    };
  }, []);
  const onClick = () => {
    if (details.current !== null) details.current.open = false;
  };
  return (
    <details ref={details} className={styles.menu}>
      <summary aria-label={`${name}: 다른 동작`}>⋯</summary>
      <div className={styles.items} onClick={onClick}>
        {children}
      </div>
    </details>
  );
}
