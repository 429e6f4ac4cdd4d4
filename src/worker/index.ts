import { Lab } from './lab.ts';
import { OutputBuffer } from './output-buffer.ts';
import type { LabSpec, ToPage, ToWorker } from './protocol.ts';
import { checkToWorker } from './protocol.ts';
import { savedCluster } from './checkpoints.ts';
import type { Cluster, ClusterConfig } from './simulator.ts';
import { createCluster } from './simulator.ts';

/** How often the page hears that the worker is alive, in real milliseconds. */
const HEARTBEAT = 250;
/** Simulated time that passes after a block at most, and the real time of one step. */
const FOLLOW_LIMIT = 60_000;
const FOLLOW_STEP = 60;
/** How often output is sent while a block runs, in real milliseconds. */
const OUTPUT_INTERVAL = 50;

const labs = new Map<string, Lab>();
let queue: Promise<void> = Promise.resolve();
let waiting = 0;
let running: Lab | undefined;
let guestSince = 0;

const post = (message: ToPage): void => postMessage(message);

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
  const now = performance.now();
  if (runs && now - guestSince > HEARTBEAT / 2) {
    guestSince = now;
    post({ type: 'alive', id: 0, guest: true });
  }
}

/** A saved cluster where there is one, else one that is booted. */
async function newCluster(config: ClusterConfig): Promise<Cluster> {
  const checkpoint = await savedCluster(config);
  return createCluster({ ...config, ...(checkpoint !== undefined && { checkpoint }) });
}

const host = { createCluster: newCluster, settle, realTime: () => performance.now(), onGuest };

function labOf(spec: LabSpec): Lab {
  const lab = labs.get(spec.id);
  if (lab === undefined) throw new Error(`lab ${spec.id} is not open`);
  return lab;
}

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'open': {
      const lab = await Lab.open(host, message.lab, message.log);
      labs.set(message.lab.id, lab);
      post({ type: 'done', id: message.id, status: lab.status, entries: [] });
      return;
    }
    case 'run': {
      const lab = labOf(message.lab);
      const logged = lab.log.entries.length;
      running = lab;
      const output = new OutputBuffer(
        (chunk) => post({ type: 'output', id: message.id, chunk }),
        OUTPUT_INTERVAL,
      );
      const result = await lab.run(message.block, { onOutput: (chunk) => output.add(chunk) });
      output.clear();
      running = undefined;
      post({ type: 'done', id: message.id, result, entries: lab.log.entries.slice(logged) });
      if (message.follow) await follow(lab, message.id);
      return;
    }
    case 'read-key': {
      const value = await labOf(message.lab).readKey(message.key, message.revision);
      post({ type: 'done', id: message.id, value, entries: [] });
      return;
    }
    case 'stop':
  }
}

/** Lets time pass as fast as real time does, until the cluster is quiet or there is other work. */
async function follow(lab: Lab, id: number): Promise<void> {
  const end = lab.status.time + FOLLOW_LIMIT;
  let last = performance.now();
  while (waiting === 0 && !lab.quiet && lab.status.time < end) {
    await new Promise((resolve) => setTimeout(resolve, FOLLOW_STEP));
    if (waiting > 0) return;
    const now = performance.now();
    await lab.advance(Math.min(now - last, 4 * FOLLOW_STEP));
    last = now;
    post({ type: 'activity', id, activity: await lab.readActivity() });
  }
}

onmessage = (event: MessageEvent<unknown>) => {
  const message = checkToWorker(event.data);
  if (message.type === 'stop') {
    running?.stop();
    return;
  }
  waiting++;
  queue = queue.then(async () => {
    waiting--;
    try {
      await handle(message);
    } catch (error) {
      running = undefined;
      // What the lab did since then is unknown: the page opens it again from its log.
      labs.delete(message.lab.id);
      post({
        type: 'failed',
        id: message.id,
        message: error instanceof Error ? error.message : String(error),
      });
    }
  });
};

setInterval(() => post({ type: 'alive', id: 0, guest: false }), HEARTBEAT);
