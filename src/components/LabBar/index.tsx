import { formatClock } from '../../client/format.ts';
import { useLab, usePageLab } from '../../client/lab-context.tsx';
import styles from './styles.module.css';

/** Where the page's cluster stands; there once it is awake. */
export function LabBar() {
  const store = useLab();
  const { awake, busy, status, undoable } = usePageLab();
  if (!awake) return null;
  return (
    <div className={styles.bar} role="group" aria-label="이 페이지의 클러스터">
      <span>
        클러스터 <b>{undoable && status.revision === 0 ? '초기화됨' : `rev ${status.revision}`}</b>
      </span>
      <span title="클러스터를 켠 뒤 지난 시뮬레이션 시간">
        시각 <b>{formatClock(status.time)}</b>
      </span>
      <span className={styles.space} />
      {undoable ? (
        <button type="button" className={styles.button} onClick={() => store.undoReset()}>
          초기화 취소
        </button>
      ) : (
        <button type="button" className={styles.button} disabled={busy} onClick={() => store.reset()}>
          초기화
        </button>
      )}
    </div>
  );
}
