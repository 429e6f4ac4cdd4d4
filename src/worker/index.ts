import { savedCluster } from './checkpoints.ts';
import { Lab, ReplayCancelledError } from './lab.ts';
import { OutputBuffer } from './output-buffer.ts';
import type { LabSpec, Question, ReplayedLine, RunRequest, ToPage, ToWorker, TypedText } from './protocol.ts';
import { checkToWorker } from './protocol.ts';
import type { Cluster, ClusterConfig } from './simulator.ts';
import { Context, createCluster } from './simulator.ts';
import { TimeKeeper } from './time-keeper.ts';

/** How often the page hears that the worker is alive, in real milliseconds. */
const HEARTBEAT = 250;
/** How often output is sent while a block runs, in real milliseconds. */
const OUTPUT_INTERVAL = 50;
/** How often a replay says how far it has come, in real milliseconds. */
const PROGRESS_INTERVAL = 100;
/** How many lines of the terminal a replay tells of. */
const LINES = 200;

interface OpenLab {
  readonly lab: Lab;
  readonly keeper: TimeKeeper;
}

const labs = new Map<string, OpenLab>();
let queue: Promise<void> = Promise.resolve();
let waiting = 0;
/** What "stop" ends. */
let stopRunning: (() => void) | undefined;
/** "stop" came before what it is meant for had its turn. */
let stopEarly = false;
let finishEdit: ((text: string | undefined) => void) | undefined;
/** The terminal of the command that runs. */
let terminal: { readonly run: number; readonly type: (text: TypedText) => void } | undefined;
/** What was typed for a command before it had its turn. */
let typedEarly: { readonly run: number; readonly text: TypedText }[] = [];
let guestSince = 0;
let guestTold = false;

const post = (message: ToPage): void => postMessage(message);
const rest = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const realTime = () => performance.now();

/** One turn of the worker's event loop, without the delay that timers have. */
const settle = (() => {
  const channel = new MessageChannel();
  const ready: (() => void)[] = [];
  channel.port1.onmessage = () => ready.shift()?.();
  return () =>
    new Promise<void>((resolve) => {
      ready.push(resolve);
      channel.port2.postMessage(null);
    });
})();

/** A program that keeps the thread cannot say so: the page is told before. */
function onGuest(runs: boolean): void {
  const now = realTime();
  if (runs && now - guestSince > HEARTBEAT / 2) {
    guestSince = now;
    guestTold = true;
    post({ type: 'alive', id: 0, guest: true });
  } else if (!runs && guestTold) {
    // From here on it is the lab that works, on what the program asked for: that may take longer.
    guestTold = false;
    post({ type: 'alive', id: 0, guest: false });
  }
}

/** A saved cluster where there is one, else one that is booted. */
async function newCluster(config: ClusterConfig): Promise<Cluster> {
  const checkpoint = await savedCluster(config);
  return createCluster({ ...config, ...(checkpoint !== undefined && { checkpoint }) });
}

const host = { createCluster: newCluster, settle, realTime, onGuest };

function openLab(spec: LabSpec): OpenLab {
  const open = labs.get(spec.id);
  if (open === undefined) throw new Error(`lab ${spec.id} is not open`);
  return open;
}

/** Makes the lab anew; the one before goes on if that does not come to its end. */
async function open({ id, lab: spec, log }: Extract<ToWorker, { type: 'open' }>): Promise<void> {
  const context = new Context();
  stopRunning = () => context.cancel();
  let told = realTime();
  const lines: ReplayedLine[] = [];
  const lab = await Lab.open(host, spec, log, {
    context,
    onLine: (line) => void lines.push(line),
    onProgress: (status, done, total) => {
      if (realTime() - told < PROGRESS_INTERVAL) return;
      told = realTime();
      post({ type: 'progress', id, status, replayed: { done, total } });
    },
  });
  const keeper = new TimeKeeper({
    ...{ realTime, rest },
    onActivity: (activity, passing) => post({ type: 'activity', id, activity, passing }),
  });
  const before = labs.get(spec.id);
  before?.lab.close();
  keeper.pace = before?.keeper.pace ?? keeper.pace;
  labs.set(spec.id, { lab, keeper });
  post({ type: 'done', id, activity: lab.readActivity(), lines: lines.slice(-LINES), entries: [] });
}

async function run(message: RunRequest, { lab, keeper }: OpenLab): Promise<void> {
  const { id } = message;
  const logged = lab.log.entries.length;
  const entries = () => lab.log.entries.slice(logged);
  if (message.type === 'step') {
    post({ type: 'done', id, activity: await lab.step(), entries: [] });
    return;
  }
  if (message.type === 'switch') {
    keeper.beginSwitch(lab);
    lab.switchComponent(message.component, message.machine, message.on);
    post({ type: 'done', id, activity: lab.readActivity(), entries: entries() });
    return;
  }
  stopRunning = () => {
    finishEdit?.(undefined);
    lab.stop();
  };
  const output = new OutputBuffer((chunk) => post({ type: 'output', id, chunk }), OUTPUT_INTERVAL);
  const running = lab.run(message.block, {
    onOutput: (chunk) => output.add(chunk),
    ...(message.interactive === true && {
      terminal: true,
      paced: {
        speed: () => (keeper.pace.mode === 'pause' ? undefined : keeper.pace.speed),
        now: realTime,
        rest,
        onRest: () => post({ type: 'progress', id, status: lab.status }),
      },
      editor: {
        edit: (path, text) => {
          post({ type: 'edit', id, path, text });
          return new Promise<string | undefined>((resolve) => {
            finishEdit = resolve;
          });
        },
      },
    }),
  });
  terminal = { run: id, type: (text) => lab.type(text) };
  for (const early of typedEarly) if (early.run === id) terminal.type(early.text);
  typedEarly = [];
  if (stopEarly) stopRunning();
  const result = await running;
  output.clear();
  keeper.begin(lab);
  post({ type: 'done', id, result, entries: entries() });
}

/** Whether a question is answered at once, also while a command runs: it needs no simulated time. */
function isReading({ kind }: Question): boolean {
  return kind !== 'completion' && kind !== 'grade';
}

async function ask({ id, lab, question }: Extract<ToWorker, { type: 'ask' }>): Promise<void> {
  try {
    const { answer } = await import('./questions.ts');
    post({ type: 'done', id, answer: await answer(openLab(lab).lab, question), entries: [] });
  } catch (error) {
    post({ type: 'failed', id, message: messageOf(error) });
  }
}

async function handle(message: Exclude<ToWorker, { type: 'stop' | 'input' | 'edited' }>): Promise<void> {
  if (message.type === 'open') return open(message);
  if (message.type === 'ask') return ask(message);
  const lab = openLab(message.lab);
  if (message.type === 'pace') {
    lab.keeper.pace = message.pace;
    post({ type: 'done', id: message.id, entries: [] });
  } else {
    await run(message, lab);
  }
}

/** Takes a request in its turn; then time passes until there is another. */
async function takeTurn(message: Exclude<ToWorker, { type: 'stop' | 'input' | 'edited' }>): Promise<void> {
  waiting--;
  try {
    try {
      await handle(message);
    } finally {
      stopRunning = undefined;
      terminal = undefined;
      stopEarly = false;
    }
    const passes = message.type !== 'run' || message.follow;
    const after = labs.get(message.lab.id);
    if (after !== undefined && passes) await after.keeper.run(after.lab, () => waiting > 0);
  } catch (error) {
    const cancelled = error instanceof ReplayCancelledError;
    // What the lab did since then is unknown: the page opens it again from its log.
    if (message.type !== 'open') labs.delete(message.lab.id);
    post({ type: 'failed', id: message.id, message: messageOf(error), ...(cancelled && { cancelled }) });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

onmessage = (event: MessageEvent<unknown>) => {
  const message = checkToWorker(event.data);
  if (message.type === 'stop') {
    if (stopRunning !== undefined) stopRunning();
    else stopEarly = waiting > 0;
  } else if (message.type === 'input') {
    const { id, text } = message;
    if (terminal?.run === id) terminal.type(text);
    else typedEarly.push({ run: id, text });
  } else if (message.type === 'edited') {
    finishEdit?.(message.text ?? undefined);
    finishEdit = undefined;
  } else if (message.type === 'ask' && isReading(message.question) && labs.has(message.lab.id)) {
    void ask(message);
  } else if (message.type === 'pace' && labs.has(message.lab.id) && stopRunning !== undefined) {
    // While a command runs, the new pace is for that command already.
    openLab(message.lab).keeper.pace = message.pace;
    post({ type: 'done', id: message.id, entries: [] });
  } else {
    waiting++;
    queue = queue.then(() => takeTurn(message));
  }
};

setInterval(() => post({ type: 'alive', id: 0, guest: false }), HEARTBEAT);
