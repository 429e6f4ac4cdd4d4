import { useEffect, useState } from 'react';
import type { SavedLab } from '../../client/command-log.ts';
import { useLab } from '../../client/lab-context.tsx';
import { fromFragment } from '../../client/share-link.ts';
import { describeEntry } from '../../client/timeline.ts';
import styles from './styles.module.css';

export interface SharedOfferProps {
  readonly fragment: string;
  readonly onDone: () => void;
}

/** Says what a link carries. Nothing of it is taken before the reader wants it, and nothing runs by itself. */
export default function SharedOffer({ fragment, onDone }: SharedOfferProps) {
  const store = useLab();
  const [lab, setLab] = useState<SavedLab | undefined>();
  const [failure, setFailure] = useState('');
  useEffect(() => {
    let current = true;
    fromFragment(fragment).then(
      (read) => current && setLab(read),
      (error: Error) => current && setFailure(error.message),
    );
    return () => {
      current = false;
    };
  }, [fragment]);
  const take = (shared: SavedLab) => {
    try {
      store.load(shared);
      onDone();
      showFirst(Object.keys(shared.edits));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <section className={styles.offer} aria-label="공유된 실습">
      {failure !== '' && <p role="alert">{failure}</p>}
      {lab !== undefined && failure === '' && (
        <>
          <p>
            <b>공유된 실습</b>을 담은 링크다: 고친 블록 {Object.keys(lab.edits).length}개, 명령{' '}
            {lab.entries.length}
            개. 불러와도 바로 실행되지는 않는다.
          </p>
          <details>
            <summary>무엇이 들어 있나</summary>
            <ul>
              {Object.entries(lab.edits).map(([id, code]) => (
                <li key={id}>
                  <b>{store.titleOf(id)}</b>: <code>{code.slice(0, 500)}</code>
                </li>
              ))}
              {lab.entries.slice(0, 100).map((entry, index) => (
                <li key={index}>
                  <code>{describeEntry(entry).slice(0, 500)}</code>
                </li>
              ))}
            </ul>
          </details>
        </>
      )}
      <p className={styles.actions}>
        {lab !== undefined && failure === '' && (
          <button type="button" className={styles.button} onClick={() => take(lab)}>
            불러오기
          </button>
        )}
        <button type="button" className={styles.button} onClick={onDone}>
          닫기
        </button>
      </p>
    </section>
  );
}

/** Scrolls to the topmost of the blocks that the link changed: that is what somebody wanted to show. */
function showFirst(ids: readonly string[]): void {
  const blocks = ids.flatMap((id) => document.getElementById(id) ?? []);
  const tops = blocks.map((block) => block.getBoundingClientRect().top);
  blocks[tops.indexOf(Math.min(...tops))]?.scrollIntoView({ block: 'center' });
}
