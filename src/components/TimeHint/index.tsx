import { useEffect, useState } from 'react';
import { useLab, usePageLab } from '../../client/lab-context.tsx';
import { useAnswer } from '../../client/use-answer.ts';
import { waitingTime } from '../../client/waiting-time.ts';
import { Icon } from '../Icon/index.tsx';
import styles from './styles.module.css';

/** Time has stood for so long, in real milliseconds, before something is said of it. */
const PATIENCE = 1000;

/** One line, where time stands and something would come if it passed: what, and a button that lets it pass. */
export function TimeHint() {
  const { passing, status } = usePageLab();
  const stands = passing === false;
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    if (!stands) return;
    const timer = setTimeout(() => setWaited(true), PATIENCE);
    return () => {
      clearTimeout(timer);
      setWaited(false);
    };
  }, [stands, status.time, status.revision]);
  return (
    <div className={styles.hint} role="status">
      {stands && waited && <Line />}
    </div>
  );
}

function Line() {
  const store = useLab();
  const { pace, status, timeline } = usePageLab();
  const { answer = [] } = useAnswer('pending', {}, `${status.revision} ${status.time}`);
  const waiting = waitingTime(answer, status.time, timeline.position === 0);
  if (waiting === undefined) return null;
  const { text, rush } = waiting;
  return (
    <p className={styles.line}>
      <span>시간이 멈춰 있다 · {text}</span>
      <button type="button" className={styles.button} onClick={() => store.setPace({ ...pace, rush })}>
        <Icon name="play" /> {rush.speed}배로 흐르게 하기
      </button>
    </p>
  );
}
