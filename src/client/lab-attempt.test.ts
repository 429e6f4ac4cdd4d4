import { describe, expect, it } from 'vitest';
import type { Grade } from '../worker/protocol.ts';
import type { AttemptStorage } from './lab-attempt.ts';
import { LabAttempt } from './lab-attempt.ts';
import type { LabStore } from './lab-store.ts';
import type { TerminalItem } from './terminal.ts';

const GRADE: Grade = { earned: 80, passed: true, checks: [] };

function setUp({ grade = () => Promise.resolve(GRADE), exits = new Map<string, number>() } = {}) {
  const kept = new Map<string, unknown>();
  const done: string[] = [];
  const items: TerminalItem[] = [];
  const storage: AttemptStorage = {
    load: (key) => Promise.resolve(kept.get(key) as object | undefined),
    save: (key, value) => Promise.resolve(void kept.set(key, value)),
  };
  let pace = { mode: 'follow', speed: 1 } as const;
  const store = {
    path: '/lab/',
    page: () => ({ timeline: { position: 3 }, pace }) as unknown as ReturnType<LabStore['page']>,
    grade,
    reset: () => void done.push('reset'),
    warm: () => void done.push('warm'),
    setPace: (next: typeof pace) => {
      pace = next;
      done.push(`speed ${next.speed}`);
    },
  };
  const terminal = {
    run: (line: string) => {
      done.push(line);
      items.push({ prompt: '# ', line, chunks: [], exit: exits.get(line) ?? 0 });
      return Promise.resolve();
    },
    interrupt: () => void done.push('interrupt'),
    clear: () => void done.push('clear'),
    read: () => ({ items, running: false, file: undefined }),
  };
  const make = () => new LabAttempt(store, terminal, storage);
  return { make, done, kept };
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

describe('LabAttempt', () => {
  it('keeps hints and the last grade, with where it was graded', async () => {
    const { make } = setUp();
    const attempt = make();
    attempt.showHint();
    const grading = attempt.grade();
    expect(attempt.read().doing).toBe('grade');
    await grading;
    const again = make();
    await settled();
    expect(again.read()).toEqual({
      ...{ hints: 1, grade: GRADE, gradedAt: 3, solved: false },
      ...{ doing: undefined, failure: '' },
    });
  });

  it('says why it cannot be graded', async () => {
    const { make } = setUp({ grade: () => Promise.reject(new Error('워커를 시작하지 못했다.')) });
    const attempt = make();
    await attempt.grade();
    expect(attempt.read()).toMatchObject({
      failure: '워커를 시작하지 못했다.',
      grade: undefined,
      doing: undefined,
    });
  });

  it('starts over with the hints that were seen', async () => {
    const { make, done } = setUp();
    const attempt = make();
    attempt.showHint();
    await attempt.grade();
    attempt.startOver();
    expect(attempt.read()).toMatchObject({ hints: 1, grade: undefined, gradedAt: 0 });
    expect(done).toEqual(['reset', 'clear', 'warm']);
  });

  it('plays the solution from the beginning, fast, and remembers that it did', async () => {
    const { make, done } = setUp();
    const attempt = make();
    await attempt.playSolution(['crictl ps', 'sleep 40']);
    expect(done).toEqual(['reset', 'clear', 'warm', 'speed 20', 'crictl ps', 'sleep 40', 'speed 1']);
    expect(attempt.read()).toMatchObject({ solved: true, doing: undefined });
    attempt.startOver();
    expect(attempt.read().solved).toBe(false);
  });

  it('ends the solution where a line is interrupted', async () => {
    const { make, done } = setUp({ exits: new Map([['sleep 40', 130]]) });
    await make().playSolution(['sleep 40', 'kubectl get nodes']);
    expect(done).not.toContain('kubectl get nodes');
  });

  it('ends the solution when asked to', async () => {
    const { make, done } = setUp();
    const attempt = make();
    const playing = attempt.playSolution(['sleep 40', 'kubectl get nodes']);
    attempt.stopSolution();
    await playing;
    expect(done).toContain('interrupt');
    expect(done).not.toContain('kubectl get nodes');
  });
});
