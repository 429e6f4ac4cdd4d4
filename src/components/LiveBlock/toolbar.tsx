import { useEffect, useRef, useState } from 'react';
import styles from './styles.module.css';

/** How long something can be taken back, in real milliseconds. */
const UNDO_TIME = 10_000;

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
  /** They give what takes them back. */
  readonly onRevert: () => () => void;
  readonly onClear: () => () => void;
  readonly onHelp: () => void;
}

/** What can be done with a block. Hidden, but with its place kept, until the page can do it. */
export function Toolbar(props: ToolbarProps) {
  const { name, running, editing, edited, onRun, onStop, onEdit, onCopy, onShare } = props;
  const { onRevert, onClear, onHelp } = props;
  const [undo, setUndo] = useState<{ readonly title: string; readonly take: () => void } | undefined>();
  useEffect(() => {
    if (undo === undefined) return;
    const timer = setTimeout(() => setUndo(undefined), UNDO_TIME);
    return () => clearTimeout(timer);
  }, [undo]);
  // What runs next stands in the place of what could be taken back.
  if (running && undo !== undefined) setUndo(undefined);
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
        <button
          type="button"
          onClick={() => setUndo({ title: '되돌리기 취소', take: onRevert() })}
          disabled={!edited}
        >
          코드 되돌리기
        </button>
        <button type="button" onClick={() => setUndo({ title: '지우기 취소', take: onClear() })}>
          출력 지우기
        </button>
        <button type="button" onClick={onHelp}>
          단축키
        </button>
      </Menu>
      {undo !== undefined && (
        <button
          type="button"
          className={styles.undo}
          aria-label={`${name} ${undo.title}`}
          onClick={() => {
            undo.take();
            setUndo(undefined);
          }}
        >
          {undo.title}
        </button>
      )}
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
  const [said, setSaid] = useState('');
  const copy = async () => {
    // A page that was not fetched over TLS has no clipboard, and a browser may refuse one.
    setSaid(
      await onCopy().then(
        () => done,
        () => '복사하지 못함',
      ),
    );
    setTimeout(() => setSaid(''), 2000);
  };
  return (
    <button type="button" onClick={() => void copy()} aria-label={`${name} ${title}`}>
      {said === '' ? title : said}
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
