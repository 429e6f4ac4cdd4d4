import type { TraceEvent } from '../worker/protocol.ts';
import { isNotable, ownRequests } from './block.ts';

/** Who takes part in what a command sets off, in the order of the picture's lanes. */
export const REPLAY_LANES = [
  'client',
  'apiserver',
  'etcd',
  'scheduler',
  'controllers',
  'kubelet',
  'runtime',
] as const;
export type ReplayLane = (typeof REPLAY_LANES)[number];

/** One thing that was seen in the trace. */
export interface ReplayStep {
  /** Of the last event that belongs to it or to a step before it. */
  readonly sequence: number;
  /** Simulated milliseconds since the first step. */
  readonly time: number;
  readonly from: ReplayLane;
  readonly to: ReplayLane;
  readonly label: string;
  /** The key that was written, and the revision of that write. */
  readonly key?: string;
  readonly revision?: number;
  /** Where etcd stood then. */
  readonly at: number;
  readonly refused?: boolean;
}

const EVENT_KEYS = '/registry/events/';

/** The steps of a run, in order. `revision` is where etcd stood before it. */
export function replaySteps(trace: readonly TraceEvent[], revision: number): ReplayStep[] {
  const reader = new StepReader(trace, revision);
  for (const event of trace) reader.take(event);
  return reader.steps;
}

type WatchEvent = Extract<TraceEvent, { type: 'watch-event' }>;

class StepReader {
  readonly steps: ReplayStep[] = [];
  readonly #own: ReadonlySet<string>;
  readonly #start: number;
  /** Requests that are shown, by who sent them. */
  readonly #requests = new Map<string, ReplayLane>();
  readonly #told = new Set<string>();
  /** A watcher may be told before the writer: what it was told comes after the write all the same. */
  #early: WatchEvent[] = [];
  #revision: number;

  constructor(trace: readonly TraceEvent[], revision: number) {
    this.#own = ownRequests(trace);
    this.#start = trace[0]?.time ?? 0;
    this.#revision = revision;
  }

  take(event: TraceEvent): void {
    switch (event.type) {
      case 'request-received': {
        const lane = this.#own.has(event.request!) ? 'client' : laneOf(event.userAgent);
        const { resource, subresource } = event.object ?? {};
        const isWrite = event.method !== 'GET' && resource !== 'events';
        if (lane === undefined || (lane !== 'client' && !isWrite)) return;
        this.#requests.set(event.request!, lane);
        // Tokens are stored nowhere, and who goes on in a saved cluster asks for all of its own again: only that
        // one was refused is a step.
        if (lane !== 'client' && subresource === 'token') return;
        return this.#add(event, lane, 'apiserver', `${event.method} ${shortPath(event.path)}`);
      }
      case 'stored':
        return this.#takeStored(event);
      case 'watch-event':
        if (event.revision <= this.#revision) return this.#takeWatchEvent(event);
        this.#early.push(event);
        return;
      case 'scheduling':
        return this.#add(
          event,
          'scheduler',
          'scheduler',
          `${event.pod.name} → ${event.node ?? '맞는 노드가 없음'}`,
        );
      case 'cri':
        return this.#add(
          event,
          'kubelet',
          'runtime',
          [event.call, event.pod?.name].filter(Boolean).join(' '),
        );
      case 'component': {
        const lane = laneOf(`${event.component}/`) ?? (event.component === 'etcd' ? 'etcd' : 'apiserver');
        return this.#add(event, lane, lane, `${event.component} ${STATES[event.state]} (${event.node})`);
      }
      default:
        if (event.request !== undefined && this.#requests.has(event.request)) this.#takeVerdict(event);
    }
  }

  #takeStored(event: Extract<TraceEvent, { type: 'stored' }>): void {
    const { key, revision, operation } = event;
    this.#revision = Math.max(this.#revision, revision);
    if (isNotable(key) && !key.startsWith(EVENT_KEYS))
      this.#add(event, 'apiserver', 'etcd', `${OPERATIONS[operation]} ${key}`, { key, revision });
    const early = this.#early;
    this.#early = [];
    for (const told of early) this.take(told);
  }

  #takeWatchEvent(event: WatchEvent): void {
    const lane = laneOf(event.userAgent);
    if (lane === undefined || !isNotable(event.key) || event.key.startsWith(EVENT_KEYS)) return;
    const told = `${lane} ${event.key} ${event.revision}`;
    if (event.event === 'BOOKMARK' || this.#told.has(told)) return;
    this.#told.add(told);
    this.#add(event, 'apiserver', lane, `${event.event} ${event.key.replace(/^\/registry\//, '')}`);
  }

  /** What the apiserver decided about a request that is shown. */
  #takeVerdict(event: TraceEvent): void {
    const lane = this.#requests.get(event.request!)!;
    const self = (label: string, refused = false) =>
      this.#add(event, 'apiserver', 'apiserver', label, refused ? { refused } : {});
    if (event.type === 'responded') {
      const label = event.reason === undefined ? String(event.status) : `${event.status} ${event.reason}`;
      const refused = event.status >= 400;
      if (lane === 'client' || refused)
        this.#add(event, 'apiserver', lane, label, refused ? { refused } : {});
    } else if (event.type === 'authentication-failed') self(`인증 거부: ${event.message}`, true);
    else if (event.type === 'authorization-failed') self(`인가 거부: ${event.message}`, true);
    else if (event.type === 'admission-failed') self(`${event.plugin}: ${event.message}`, true);
    else if (event.type === 'validation-failed') self(`유효성 검사: ${event.errors[0]?.field ?? ''}`, true);
    else if (lane !== 'client') return;
    else if (event.type === 'authenticated') self(`인증: ${event.user}`);
    else if (event.type === 'authorized') self(`인가: ${event.authorizer}`);
    else if (event.type === 'admission' && event.patch.length > 0)
      self(`${event.plugin}: ${event.patch.length}곳을 바꿈`);
    else if (event.type === 'validated') self(`유효성 검사: ${event.kind}`);
    else if (event.type === 'read' && event.source === 'etcd')
      this.#add(event, 'etcd', 'apiserver', `${event.key} · ${event.count}개`);
    else if (event.type === 'read') self(`워치 캐시: ${event.key} · ${event.count}개`);
  }

  #add(
    { sequence, time }: TraceEvent,
    from: ReplayLane,
    to: ReplayLane,
    label: string,
    more: Pick<ReplayStep, 'key' | 'revision' | 'refused'> = {},
  ): void {
    // What a watcher was told early comes after the write that it was told of.
    const through = Math.max(sequence, this.steps.at(-1)?.sequence ?? 0);
    const step = { sequence: through, time: time - this.#start, from, to, label, ...more };
    this.steps.push({ ...step, at: this.#revision });
  }
}

const OPERATIONS = { create: '만듦', update: '고침', delete: '지움' } as const;
const STATES = { started: '시작함', stopped: '멈춤', failed: '실패함' } as const;
const AGENTS: readonly (readonly [RegExp, ReplayLane])[] = [
  [/^(?:kubectl|curl|live-notes)\//, 'client'],
  [/^kube-scheduler\//, 'scheduler'],
  [/^kube-controller-manager\//, 'controllers'],
  [/^kubelet\//, 'kubelet'],
];

function laneOf(userAgent: string): ReplayLane | undefined {
  return AGENTS.find(([pattern]) => pattern.test(userAgent))?.[1];
}

/** "pods/web/binding" of "/api/v1/namespaces/default/pods/web/binding?…". */
function shortPath(path: string): string {
  const plain = path.replace(/\?.*/, '');
  return plain.replace(/^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)\//, '').replace(/^namespaces\/[^/]+\/(?=.)/, '');
}
