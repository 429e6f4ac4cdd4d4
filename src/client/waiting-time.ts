import type { PendingWork } from '../worker/protocol.ts';

/** Simulated time in real time, as the reader may choose. */
export const SPEEDS = [0.5, 1, 2, 5, 10, 30, 100] as const;

/** How long the reader is to wait for something, in real milliseconds. */
const PATIENCE = 5000;
/** How far time goes for what cannot be told when it comes, in simulated milliseconds. */
const STRETCH = 60_000;
/** Whoever sees that something is due looks now and then: so much later it has happened. */
const REACTION = 6000;

/** Something that would come if time passed, in words, and how time should pass for it. */
export interface WaitingTime {
  /** "node01: NotReady까지 32초". */
  readonly text: string;
  /** Until when, in simulated milliseconds since the lab's start, and how fast. */
  readonly rush: { readonly until: number; readonly speed: number };
}

/**
 * What is said of work that is pending at `now`, soonest first; undefined if there is none. In a lab where nothing was
 * done yet (`untouched`), nobody waits for what comes at once and has no name.
 */
export function waitingTime(
  work: readonly PendingWork[],
  now: number,
  untouched: boolean,
): WaitingTime | undefined {
  const [first, ...rest] = work;
  if (first === undefined) return undefined;
  const { object, due } = first;
  const left = due === undefined ? undefined : Math.max(0, due - now);
  if (untouched && first.kind === 'timer' && (left ?? 0) === 0) return undefined;
  const about = object === '' ? '' : `${object}: `;
  const more = rest.length > 0 ? ` 외 ${rest.length}건` : '';
  const text = about + describe(first, left === undefined ? undefined : Math.ceil(left / 1000)) + more;
  const stretch = left === undefined ? STRETCH : left + REACTION;
  const speed = SPEEDS.find((one) => one >= 1 && stretch / one <= PATIENCE) ?? SPEEDS.at(-1)!;
  return { text, rush: { until: now + stretch, speed } };
}

function describe({ kind, status = '' }: PendingWork, seconds: number | undefined): string {
  const until = (what: string) =>
    seconds === undefined || seconds === 0 ? what : `${what}까지 ${seconds}초`;
  switch (kind) {
    case 'not-ready':
      return until('NotReady');
    case 'eviction':
      return until('축출');
    case 'termination':
      return until('종료');
    case 'run':
      return until('다음 실행');
    case 'timer':
      return (seconds ?? 0) === 0 ? '클러스터에 하던 일이 남아 있다' : until('예정된 일');
    case 'start':
    case 'retry':
      return status;
  }
}
