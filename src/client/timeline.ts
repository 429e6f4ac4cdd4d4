import type { LogEntry } from '../worker/protocol.ts';

/** How many branches are kept that a fork left behind. */
const FORKS = 5;

/**
 * What was run in a lab, and where in it the lab stands: after the first `position` entries. Those behind it are
 * the future of a lab that was rewound; a command that is run there forks.
 */
export interface Timeline {
  readonly entries: readonly LogEntry[];
  readonly position: number;
  /** Logs that forks left behind, newest first. */
  readonly forks: readonly (readonly LogEntry[])[];
}

export const EMPTY_TIMELINE: Timeline = { entries: [], position: 0, forks: [] };

/** The timeline after `log` has run: it goes on, or forks off if it was run in the past. */
export function extend(timeline: Timeline, log: readonly LogEntry[]): Timeline {
  const forked = timeline.position < timeline.entries.length;
  const forks = forked ? [timeline.entries, ...timeline.forks].slice(0, FORKS) : timeline.forks;
  return { entries: log, position: log.length, forks };
}

/** The same log, seen from another place in it. */
export function moveTo(timeline: Timeline, position: number): Timeline {
  return { ...timeline, position: Math.min(Math.max(position, 0), timeline.entries.length) };
}

/** Another log in place of this one, which is kept as a fork if it has anything that the other lacks. */
export function switchTo(timeline: Timeline, entries: readonly LogEntry[]): Timeline {
  const others = timeline.forks.filter((fork) => fork !== entries);
  const lost = timeline.entries.length > 0 && !isPrefix(timeline.entries, entries);
  return {
    entries,
    position: entries.length,
    forks: (lost ? [timeline.entries, ...others] : others).slice(0, FORKS),
  };
}

function isPrefix(short: readonly LogEntry[], long: readonly LogEntry[]): boolean {
  return short.length <= long.length && short.every((entry, index) => isSame(entry, long[index]!));
}

function isSame(a: LogEntry, b: LogEntry): boolean {
  const parts = ({ at, kind, line, stdin, input }: LogEntry) =>
    JSON.stringify([at, kind, line, stdin, input]);
  return parts(a) === parts(b);
}

/** Blocks whose last run is among the first `position` entries: what they show is still so. */
export function blocksUntil(entries: readonly LogEntry[], position: number): ReadonlySet<string> {
  const blocks = new Set<string>();
  for (const [index, { block }] of entries.entries()) {
    if (block === undefined) continue;
    if (index < position) blocks.add(block);
    else blocks.delete(block);
  }
  return blocks;
}

/** One line on what an entry did. */
export function describeEntry(entry: LogEntry | undefined): string {
  if (entry === undefined) return '';
  const { kind, line } = entry;
  if (kind === 'component') {
    const [action, name, machine] = line.split(' ');
    return `${name}(${machine})를 ${action === 'stop' ? '멈춤' : '시작함'}`;
  }
  const first = line.trim().split('\n', 1)[0] ?? '';
  return kind === 'ts' ? `TS: ${first}` : first;
}
