import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../worker/protocol.ts';
import { blocksUntil, describeEntry, EMPTY_TIMELINE, extend, moveTo, switchTo } from './timeline.ts';

const entry = (line: string, at: number, block?: string): LogEntry => ({
  ...{ at, user: 'u', kind: 'bash', line, stdin: '' },
  ...(block !== undefined && { block }),
});
const LOG = [entry('a', 0, 'one'), entry('b', 5, 'two'), entry('c', 9)];

describe('a timeline', () => {
  it('goes on at its end', () => {
    const timeline = extend(extend(EMPTY_TIMELINE, LOG.slice(0, 1)), LOG);
    expect(timeline).toEqual({ entries: LOG, position: 3, forks: [] });
  });

  it('keeps its future when it is rewound, and forks when something runs there', () => {
    const rewound = moveTo(extend(EMPTY_TIMELINE, LOG), 1);
    expect(rewound).toEqual({ entries: LOG, position: 1, forks: [] });
    const other = [LOG[0]!, entry('z', 7)];
    expect(extend(rewound, other)).toEqual({ entries: other, position: 2, forks: [LOG] });
  });

  it('keeps what another log would lose, and nothing twice', () => {
    const timeline = extend(EMPTY_TIMELINE, LOG);
    expect(switchTo(timeline, []).forks).toEqual([LOG]);
    expect(switchTo(timeline, [...LOG, entry('d', 12)]).forks).toEqual([]);
    const back = switchTo(switchTo(timeline, []), LOG);
    expect(back).toEqual({ entries: LOG, position: 3, forks: [] });
  });

  it('stays within its log', () => {
    expect(moveTo(extend(EMPTY_TIMELINE, LOG), 99).position).toBe(3);
    expect(moveTo(extend(EMPTY_TIMELINE, LOG), -1).position).toBe(0);
  });

  it('knows which blocks show what is still so', () => {
    expect([...blocksUntil(LOG, 1)]).toEqual(['one']);
    expect([...blocksUntil([...LOG, entry('a', 12, 'one')], 3)]).toEqual(['two']);
  });

  it('says in one line what was done', () => {
    expect(describeEntry(entry('kubectl get pods\nsleep 1', 0))).toBe('kubectl get pods');
    expect(describeEntry({ ...LOG[0]!, kind: 'component', line: 'stop etcd controlplane' })).toBe(
      'etcd(controlplane)를 멈춤',
    );
  });
});
