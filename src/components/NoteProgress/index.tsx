import { useEffect, useState } from 'react';
import type { NoteProgress as Progress } from '../../client/note-progress.ts';
import { loadProgress, watchProgress } from '../../client/note-progress.ts';
import { PASS_POINTS } from '../../labs/scenario.ts';
import styles from './styles.module.css';

/** How many of a note's live blocks the reader has run; its place is kept while that is not known. */
export function NoteProgress({ path }: { readonly path: string }) {
  const [progress, setProgress] = useState<Progress | undefined>();
  useEffect(() => {
    let current = true;
    const read = () => void loadProgress(path).then((loaded) => current && setProgress(loaded));
    read();
    const unwatch = watchProgress(read);
    return () => {
      current = false;
      unwatch();
    };
  }, [path]);
  if (progress === undefined) return <span className={styles.progress} />;
  const { ran, total, score } = progress;
  if (score !== undefined) {
    return (
      <span className={styles.progress} data-done={score >= PASS_POINTS}>
        <span aria-hidden="true">{score >= PASS_POINTS ? `✓ ${score}점` : `${score}점`}</span>
        <span className={styles.spoken}>{`, 가장 높은 점수 ${score}점`}</span>
      </span>
    );
  }
  const done = ran.length >= total;
  return (
    <span className={styles.progress} data-done={done}>
      <span aria-hidden="true">{done ? `✓ ${total}` : `${ran.length}/${total}`}</span>
      <span className={styles.spoken}>
        {done ? `, 블록 ${total}개를 모두 실행함` : `, 블록 ${total}개 가운데 ${ran.length}개 실행함`}
      </span>
    </span>
  );
}
