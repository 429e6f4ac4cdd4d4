import clsx from 'clsx';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ClusterEvent, StoredValue, TraceEvent } from '../../client/block.ts';
import { etcdChanges } from '../../client/etcd-changes.ts';
import { formatDuration } from '../../client/format.ts';
import type { ReplayLane, ReplayStep } from '../../client/replay-steps.ts';
import { REPLAY_LANES, replaySteps } from '../../client/replay-steps.ts';
import { ClusterEvents } from '../ClusterEvents/index.tsx';
import { EtcdKeys } from '../EtcdKeys/index.tsx';
import { Scrubber } from './scrubber.tsx';
import styles from './styles.module.css';
import { YamlPane } from './yaml-pane.tsx';

const LANE_NAMES: Readonly<Record<ReplayLane, string>> = {
  client: 'kubectl',
  apiserver: 'apiserver',
  etcd: 'etcd',
  scheduler: 'scheduler',
  controllers: 'controllers',
  kubelet: 'kubelet',
  runtime: 'runtime',
};

export interface ReplayProps {
  readonly trace: readonly TraceEvent[];
  readonly events: readonly ClusterEvent[];
  /** Where etcd stood before. */
  readonly revision: number;
  /** Which step is shown, from 1; missing: the last. */
  readonly step?: number | undefined;
  readonly onStep?: (step: number) => void;
  /** Reads a key as of a revision; missing while the cluster sleeps. */
  readonly readKey?: ((key: string, revision: number) => Promise<StoredValue>) | undefined;
}

/** What a command set off, step by step: picture, YAML, etcd and events go along with one slider. */
export default function Replay({ trace, events, revision, step, onStep, readKey }: ReplayProps) {
  const steps = useMemo(() => replaySteps(trace, revision), [trace, revision]);
  const [own, setOwn] = useState(step);
  const index = Math.min(Math.max((onStep === undefined ? own : step) ?? steps.length, 1), steps.length) - 1;
  const go = (next: number) => {
    setOwn(next);
    onStep?.(next);
  };
  if (steps.length === 0) return <p className={styles.empty}>아직 일어난 일이 없다.</p>;
  const current = steps[index]!;
  const until = trace.filter(({ sequence }) => sequence <= current.sequence);
  const now = until.at(-1)!.time;
  return (
    <div className={styles.replay}>
      <Scrubber count={steps.length} step={index + 1} text={describe(current)} onStep={go} />
      <div className={styles.panes}>
        <Picture steps={steps} current={index} onStep={go} />
        <div className={styles.side}>
          <YamlPane trace={until} current={current} readKey={readKey} />
          <section className={styles.pane} aria-label="etcd의 변화">
            <h4>etcd · rev {current.at}</h4>
            <EtcdKeys keys={etcdChanges(until)} />
          </section>
          <section className={styles.pane} aria-label="이벤트">
            <h4>이벤트</h4>
            <ClusterEvents events={events.filter(({ time }) => time <= now)} />
          </section>
        </div>
      </div>
    </div>
  );
}

function describe({ from, to, label, time }: ReplayStep): string {
  const way = from === to ? LANE_NAMES[from] : `${LANE_NAMES[from]} → ${LANE_NAMES[to]}`;
  return `+${formatDuration(time)} ${way}: ${label}`;
}

interface PictureProps {
  readonly steps: readonly ReplayStep[];
  readonly current: number;
  readonly onStep: (step: number) => void;
}

/** Arrows between lanes, one a step; what has not happened yet is pale. */
function Picture({ steps, current, onStep }: PictureProps) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const row = list.current?.children[current] as HTMLElement | undefined;
    const frame = list.current?.parentElement;
    if (row === undefined || frame == null) return;
    // Only the picture scrolls, not the page around it.
    const top = row.offsetTop - frame.clientHeight / 2;
    frame.scrollTo({ top });
  }, [current]);
  return (
    <div className={styles.picture} tabIndex={0} role="group" aria-label="순서 그림">
      <div className={styles.lanes} aria-hidden="true">
        {REPLAY_LANES.map((lane) => (
          <span key={lane}>{LANE_NAMES[lane]}</span>
        ))}
      </div>
      <ol ref={list} className={styles.steps}>
        {steps.map((step, index) => (
          <li
            key={index}
            className={clsx(index > current && styles.future)}
            aria-current={index === current ? 'step' : undefined}
          >
            <Arrow step={step} onClick={() => onStep(index + 1)} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function Arrow({ step, onClick }: { readonly step: ReplayStep; readonly onClick: () => void }) {
  const from = REPLAY_LANES.indexOf(step.from);
  const to = REPLAY_LANES.indexOf(step.to);
  const [left, right] = from <= to ? [from, to] : [to, from];
  return (
    <button
      type="button"
      className={clsx(
        styles.arrow,
        from === to ? styles.self : from < to ? styles.rightward : styles.leftward,
      )}
      data-refused={step.refused}
      style={{ '--from': left, '--to': right } as React.CSSProperties}
      tabIndex={-1}
      onClick={onClick}
    >
      <span className={styles.words}>
        {LANE_NAMES[step.from]}
        {from !== to && ` → ${LANE_NAMES[step.to]}`}
      </span>
      <span className={styles.label}>
        {step.label}
        {step.revision !== undefined && ` · rev ${step.revision}`}
      </span>
    </button>
  );
}
