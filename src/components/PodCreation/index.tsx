import clsx from 'clsx';
import { useMemo } from 'react';
import { formatDuration } from '../../client/format.ts';
import { usePageLab } from '../../client/lab-context.tsx';
import type { CreationMark, Lane, PodCreation as Creation } from '../../client/pod-creation.ts';
import { LANES, tracePodCreation } from '../../client/pod-creation.ts';
import styles from './styles.module.css';

const LANE_NAMES: Readonly<Record<Lane, string>> = {
  client: 'kubectl',
  apiserver: 'kube-apiserver',
  etcd: 'etcd',
  scheduler: 'kube-scheduler',
  kubelet: 'kubelet',
  runtime: '컨테이너 런타임',
};

export interface PodCreationProps {
  /** The note's own sentences and what the trace said at build time, as the remark plugin writes them. */
  readonly sentences?: string;
  readonly prerendered?: string;
}

/**
 * The note's steps of a pod's creation, lit by the trace of the pod that was created last on this page.
 */
export function PodCreation({ sentences = '[]', prerendered }: PodCreationProps) {
  const { trace } = usePageLab();
  const live = useMemo(() => tracePodCreation(trace), [trace]);
  const creation = live ?? (prerendered === undefined ? undefined : (JSON.parse(prerendered) as Creation));
  const texts = JSON.parse(sentences) as string[];
  return (
    <section className={styles.picture} aria-label="파드 생성 과정">
      <p className={styles.title}>
        {creation === undefined ? (
          '아직 만든 파드가 없다.'
        ) : (
          <>
            <code>
              {creation.namespace}/{creation.name}
            </code>
            {creation.node !== undefined && ` → ${creation.node}`}
            {live === undefined && ' · 미리 계산된 결과'}
          </>
        )}
      </p>
      <div className={styles.lanes} aria-hidden="true">
        {LANES.map((lane) => (
          <span key={lane}>{LANE_NAMES[lane]}</span>
        ))}
      </div>
      <ol className={styles.steps}>
        {texts.map((text, index) => (
          <Step key={index} number={index + 1} text={text} marks={creation?.steps[index] ?? []} />
        ))}
      </ol>
    </section>
  );
}

function Step(props: {
  readonly number: number;
  readonly text: string;
  readonly marks: readonly CreationMark[];
}) {
  const { number, text, marks } = props;
  const reached = marks.length > 0;
  return (
    <li className={clsx(styles.step, reached && styles.reached)}>
      <p className={styles.sentence}>
        <span className={styles.number}>
          {number}
          <span className={styles.hidden}>{reached ? '단계, 일어남: ' : '단계, 아직: '}</span>
        </span>
        {text}
      </p>
      {groupMarks(marks).map((mark) => (
        <Arrow key={mark.sequence} mark={mark} />
      ))}
    </li>
  );
}

/** One arrow between two lanes, or a mark on one; on narrow screens a line of words. */
function Arrow({ mark }: { readonly mark: Grouped }) {
  const from = LANES.indexOf(mark.from);
  const to = LANES.indexOf(mark.to);
  const [left, right] = from <= to ? [from, to] : [to, from];
  const self = from === to;
  return (
    <div className={styles.row}>
      <span className={styles.time}>+{formatDuration(mark.time)}</span>
      <span className={styles.words}>
        {LANE_NAMES[mark.from]}
        {!self && ` → ${LANE_NAMES[mark.to]}`}
      </span>
      <span
        className={clsx(styles.arrow, self ? styles.self : from < to ? styles.rightward : styles.leftward)}
        style={{ '--from': left, '--to': right } as React.CSSProperties}
      >
        <span className={styles.label}>
          {mark.label}
          {mark.revision !== undefined && ` · rev ${mark.revision}`}
          {mark.times > 1 && ` ×${mark.times}`}
        </span>
      </span>
    </div>
  );
}

interface Grouped extends CreationMark {
  readonly times: number;
}

/** Marks that say the same are one: the last of them, and how many there were. */
function groupMarks(marks: readonly CreationMark[]): Grouped[] {
  const groups = new Map<string, Grouped>();
  for (const mark of marks) {
    const key = `${mark.from} ${mark.to} ${mark.label}`;
    groups.set(key, { ...mark, times: (groups.get(key)?.times ?? 0) + 1 });
  }
  return [...groups.values()];
}
