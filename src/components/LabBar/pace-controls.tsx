import clsx from 'clsx';
import { useLab, usePageLab } from '../../client/lab-context.tsx';
import { SPEEDS } from '../../client/waiting-time.ts';
import { Icon } from '../Icon/index.tsx';
import styles from './styles.module.css';

/** Stops simulated time, lets it go on, lets it go on to the next thing that happens, and says how fast. */
export function PaceControls({ compact = false }: { readonly compact?: boolean }) {
  const store = useLab();
  const { pace, passing, status, busy } = usePageLab();
  // A quiet cluster stands still by itself, unless the reader lets time go on.
  const moving = passing ?? (pace.mode === 'play' || (pace.mode === 'follow' && !status.quiet));
  return (
    <span className={styles.pace} role="group" aria-label="시뮬레이션 시간">
      <button
        type="button"
        className={styles.button}
        aria-label={moving ? '시간 멈추기' : '시간 흐르게 하기'}
        title={moving ? '시간 멈추기' : '시간 흐르게 하기'}
        onClick={() => store.setPace({ speed: pace.speed, mode: moving ? 'pause' : 'play' })}
      >
        <Icon name={moving ? 'pause' : 'play'} />
      </button>
      <button
        type="button"
        className={styles.button}
        aria-label="다음 일까지"
        title="다음 일이 일어날 때까지"
        disabled={busy || moving}
        onClick={() => void store.step()}
      >
        <Icon name="next" />
      </button>
      <label className={clsx(compact && styles.wide)}>
        <span className={styles.word}>속도 </span>
        <select
          className={styles.button}
          aria-label="속도"
          value={pace.speed}
          onChange={(event) => store.setPace({ ...pace, speed: Number(event.target.value) })}
        >
          {SPEEDS.map((speed) => (
            <option key={speed} value={speed}>
              {speed}×
            </option>
          ))}
        </select>
      </label>
    </span>
  );
}
