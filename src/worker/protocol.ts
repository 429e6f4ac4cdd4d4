import type { Part } from '../labs/scenario.ts';
import type { ClusterShape, PendingWork, TraceEvent } from './simulator.ts';

export type { ClusterShape, PatchOperation, PendingWork, TraceEvent } from './simulator.ts';

/** The seed of every page's cluster, so that a build and a reader's browser compute the same. */
export const LAB_SEED = 1;

export type BlockKind = 'bash' | 'http' | 'yaml' | 'ts';

/** What a log holds: blocks, lines of the terminal, and the switches of the cluster view. */
export type EntryKind = BlockKind | 'component';

/** Which lab a block runs in. Two specs with the same id are the same lab. */
export interface LabSpec {
  readonly id: string;
  readonly shape: ClusterShape;
  readonly seed: number;
  /** What broke the cluster before the lab began; missing: nothing did. */
  readonly scenario?: string;
}

/** What is run: the text of a live block as it stands, edited or not. */
export interface BlockProgram {
  readonly id: string;
  readonly kind: BlockKind;
  readonly code: string;
  /** Whose credentials requests are sent with: "kubernetes-admin", "anonymous". */
  readonly user: string;
}

/** Where a program was when it had used up what it may: after so many calls of its, and so many answers. */
export interface ProgramCut {
  readonly calls: number;
  readonly answers: number;
}

/**
 * What the reader typed at a terminal while a command ran: a line with its newline, or a control character by itself;
 * null: Ctrl+D, the end of its input.
 */
export type TypedText = string | null;

/** Ctrl+C and Ctrl+\, as they are typed. */
export const INTERRUPT = '\x03';
export const QUIT = '\x1c';

/** Is it a key that ends what runs, and with it what was typed ahead? */
export function isSignalKey(text: TypedText): boolean {
  return text === INTERRUPT || text === QUIT;
}

/** It, and when: simulated milliseconds since the lab's start, or of the clock. */
export interface Typed {
  readonly at: number;
  readonly text: TypedText;
}

/**
 * One thing that was run. Times are simulated milliseconds since the lab's start.
 * The line of a component is "stop kube-scheduler controlplane".
 */
export interface LogEntry {
  readonly at: number;
  readonly user: string;
  readonly kind: EntryKind;
  readonly line: string;
  readonly stdin: string;
  /** The block that it is of; missing for the terminal and for switches. */
  readonly block?: string;
  /** When the reader ended it, if it did not end by itself. */
  readonly stop?: number;
  /** Set if the program computed or took too much: real time is not the same twice, this is. */
  readonly cut?: ProgramCut;
  /** What the reader made of each file that it opened in an editor; null: left without saving. */
  readonly edits?: readonly (string | null)[];
  /** What the reader typed meanwhile; missing: the command had no terminal, or did not use it. */
  readonly input?: readonly Typed[];
}

/** The state of a lab is a function of this. */
export interface CommandLog {
  readonly v: 1;
  readonly seed: number;
  readonly entries: readonly LogEntry[];
}

/** A piece of output. "note" is what the lab itself says, in Korean; "input" what the reader typed, echoed. */
export interface OutputChunk {
  readonly stream: 'stdout' | 'stderr' | 'note' | 'input';
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
  /** How often etcd was restored from a backup: revisions of another past say nothing of this one. */
  readonly past: number;
  readonly time: number;
  /** Nothing but heartbeats and resyncs is pending. */
  readonly quiet: boolean;
  /** What the terminal shows before the cursor: "root@controlplane:~# ". */
  readonly prompt: string;
}

/** What the trace and the event objects say of a stretch of time. */
export interface LabActivity {
  readonly trace: readonly TraceEvent[];
  readonly events: readonly ClusterEvent[];
  readonly status: LabStatus;
}

/** What a line of the terminal wrote when the log that it is in ran again. */
export interface ReplayedLine {
  /** Its entry's place in the log. */
  readonly entry: number;
  readonly output: CommandOutput;
  /** What it did in the trace: the events after the sequence number `after`, up to `until`. */
  readonly trace: { readonly after: number; readonly until: number };
}

export interface RunResult {
  readonly outputs: readonly CommandOutput[];
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
  /** Of a line of the terminal: how much of what was typed meanwhile it read. The rest is for what comes next. */
  readonly typedRead?: number;
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
  /** As it lies in etcd, JSON indented; undefined if the key did not exist then. */
  readonly value?: string;
  /** The value as kubectl get -o yaml lays objects out; undefined for what is not JSON. */
  readonly yaml?: string;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
  readonly lease: string;
}

/** A key of etcd without its value. */
export interface EtcdKey {
  readonly key: string;
  readonly createRevision: number;
  readonly modRevision: number;
  readonly version: number;
  /** "0" for none. */
  readonly lease: string;
}

/** One write of etcd's history; of a deletion, `version` and `createRevision` are 0. */
export interface EtcdChange extends EtcdKey {
  readonly type: 'put' | 'delete';
  /** Simulated milliseconds since the lab's start. */
  readonly time: number;
}

/** A pod as the picture of the cluster shows it. */
export interface PodView {
  readonly namespace: string;
  readonly name: string;
  /** "" until it is bound. */
  readonly node: string;
  /** What kubectl get pods shows under STATUS, as far as the object says it. */
  readonly status: string;
  readonly ready: boolean;
}

export interface NodeView {
  readonly name: string;
  readonly ready: boolean;
  readonly unschedulable: boolean;
}

/** A component of the cluster; see sim-core's Component. */
export interface ComponentView {
  readonly name: string;
  readonly machine: string;
  readonly kind: 'static-pod' | 'service';
  readonly wanted: boolean;
  readonly running: boolean;
}

/** The cluster at one revision; components are always those of now. */
export interface ClusterView {
  readonly revision: number;
  readonly nodes: readonly NodeView[];
  readonly pods: readonly PodView[];
  readonly components: readonly ComponentView[];
}

/** What Tab offers: texts that may stand in place of the line from `from` to the cursor. */
export interface LineCompletion {
  readonly from: number;
  readonly candidates: readonly string[];
}

/** SHA-256 of etcd's history from the lab's beginning to `revision`, which it had at `time`. */
export interface HistoryDigest {
  readonly sha256: string;
  readonly revision: number;
  /** Simulated milliseconds since the lab's start. */
  readonly time: number;
}

/** Something wrong in the text of a manifest, between two offsets in it. */
export interface ManifestProblem {
  readonly from: number;
  readonly to: number;
  /** A warning is about what the apiserver may fill in or refuse later. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** What was probably meant: the text to put between the offsets. */
  readonly meant?: string;
}

/** What may stand in place of the text between two offsets. */
export interface ManifestCompletion {
  readonly from: number;
  readonly to: number;
  readonly items: readonly ManifestItem[];
}
export interface ManifestItem {
  readonly label: string;
  readonly insert: string;
  /** "[]Container, required". */
  readonly detail: string;
  readonly description: string;
}

/** What is known of the field between two offsets; null if there is none. */
export interface ManifestHover {
  readonly from: number;
  readonly to: number;
  /** "spec.containers: []Container". */
  readonly title: string;
  readonly description: string;
}

/** What a check of a lab came to. Texts are Korean; `what stands so` is code. */
export interface GradedCheck {
  readonly part: Part;
  readonly points: number;
  readonly earned: number;
  readonly what: string;
  /** Why points are lost; missing: none are. */
  readonly lost?: string;
}

/** What the lab's checks came to, in the order of their parts. */
export interface Grade {
  readonly earned: number;
  readonly passed: boolean;
  readonly checks: readonly GradedCheck[];
}

/** What the page may ask of a lab, and what it is answered; nothing of it changes the lab. */
export interface Questions {
  /** A key as of a revision; 0 for now. */
  readonly value: {
    readonly ask: { readonly key: string; readonly revision: number };
    readonly answer: StoredValue;
  };
  /** All keys as of a revision, in order. */
  readonly keys: { readonly ask: { readonly revision: number }; readonly answer: readonly EtcdKey[] };
  /** etcd's history since the lab began, from the `since`th write on. */
  readonly changes: { readonly ask: { readonly since: number }; readonly answer: readonly EtcdChange[] };
  /** The cluster as of a revision; 0 for now. */
  readonly cluster: { readonly ask: { readonly revision: number }; readonly answer: ClusterView };
  readonly completion: {
    readonly ask: { readonly line: string; readonly cursor: number };
    readonly answer: LineCompletion;
  };
  readonly 'manifest-problems': {
    readonly ask: { readonly text: string };
    readonly answer: readonly ManifestProblem[];
  };
  readonly 'manifest-completion': {
    readonly ask: { readonly text: string; readonly offset: number };
    readonly answer: ManifestCompletion;
  };
  readonly 'manifest-hover': {
    readonly ask: { readonly text: string; readonly offset: number };
    readonly answer: ManifestHover | null;
  };
  /** What goes on by itself as time passes, soonest first; `due` in simulated milliseconds since the lab's start. */
  readonly pending: { readonly ask: Readonly<Record<never, never>>; readonly answer: readonly PendingWork[] };
  /** etcd's history since the lab began, as one number that can be compared between browsers. */
  readonly digest: { readonly ask: Readonly<Record<never, never>>; readonly answer: HistoryDigest };
  /** How far a broken cluster is mended. It is a copy of the cluster that time passes in meanwhile. */
  readonly grade: { readonly ask: Readonly<Record<never, never>>; readonly answer: Grade };
}
export type QuestionKind = keyof Questions;
export type Question = {
  [Kind in QuestionKind]: { readonly kind: Kind } & Questions[Kind]['ask'];
}[QuestionKind];
export type Answer = Questions[QuestionKind]['answer'];

/**
 * How time passes when nothing is run. "follow": after a command, until the cluster is quiet;
 * "play": on and on; "pause": not at all. `speed` is simulated time in real time.
 */
export interface Pace {
  readonly mode: 'follow' | 'play' | 'pause';
  readonly speed: number;
  /** Until this simulated time since the lab's start it passes in any mode, and so fast. */
  readonly rush?: { readonly until: number; readonly speed: number };
}

/** What is run, and how. */
export type RunRequest =
  | {
      readonly type: 'run';
      readonly id: number;
      readonly lab: LabSpec;
      readonly block: BlockProgram;
      /** Whether time passes afterwards, until the cluster is quiet or something else is asked for. */
      readonly follow: boolean;
      /** A line of the terminal: time passes at the reader's pace, files open in the page's editor, input is typed. */
      readonly interactive?: boolean;
    }
  | {
      readonly type: 'switch';
      readonly id: number;
      readonly lab: LabSpec;
      readonly component: string;
      readonly machine: string;
      readonly on: boolean;
    }
  /** Goes on to the next thing that happens. */
  | { readonly type: 'step'; readonly id: number; readonly lab: LabSpec };

/** Page to worker; `id` numbers the request, answers carry it. A lab is opened before it is used. */
export type ToWorker =
  /** Builds the lab anew, whether it stands or not; the one before stays if this is ended. */
  | { readonly type: 'open'; readonly id: number; readonly lab: LabSpec; readonly log?: CommandLog }
  | RunRequest
  | { readonly type: 'ask'; readonly id: number; readonly lab: LabSpec; readonly question: Question }
  | { readonly type: 'pace'; readonly id: number; readonly lab: LabSpec; readonly pace: Pace }
  /** The answer to "edit"; null: left without saving. */
  | { readonly type: 'edited'; readonly id: number; readonly text: string | null }
  /** What the reader typed for the run `id`. */
  | { readonly type: 'input'; readonly id: number; readonly text: TypedText }
  /** Ends what runs or is being built. */
  | { readonly type: 'stop'; readonly id: number };

/** Worker to page. Every request but "stop", "input" and "edited" is answered once, by "done" or "failed". */
export type ToPage =
  | {
      readonly type: 'done';
      readonly id: number;
      readonly result?: RunResult;
      readonly answer?: Answer;
      readonly activity?: LabActivity;
      /** Of a lab that was opened with a log: the newest lines of its terminal, in their order. */
      readonly lines?: readonly ReplayedLine[];
      readonly entries: readonly LogEntry[];
    }
  | { readonly type: 'failed'; readonly id: number; readonly message: string; readonly cancelled?: boolean }
  | { readonly type: 'output'; readonly id: number; readonly chunk: OutputChunk }
  /** While time passes by itself, and once more when it does not any longer. */
  | {
      readonly type: 'activity';
      readonly id: number;
      readonly activity: LabActivity;
      readonly passing: boolean;
    }
  /** How far a command or a replay has come, while it goes on. */
  | {
      readonly type: 'progress';
      readonly id: number;
      readonly status: LabStatus;
      /** Of the entries of the log that is replayed. */
      readonly replayed?: { readonly done: number; readonly total: number };
    }
  /** The command that runs opens a file. */
  | { readonly type: 'edit'; readonly id: number; readonly path: string; readonly text: string }
  /** Sent while the worker's event loop turns; `guest` while a reader's program runs. */
  | { readonly type: 'alive'; readonly id: number; readonly guest: boolean };

const TO_WORKER: Readonly<Record<ToWorker['type'], true>> = {
  open: true,
  run: true,
  switch: true,
  step: true,
  ask: true,
  pace: true,
  edited: true,
  input: true,
  stop: true,
};
const TO_PAGE: Readonly<Record<ToPage['type'], true>> = {
  done: true,
  failed: true,
  output: true,
  activity: true,
  progress: true,
  edit: true,
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
