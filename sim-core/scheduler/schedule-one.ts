import type { Binding, Pod, PodCondition } from 'kubernetes-types/core/v1';
import { ConnectionError } from '../apimachinery/http.ts';
import { formatTime } from '../apimachinery/object.ts';
import { StatusError } from '../apimachinery/status.ts';
import type { Tracer } from '../apimachinery/trace.ts';
import type { Clock } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { Rand } from '../clock/rand.ts';
import { RESOURCES } from '../client-go/kubernetes/resources.ts';
import type { RestClient } from '../client-go/rest/client.ts';
import { EventRecorder } from '../client-go/tools/events/event-recorder.ts';
import type { EventNames } from '../client-go/tools/record/event-names.ts';
import { subjectOf } from '../client-go/tools/record/event-recorder.ts';
import { SchedulerCache } from './cache/cache.ts';
import { addEventHandlers, addVolumeHandlers, SCHEDULER_NAME } from './event-handlers.ts';
import type { CycleState } from './framework/cycle-state.ts';
import { type Diagnosis, FitError } from './framework/fit-error.ts';
import { Framework } from './framework/framework.ts';
import { BindError } from './framework/interface.ts';
import { podInfoOf, priorityOf } from './framework/node-info.ts';
import { SchedulerInformers } from './informers.ts';
import { preempt, type PreemptionResult } from './plugins/default-preemption/default-preemption.ts';
import { defaultPlugins } from './plugins/registry.ts';
import { type QueuedPodInfo, SchedulingQueue } from './queue/scheduling-queue.ts';
import { schedulePod, type ScheduleResult } from './schedule-pod.ts';

/** What a binding cycle takes: the recorded audit trail has 5 ms from a Pod's creation to its binding. */
const BINDING_CYCLE_MS = 5;

/** One term of a scheduler: from its start, or from its election, to its end. */
export class SchedulingTerm {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #tracer: Tracer;
  readonly #context: Context;
  readonly #framework: Framework;
  readonly #cache = new SchedulerCache();
  readonly #queue: SchedulingQueue;
  readonly #informers: SchedulerInformers;
  readonly #recorder: EventRecorder;
  readonly #failure: Promise<never>;
  #fail: (error: unknown) => void = () => {};

  constructor(
    client: RestClient,
    clock: Clock,
    rand: Rand,
    tracer: Tracer,
    names: EventNames,
    hostname: string,
    context: Context,
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#rand = rand;
    this.#tracer = tracer;
    this.#context = context;
    this.#failure = new Promise<never>((_, reject) => (this.#fail = reject));
    this.#queue = new SchedulingQueue(clock, context, (pod, refusedBy, event) =>
      this.#framework.mayHelp(pod, refusedBy, event),
    );
    const informers = new SchedulerInformers(client, clock, rand, context, (error) => this.#fail(error));
    this.#informers = informers;
    this.#framework = new Framework(
      defaultPlugins({
        client,
        clock,
        context,
        cache: this.#cache,
        services: informers.services.lister,
        replicationControllers: informers.replicationControllers.lister,
        replicaSets: informers.replicaSets.lister,
        statefulSets: informers.statefulSets.lister,
        namespaces: informers.namespaces.lister,
        claims: informers.claims.lister,
        volumes: informers.volumes.lister,
        storageClasses: informers.storageClasses.lister,
      }),
      this.#queue.nominator,
    );
    this.#recorder = new EventRecorder(client, clock, context, names, {
      controller: SCHEDULER_NAME,
      instance: `${SCHEDULER_NAME}-${hostname}`,
    });
    addEventHandlers(informers.pods, informers.nodes, this.#cache, this.#queue);
    addVolumeHandlers(this.#queue, informers.claims, informers.volumes, informers.storageClasses);
    // Terms that choose namespaces by labels may mean other pods now.
    informers.namespaces.addHandler({ onUpdate: () => this.#cache.podCounts.forgetAll() });
  }

  run(): Promise<void> {
    return Promise.race([this.#scheduleAll(), this.#failure]);
  }

  async #scheduleAll(): Promise<void> {
    await this.#informers.start();
    for (let info = await this.#queue.pop(); info !== undefined; info = await this.#queue.pop()) {
      const needs = this.#framework.needs(info.pod);
      if (!this.#informers.has(needs)) await this.#informers.need(needs);
      if (this.#context.cancelled) return;
      this.#scheduleOne(info);
    }
  }

  /** Models schedule_one.go ScheduleOne; binding goes on in the background. */
  #scheduleOne(info: QueuedPodInfo): void {
    const { pod } = info;
    if (pod.metadata?.deletionTimestamp !== undefined || this.#cache.isAssumed(pod)) {
      this.#queue.done(info.key);
      return;
    }
    const podInfo = podInfoOf(pod);
    const result = schedulePod(this.#framework, this.#cache, this.#rand, this.#tracer, podInfo);
    let cycle: Promise<void>;
    if ('node' in result) {
      this.#cache.assume(podInfo, result.node);
      this.#queue.nominator.delete(pod);
      cycle = this.#bind(info, result.state, result.node);
    } else {
      cycle = this.#handleUnschedulable(info, result);
    }
    cycle.catch((error: unknown) => this.#fail(error));
  }

  async #bind(info: QueuedPodInfo, state: CycleState, node: string): Promise<void> {
    const { name, namespace, uid } = info.pod.metadata!;
    const binding: Binding = {
      kind: 'Binding',
      apiVersion: 'v1',
      metadata: { name: name!, namespace: namespace!, uid: uid! },
      target: { kind: 'Node', name: node },
    };
    await this.#clock.sleep(BINDING_CYCLE_MS, { context: this.#context });
    if (this.#context.cancelled) return;
    let step = 'running PreBind plugin "VolumeBinding"';
    try {
      await this.#framework.preBind(state, node);
      if (this.#context.cancelled) return;
      step = 'binding rejected: running Bind plugin "DefaultBinder"';
      await this.#client.create(RESOURCES.pods, binding, {
        namespace,
        name: name!,
        subresource: 'binding',
      });
    } catch (error) {
      if (!isServerError(error) && !(error instanceof BindError)) throw error;
      if (this.#context.cancelled) return;
      this.#cache.forget(info.pod);
      await this.#handleFailure(info, undefined, 'SchedulerError', `${step}: ${error.message}`);
      return;
    }
    this.#queue.done(info.key);
    this.#record(
      info.pod,
      'Normal',
      'Scheduled',
      'Binding',
      `Successfully assigned ${namespace}/${name} to ${node}`,
    );
  }

  /** No node fits: looks for victims, says so, and lets the pod wait. */
  async #handleUnschedulable(
    info: QueuedPodInfo,
    { error, state }: Exclude<ScheduleResult, { readonly node: string }>,
  ): Promise<void> {
    if (!(error instanceof FitError)) {
      return this.#handleFailure(info, new Set(), 'Unschedulable', error.message);
    }
    const { refusedBy, diagnosis } = error;
    const found = await this.#preempt(state, diagnosis);
    if ('message' in found) {
      const { message } = new FitError(diagnosis, found.message);
      if (!found.hopeless || this.#queue.nominator.nodeOf(info.pod) === undefined) {
        return this.#handleFailure(info, refusedBy, 'Unschedulable', message);
      }
      this.#queue.nominator.delete(info.pod);
      return this.#handleFailure(info, refusedBy, 'Unschedulable', message, null);
    }
    this.#queue.nominator.set(info.pod, found.node);
    await this.#evict(info.pod, found.node, found.victims);
    await this.#clearNominations(info.pod, found.node);
    await this.#handleFailure(info, refusedBy, 'Unschedulable', error.message, found.node);
  }

  /** Budgets matter only where some pod is less important than this one. */
  async #preempt(state: CycleState, diagnosis: Diagnosis): Promise<PreemptionResult> {
    const budgets = [RESOURCES.podDisruptionBudgets];
    if (!this.#informers.has(budgets) && mayHaveVictims(state, diagnosis)) {
      await this.#informers.need(budgets);
    }
    return preempt(this.#framework, this.#rand, state, diagnosis, this.#informers.budgets.lister.list());
  }

  /** Models framework/preemption prepareCandidate. */
  async #evict(preemptor: Pod, node: string, victims: readonly Pod[]): Promise<void> {
    for (const victim of victims) {
      const { name, namespace } = victim.metadata!;
      const now = formatTime(this.#clock.now());
      const message = `${SCHEDULER_NAME}: preempting to accommodate a higher priority pod`;
      const condition: PodCondition = {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'PreemptionByScheduler',
        message,
        lastTransitionTime: now,
      };
      try {
        await this.#client.patch(RESOURCES.pods, name!, 'strategic', conditionPatch(victim, condition), {
          namespace,
          subresource: 'status',
        });
        await this.#client.delete(RESOURCES.pods, name!, { namespace });
      } catch (error) {
        if (!isServerError(error)) throw error;
        continue;
      }
      const note = `Preempted by pod ${preemptor.metadata!.uid} on node ${node}`;
      this.#record(victim, 'Normal', 'Preempted', 'Preempting', note, preemptor);
    }
  }

  /** Less important pods that were to come to the node look for another place. Models getLowerPriorityNominatedPods. */
  async #clearNominations(preemptor: Pod, node: string): Promise<void> {
    const priority = priorityOf(preemptor);
    const lesser = [...(this.#queue.nominator.podsOn(node) ?? [])].filter(
      ({ pod }) => priorityOf(pod) < priority,
    );
    for (const { pod } of lesser) {
      this.#queue.nominator.delete(pod);
      const { uid } = pod.metadata!;
      await this.#patchPodStatus(pod, { metadata: { uid }, status: { nominatedNodeName: null } });
    }
  }

  /** `nominatedNode` is where a place is kept, null if none is any more. Models schedule_one.go handleSchedulingFailure. */
  async #handleFailure(
    info: QueuedPodInfo,
    refusedBy: ReadonlySet<string> | undefined,
    reason: string,
    message: string,
    nominatedNode?: string | null,
  ): Promise<void> {
    const { namespace, name, uid } = info.pod.metadata!;
    const current = this.#informers.pods.lister.get(namespace!, name!);
    const isWaiting = current !== undefined && current.metadata?.uid === uid && !current.spec?.nodeName;
    if (isWaiting) this.#queue.addUnschedulable(info, current, refusedBy);
    this.#queue.done(info.key);
    if (!isWaiting) return;
    this.#record(info.pod, 'Warning', 'FailedScheduling', 'Scheduling', message);
    await this.#patchStatus(current, reason, message, nominatedNode);
  }

  /** Sets the condition PodScheduled to False, if it does not say that already. */
  async #patchStatus(
    pod: Pod,
    reason: string,
    message: string,
    nominatedNode: string | null | undefined,
  ): Promise<void> {
    const known = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
    const isSame = known?.status === 'False' && known.reason === reason && known.message === message;
    if (isSame && nominatedNode === undefined) return;
    const condition: PodCondition = {
      type: 'PodScheduled',
      status: 'False',
      reason,
      message,
      lastTransitionTime:
        known?.status === 'False' ? known.lastTransitionTime! : formatTime(this.#clock.now()),
    };
    await this.#patchPodStatus(pod, conditionPatch(pod, condition, nominatedNode));
  }

  /** What the server refuses stays as it is: the pod may be gone. Models schedutil.PatchPodStatus. */
  async #patchPodStatus({ metadata }: Pod, patch: object): Promise<void> {
    const { name, namespace } = metadata!;
    const options = { namespace, subresource: 'status' };
    try {
      await this.#client.patch(RESOURCES.pods, name!, 'strategic', patch, options);
    } catch (error) {
      if (!isServerError(error)) throw error;
    }
  }

  #record(
    pod: Pod,
    type: 'Normal' | 'Warning',
    reason: string,
    action: string,
    note: string,
    related?: Pod,
  ): void {
    const about = (subject: Pod) => subjectOf(subject, RESOURCES.pods);
    this.#recorder.event(about(pod), type, reason, action, note, related && about(related));
  }
}

function mayHaveVictims({ pod, nodes }: CycleState, { refused }: Diagnosis): boolean {
  const priority = priorityOf(pod.pod);
  return nodes.some(
    ({ name, pods }) =>
      refused.get(name)?.code === 'Unschedulable' &&
      [...pods.values()].some((other) => priorityOf(other.pod) < priority),
  );
}

/** A strategic merge patch that sets one condition and keeps the order of the others. */
function conditionPatch(pod: Pod, condition: PodCondition, nominatedNodeName?: string | null): object {
  const types = (pod.status?.conditions ?? []).map(({ type }) => ({ type }));
  if (!types.some(({ type }) => type === condition.type)) types.push({ type: condition.type });
  return {
    metadata: { uid: pod.metadata!.uid },
    status: {
      '$setElementOrder/conditions': types,
      conditions: [condition],
      ...(nominatedNodeName !== undefined && { nominatedNodeName }),
    },
  };
}

function isServerError(error: unknown): error is StatusError | ConnectionError {
  return error instanceof StatusError || error instanceof ConnectionError;
}
