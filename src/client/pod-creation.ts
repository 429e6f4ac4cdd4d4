import type { TraceEvent } from '../worker/protocol.ts';
import { ownRequests } from './block.ts';

/** Who takes part in the making of a pod, in the order of the picture's lanes. */
export const LANES = ['client', 'apiserver', 'etcd', 'scheduler', 'kubelet', 'runtime'] as const;
export type Lane = (typeof LANES)[number];

/** One thing that was seen in the trace. `time` is simulated milliseconds since the pod's request. */
export interface CreationMark {
  readonly sequence: number;
  readonly time: number;
  readonly from: Lane;
  readonly to: Lane;
  readonly label: string;
  /** The revision that it wrote or carried. */
  readonly revision?: number;
}

/** How far a pod has come: for each of the note's ten steps what the trace shows of it. */
export interface PodCreation {
  readonly namespace: string;
  readonly name: string;
  readonly node?: string;
  readonly steps: readonly (readonly CreationMark[])[];
}

const STEPS = 10;

/**
 * Follows the pod that the reader's commands created last through the trace.
 * Gives undefined if they created none.
 */
export function tracePodCreation(trace: readonly TraceEvent[]): PodCreation | undefined {
  const own = ownRequests(trace);
  const created = trace.findLast(
    (event) =>
      event.type === 'stored' &&
      event.operation === 'create' &&
      event.key.startsWith('/registry/pods/') &&
      event.request !== undefined &&
      own.has(event.request),
  );
  if (created?.type !== 'stored' || created.request === undefined) return undefined;
  const [namespace = '', name = ''] = created.key.slice('/registry/pods/'.length).split('/');
  const received = trace.find((event) => event.request === created.request);
  const follower = new Follower(
    created.request,
    created.key,
    namespace,
    name,
    received?.time ?? created.time,
  );
  for (const event of trace) {
    if (event.sequence >= (received?.sequence ?? 0)) follower.take(event);
  }
  return follower.result();
}

class Follower {
  readonly #request: string;
  readonly #key: string;
  readonly #namespace: string;
  readonly #name: string;
  readonly #start: number;
  readonly #steps: CreationMark[][] = Array.from({ length: STEPS }, () => []);
  /** Requests about this pod by others: "binding" of the scheduler, "status" of the kubelet. */
  readonly #requests = new Map<string, string>();
  #node: string | undefined;

  constructor(request: string, key: string, namespace: string, name: string, start: number) {
    this.#request = request;
    this.#key = key;
    this.#namespace = namespace;
    this.#name = name;
    this.#start = start;
  }

  result(): PodCreation {
    return {
      namespace: this.#namespace,
      name: this.#name,
      ...(this.#node !== undefined && { node: this.#node }),
      steps: this.#steps,
    };
  }

  take(event: TraceEvent): void {
    if (event.request === this.#request) this.#takeOwn(event);
    else if (event.request !== undefined && event.type !== 'watch-event')
      this.#takeRequest(event, event.request);
    else this.#takeCluster(event);
  }

  /** Steps 1 to 4: the reader's own request. */
  #takeOwn(event: TraceEvent): void {
    switch (event.type) {
      case 'authenticated':
        return this.#mark(1, event, 'client', 'apiserver', `인증: ${event.user}`);
      case 'authorized':
        return this.#mark(1, event, 'apiserver', 'apiserver', `인가: ${event.authorizer}`);
      case 'admission':
        if (event.phase === 'validating' || event.patch.length === 0) return;
        return this.#mark(
          2,
          event,
          'apiserver',
          'apiserver',
          `${event.plugin}: ${event.patch.length}곳을 채움`,
        );
      case 'validated':
        return this.#mark(2, event, 'apiserver', 'apiserver', `${event.kind} 오브젝트 완성`);
      case 'stored':
        return this.#mark(3, event, 'apiserver', 'etcd', event.key, event.revision);
      case 'responded':
        return this.#mark(4, event, 'apiserver', 'client', String(event.status));
      default:
    }
  }

  /** Steps 5, 6, 9 and 10: requests of the scheduler and of the kubelet. */
  #takeRequest(event: TraceEvent, request: string): void {
    if (event.type === 'request-received') {
      const { object, method, path } = event;
      if (object?.resource !== 'pods' || object.namespace !== this.#namespace) return;
      if (object.name !== this.#name || object.subresource === undefined || method === 'GET') return;
      this.#requests.set(request, object.subresource);
      const label = `${method} ${path.replace(/\?.*/, '').split('/').slice(-3).join('/')}`;
      if (object.subresource === 'binding') this.#mark(5, event, 'scheduler', 'apiserver', label);
      if (object.subresource === 'status') this.#mark(9, event, 'kubelet', 'apiserver', label);
    } else if (event.type === 'stored' && event.key === this.#key) {
      const kind = this.#requests.get(request);
      if (kind === 'binding') this.#mark(6, event, 'apiserver', 'etcd', 'spec.nodeName', event.revision);
      if (kind === 'status') this.#mark(10, event, 'apiserver', 'etcd', 'status', event.revision);
    }
  }

  /** Steps 5, 7 and 8: watch events, the scheduler's choice, the container runtime. */
  #takeCluster(event: TraceEvent): void {
    if (event.type === 'watch-event') {
      if (event.key !== this.#key) return;
      if (event.event === 'ADDED' && event.user === 'system:kube-scheduler' && !this.#seen(5)) {
        this.#mark(5, event, 'apiserver', 'scheduler', `워치: ${event.event}`, event.revision);
      }
      // The kubelet's watch selects its own node's pods: a pod enters it when it is bound.
      if (event.event === 'ADDED' && event.user.startsWith('system:node:') && !this.#seen(7)) {
        this.#mark(7, event, 'apiserver', 'kubelet', `워치: ${event.event}`, event.revision);
      }
      return;
    }
    if (!('pod' in event) || event.pod?.namespace !== this.#namespace || event.pod.name !== this.#name)
      return;
    if (event.type === 'scheduling') {
      this.#node = event.node ?? this.#node;
      const choice = event.node === undefined ? '맞는 노드가 없음' : `${event.node} 선택`;
      this.#mark(5, event, 'scheduler', 'scheduler', choice);
    } else if (event.type === 'cri') {
      this.#mark(8, event, 'kubelet', 'runtime', event.call);
    }
  }

  #seen(step: number): boolean {
    return this.#steps[step - 1]!.length > 0;
  }

  #mark(step: number, event: TraceEvent, from: Lane, to: Lane, label: string, revision?: number): void {
    this.#steps[step - 1]!.push({
      sequence: event.sequence,
      time: event.time - this.#start,
      from,
      to,
      label,
      ...(revision !== undefined && { revision }),
    });
  }
}
