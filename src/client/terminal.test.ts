import { describe, expect, it, vi } from 'vitest';
import type { LogEntry, RunResult, TypedText } from '../worker/protocol.ts';
import type { Listeners } from './lab-client.ts';
import type { ReplayedCommand } from './lab-store.ts';
import { applyCompletion, TerminalSession } from './terminal.ts';
import { EMPTY_TIMELINE, extend, moveTo, switchTo } from './timeline.ts';

describe('applyCompletion', () => {
  it.each([
    ['finishes a single one', 'kubectl g', 9, 8, ['get'], 'kubectl get ', 12],
    ['leaves a path open', 'ls /et', 6, 3, ['/etc/'], 'ls /etc/', 8],
    [
      'puts in what all have in common',
      'kubectl get po',
      14,
      12,
      ['pods', 'podtemplates'],
      'kubectl get pod',
      15,
    ],
    ['keeps what stands behind the cursor', 'kubectl g pods', 9, 8, ['get'], 'kubectl get  pods', 12],
    ['changes nothing where there is nothing', 'foo x', 5, 4, [], 'foo x', 5],
  ] as const)('%s', (_, line, cursor, from, candidates, expected, place) => {
    expect(applyCompletion(line, cursor, { from, candidates })).toMatchObject({
      line: expected,
      cursor: place,
    });
  });
});

/** A lab whose commands end when the test says so. */
function setUp() {
  const runs: {
    line: string;
    listeners: Listeners;
    end: (result: RunResult) => void;
    fail: (error: Error) => void;
  }[] = [];
  let stopped = 0;
  const typed: TypedText[] = [];
  const page = {
    status: { prompt: '# ' },
    timeline: EMPTY_TIMELINE,
    generation: 0,
    replayed: [] as readonly ReplayedCommand[],
  };
  let tell = () => {};
  /** What the lab's store says from now on. */
  const change = (news: Partial<typeof page>) => {
    Object.assign(page, news);
    tell();
  };
  const session = new TerminalSession({
    page: () => page as never,
    subscribe: (listener) => {
      tell = listener;
      return () => {};
    },
    runLine: (line, listeners) =>
      new Promise((end, fail) => {
        runs.push({ line, listeners, end, fail });
      }),
    type: (text) => void typed.push(text),
    stop: () => void stopped++,
    ask: () => Promise.reject(new Error('not asked')),
  });
  const result = (text: string, exit = 0) =>
    ({
      exit,
      stderr: exit === 0 ? '' : text,
      outputs: [{ prompt: '#', line: '', exit, chunks: [{ stream: 'stdout', text }] }],
      activity: { trace: [] },
    }) as unknown as RunResult;
  /** Runs a line to its end, as one entry of the log. */
  const ran = async (line: string, text = `${line}\n`) => {
    const running = session.run(line);
    page.timeline = extend(page.timeline, [...page.timeline.entries, entryOf(line)]);
    runs.at(-1)!.end(result(text));
    await running;
  };
  const screen = () => session.read().items.map(({ line, undone = false }) => (undone ? `(${line})` : line));
  return { session, runs, result, typed, stopped: () => stopped, page, change, ran, screen };
}

const entryOf = (line: string): LogEntry => ({
  at: 0,
  user: 'kubernetes-admin',
  kind: 'bash',
  line,
  stdin: '',
});
const replayedOf = (entry: LogEntry, stderr = ''): ReplayedCommand => ({
  entry,
  output: {
    ...{ prompt: '#', line: entry.line, exit: stderr === '' ? 0 : 1 },
    chunks: [{ stream: 'stderr', text: stderr }],
  },
  trace: [],
});

describe('TerminalSession', () => {
  it('shows output as it comes, and the whole of it at the end', async () => {
    const { session, runs, result } = setUp();
    const running = session.run('date');
    runs[0]!.listeners.onOutput!({ stream: 'stdout', text: 'Mon' });
    expect(session.read()).toMatchObject({
      running: true,
      items: [{ line: 'date', chunks: [{ text: 'Mon' }] }],
    });
    runs[0]!.end(result('Monday\n'));
    await running;
    expect(session.read()).toMatchObject({
      running: false,
      items: [{ exit: 0, chunks: [{ text: 'Monday\n' }] }],
    });
    expect(session.history).toEqual(['date']);
  });

  it('explains what was refused', async () => {
    const { session, runs, result } = setUp();
    for (const [text, hint] of [
      ['bash: pods: command not found\n', '셸에 그런 명령이 없다'],
      ['who knows why\n', undefined],
    ] as const) {
      const running = session.run('파드');
      runs.at(-1)!.end(result(text, 127));
      await running;
      if (hint === undefined) expect(session.read().items.at(-1)).not.toHaveProperty('hint');
      else expect(session.read().items.at(-1)!.hint).toContain(hint);
    }
  });

  it('opens a file and gives back what it became', async () => {
    const { session, runs, result } = setUp();
    const running = session.run('vi x');
    const edited = runs[0]!.listeners.onEdit!('/root/x', 'old');
    expect(session.read().file).toEqual({ path: '/root/x', text: 'old' });
    session.closeFile('new');
    expect(await edited).toBe('new');
    expect(session.read().file).toBeUndefined();
    runs[0]!.end(result(''));
    await running;
  });

  it('interrupts what runs, and only that', async () => {
    const { session, runs, result, typed, stopped } = setUp();
    session.interrupt();
    expect(typed).toEqual([]);
    const running = session.run('vi x');
    session.interrupt();
    expect(typed).toEqual(['\x03']);
    expect(stopped()).toBe(0);
    void runs[0]!.listeners.onEdit!('/root/x', 'old');
    session.interrupt();
    expect(stopped()).toBe(1);
    runs[0]!.end(result('', 130));
    await running;
  });

  it('gives a command what is typed, and runs what it did not read', async () => {
    const { session, runs, result, typed } = setUp();
    const running = session.run('read x');
    session.type('a\n');
    session.type('\n');
    session.type('date\n');
    session.type('cal\n');
    runs[0]!.end({ ...result(''), typedRead: 1 });
    await vi.waitFor(() => expect(runs).toHaveLength(2));
    expect(runs[1]!.line).toBe('date');
    expect(typed).toEqual(['a\n', '\n', 'date\n', 'cal\n', 'cal\n']);
    runs[1]!.end({ ...result(''), typedRead: 1 });
    await running;
    expect(runs).toHaveLength(2);
    expect(session.read().items.map(({ line }) => line)).toEqual(['read x', '', 'date']);
  });

  it('forgets what was typed ahead when it is interrupted', async () => {
    const { session, runs, result } = setUp();
    const running = session.run('sleep 100');
    session.type('date\n');
    session.interrupt();
    session.type('cal\n');
    runs[0]!.end({ ...result('', 130), typedRead: 0 });
    await vi.waitFor(() => expect(runs).toHaveLength(2));
    expect(runs[1]!.line).toBe('cal');
    runs[1]!.end(result(''));
    await running;
  });

  it('says why the lab failed, and goes on', async () => {
    const { session, runs } = setUp();
    const running = session.run('x');
    runs[0]!.fail(new Error('응답이 없다'));
    await running;
    expect(session.read().items[0]).toMatchObject({
      exit: 1,
      chunks: [{ stream: 'note', text: '응답이 없다' }],
    });
  });

  it('marks what the lab was taken back from, until it has happened again', async () => {
    const { page, change, ran, screen } = setUp();
    for (const line of ['a', 'b', 'c']) await ran(line);
    const whole = page.timeline;
    change({ timeline: moveTo(whole, 1) });
    expect(screen()).toEqual(['a', '(b)', '(c)']);
    page.timeline = { ...page.timeline, entries: page.timeline.entries.slice(0, 1) };
    await ran('d');
    expect(screen()).toEqual(['a', '(b)', '(c)', 'd']);
    change({ timeline: whole });
    expect(screen()).toEqual(['a', 'b', 'c', '(d)']);
    change({ timeline: switchTo(whole, []) });
    expect(screen()).toEqual(['(a)', '(b)', '(c)', '(d)']);
  });

  it('shows what a replay ran again above the line that runs, once', async () => {
    const { session, runs, result, change, screen } = setUp();
    const entries = ['a', 'clear', 'b', '파드'].map(entryOf);
    const timeline = { entries, position: 4, forks: [] };
    change({ timeline });
    expect(session.history).toEqual(['a', 'clear', 'b', '파드']);
    const running = session.run('x');
    const replayed = [
      ...entries.slice(0, 3).map((entry) => replayedOf(entry)),
      replayedOf(entries[3]!, 'bash: pods: command not found\n'),
    ];
    change({ generation: 1, replayed });
    expect(screen()).toEqual(['b', '파드', 'x']);
    expect(session.read().items[1]).toMatchObject({ prompt: '# ', exit: 1, entry: entries[3] });
    expect(session.read().items[1]!.hint).toContain('셸에 그런 명령이 없다');
    runs[0]!.end(result(''));
    await running;
    change({ generation: 2 });
    expect(screen()).toEqual(['b', '파드', 'x']);
  });

  it('makes one of each line of a pasted text when it has run', async () => {
    const { session, runs, result, page, change, screen } = setUp();
    const running = session.run('a\nb');
    page.timeline = extend(page.timeline, [entryOf('a'), entryOf('b')]);
    const outputs = ['a', 'b'].map((line) => ({ prompt: 'node01#', line, exit: 0, chunks: [] }));
    runs[0]!.end({ ...result(''), outputs });
    await running;
    expect(session.read().items).toMatchObject([
      { prompt: '# ', line: 'a' },
      { prompt: 'node01# ', line: 'b' },
    ]);
    change({ timeline: moveTo(page.timeline, 1) });
    expect(screen()).toEqual(['a', '(b)']);
  });

  it('answers an empty line with a new prompt, without asking anybody', async () => {
    const { session, runs } = setUp();
    await session.run('  ');
    expect(runs).toEqual([]);
    expect(session.read().items).toHaveLength(1);
    expect(session.history).toEqual([]);
  });
});
