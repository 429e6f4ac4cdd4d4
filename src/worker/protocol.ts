import type { ClusterShape, TraceEvent } from './simulator.ts';

export type { ClusterShape, PatchOperation, TraceEvent } from './simulator.ts';

export type BlockKind = 'bash' | 'http' | 'yaml' | 'ts';

/** Which lab a block runs in. Two specs with the same id are the same lab. */
export interface LabSpec {
  readonly id: string;
  readonly shape: ClusterShape;
  readonly seed: number;
}

/** What is run: the text of a live block as it stands, edited or not. */
export interface BlockProgram {
  readonly id: string;
  readonly kind: BlockKind;
  readonly code: string;
  /** Whose credentials requests are sent with: "kubernetes-admin", "anonymous". */
  readonly user: string;
}

/** One thing that was run; `at` is simulated milliseconds since the lab's start. */
export interface LogEntry {
  readonly at: number;
  readonly user: string;
  readonly kind: BlockKind;
  readonly line: string;
  readonly stdin: string;
}

/** The state of a lab is a function of this. */
export interface CommandLog {
  readonly v: 1;
  readonly seed: number;
  readonly entries: readonly LogEntry[];
}

/** A piece of output. "note" is what the lab itself says, in Korean. */
export interface OutputChunk {
  readonly stream: 'stdout' | 'stderr' | 'note';
  readonly text: string;
}

/** One command of a block and what it wrote. */
export interface CommandOutput {
  /** "root@controlplane:~#"; "" for a block that is not a terminal. */
  readonly prompt: string;
  readonly line: string;
  readonly chunks: readonly OutputChunk[];
  readonly exit: number;
}

/** The response to an http block. */
export interface HttpExchange {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** JSON bodies are indented. */
  readonly body: string;
}

/** An Event object of the cluster. `time` is simulated milliseconds since the Unix epoch. */
export interface ClusterEvent {
  readonly time: number;
  readonly type: string;
  readonly reason: string;
  /** "pod/nginx". */
  readonly object: string;
  readonly from: string;
  readonly message: string;
  readonly count: number;
}

/** Where a lab stands. `time` is simulated milliseconds since the lab's start. */
export interface LabStatus {
  readonly revision: number;
  readonly time: number;
}

/** What the trace and the event objects say of a stretch of time. */
export interface LabActivity {
  readonly trace: readonly TraceEvent[];
  readonly events: readonly ClusterEvent[];
  readonly status: LabStatus;
}

export interface RunResult {
  readonly outputs: readonly CommandOutput[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
  readonly http?: HttpExchange;
  readonly activity: LabActivity;
  readonly revision: { readonly before: number; readonly after: number };
  /** Simulated milliseconds since the lab's start. */
  readonly time: { readonly from: number; readonly to: number };
}

/** The user agent of requests that http and ts blocks send. */
export const LAB_USER_AGENT = 'live-notes/1';

/** An etcd key at one revision. */
export interface StoredValue {
  readonly key: string;
  /** Indented JSON; undefined if the key did not exist then. */
  readonly value?: string;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
  readonly lease: string;
}

/** Page to worker; `id` numbers the request, answers carry it. A lab is opened before it is used. */
export type ToWorker =
  | { readonly type: 'open'; readonly id: number; readonly lab: LabSpec; readonly log?: CommandLog }
  | {
      readonly type: 'run';
      readonly id: number;
      readonly lab: LabSpec;
      readonly block: BlockProgram;
      /** Whether time passes afterwards, until the cluster is quiet or something else is asked for. */
      readonly follow: boolean;
    }
  | {
      readonly type: 'read-key';
      readonly id: number;
      readonly lab: LabSpec;
      readonly key: string;
      readonly revision: number;
    }
  | { readonly type: 'stop'; readonly id: number };

/** Worker to page. Every request but "stop" is answered once, by "done" or "failed". */
export type ToPage =
  | {
      readonly type: 'done';
      readonly id: number;
      readonly result?: RunResult;
      readonly value?: StoredValue;
      readonly status?: LabStatus;
      readonly entries: readonly LogEntry[];
    }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
  | { readonly type: 'output'; readonly id: number; readonly chunk: OutputChunk }
  | { readonly type: 'activity'; readonly id: number; readonly activity: LabActivity }
  /** Sent while the worker's event loop turns; `guest` while a reader's program runs. */
  | { readonly type: 'alive'; readonly id: number; readonly guest: boolean };

const TO_WORKER: Readonly<Record<ToWorker['type'], true>> = {
  open: true,
  run: true,
  'read-key': true,
  stop: true,
};
const TO_PAGE: Readonly<Record<ToPage['type'], true>> = {
  done: true,
  failed: true,
  output: true,
  activity: true,
  alive: true,
};

/** `message` if it is of the union; throws for anything else. */
export function checkToWorker(message: unknown): ToWorker {
  if (isMessage(message, TO_WORKER)) return message as ToWorker;
  throw new TypeError(`not a message to the worker: ${JSON.stringify(message)}`);
}

/** `message` if it is of the union; throws for anything else. */
export function checkToPage(message: unknown): ToPage {
  if (isMessage(message, TO_PAGE)) return message as ToPage;
  throw new TypeError(`not a message to the page: ${JSON.stringify(message)}`);
}

function isMessage(message: unknown, types: Readonly<Record<string, true>>): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const { type, id } = message as { type?: unknown; id?: unknown };
  return typeof type === 'string' && Object.hasOwn(types, type) && Number.isInteger(id);
}
