import { useEffect, useState } from 'react';
import type { IconName } from '../Icon/index.tsx';
import { Icon } from '../Icon/index.tsx';
import styles from './styles.module.css';

/** Real milliseconds of a step at 1×. */
const STEP_TIME = 900;
const SPEEDS = [0.5, 1, 2, 4] as const;

export interface ScrubberProps {
  readonly count: number;
  /** From 1. */
  readonly step: number;
  /** The step in words. */
  readonly text: string;
  readonly onStep: (step: number) => void;
}

/** To the first step, back, play, on, to the last; a speed, and a slider that says the step in words. */
export function Scrubber({ count, step, text, onStep }: ScrubberProps) {
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  useEffect(() => {
    if (!playing) return;
    if (step >= count) return setPlaying(false);
    const timer = setTimeout(() => onStep(step + 1), STEP_TIME / speed);
    return () => clearTimeout(timer);
  }, [playing, step, count, speed, onStep]);
  const button = (icon: IconName, name: string, to: number, disabled: boolean) => (
    <button
      type="button"
      className={styles.button}
      aria-label={name}
      title={name}
      disabled={disabled}
      onClick={() => {
        setPlaying(false);
        onStep(to);
      }}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <div className={styles.scrubber} role="group" aria-label="단계 이동">
      {button('first', '처음 단계', 1, step <= 1)}
      {button('back', '앞 단계', step - 1, step <= 1)}
      <button
        type="button"
        className={styles.button}
        aria-label={playing ? '재생 멈추기' : '재생'}
        title={playing ? '재생 멈추기' : '재생'}
        onClick={() => {
          if (!playing && step >= count) onStep(1);
          setPlaying(!playing);
        }}
      >
        <Icon name={playing ? 'pause' : 'play'} />
      </button>
      {button('forward', '다음 단계', step + 1, step >= count)}
      {button('next', '마지막 단계', count, step >= count)}
      <select
        className={styles.button}
        aria-label="재생 속도"
        value={speed}
        onChange={(event) => setSpeed(Number(event.target.value))}
      >
        {SPEEDS.map((value) => (
          <option key={value} value={value}>
            {value}×
          </option>
        ))}
      </select>
      <input
        type="range"
        className={styles.range}
        aria-label="단계"
        aria-valuetext={`${step}/${count} ${text}`}
        min={1}
        max={count}
        value={step}
        onChange={(event) => {
          setPlaying(false);
          onStep(Number(event.target.value));
        }}
      />
      <span className={styles.text}>
        {step}/{count} {text}
      </span>
    </div>
  );
}
