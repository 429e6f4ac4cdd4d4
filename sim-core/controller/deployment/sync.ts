import type { Deployment, DeploymentStatus, ReplicaSet } from 'kubernetes-types/apps/v1';
import type { Pod, PodTemplateSpec } from 'kubernetes-types/core/v1';
import { deepEqual, semanticEqual } from '../../apimachinery/copy.ts';
import { isReason } from '../../apimachinery/status.ts';
import type { Clock } from '../../clock/clock.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { type EventRecorder, subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { controllerOf, controllerRef } from '../util/owner.ts';
import { isNamespaceTerminating, isServerError } from '../util/pod-control.ts';
import { isPodTerminal } from '../util/pods.ts';
import { computeHash } from '../util/template-hash.ts';
import { maxRevision, newSetAnnotations, replicasAnnotations, REVISION, revisionOf } from './annotations.ts';
import { conditionOf, hasProgressDeadline, newCondition, withCondition } from './conditions.ts';
import { isActive, isRollingUpdate, newReplicas, replicasOf } from './limits.ts';
import { calculateStatus, isComplete, nextDeadlineCheck, rolloutStatus } from './progress.ts';
import { isScalingEvent, proportionalSizes } from './proportional.ts';
import { equalIgnoringHash, findNewSet, HASH_LABEL } from './replica-sets.ts';
import { shrinkOldSets } from './rolling.ts';

interface Sets {
  readonly newSet: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

/** What a sync asks of its controller. */
export interface SyncSupport {
  /** The pods of all the Deployment's sets. */
  pods(): readonly Pod[];
  /** Told of each answer to a write. */
  wroteDeployment(deployment: Deployment): Deployment;
  wroteSet(set: ReplicaSet): ReplicaSet;
}

/** One look at one Deployment. Models pkg/controller/deployment syncDeployment and sync.go. */
export class DeploymentSync {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #recorder: EventRecorder;
  readonly #sets: readonly ReplicaSet[];
  readonly #support: SyncSupport;
  /** What the server has, as far as this sync has written it. */
  #deployment: Deployment;

  /** `sets` are the Deployment's own. */
  constructor(
    client: RestClient,
    clock: Clock,
    recorder: EventRecorder,
    deployment: Deployment,
    sets: readonly ReplicaSet[],
    support: SyncSupport,
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#recorder = recorder;
    this.#deployment = deployment;
    this.#sets = sets;
    this.#support = support;
  }

  /** Resolves to the milliseconds after which the progress deadline must be checked, if it must. */
  async run(): Promise<number | undefined> {
    if (this.#deployment.metadata!.deletionTimestamp !== undefined) {
      return this.#syncStatusOnly(await this.#newAndOldSets(false));
    }
    await this.#checkPaused();
    if (this.#deployment.spec!.paused || isScalingEvent(this.#deployment, this.#sets)) {
      return this.#scaleOnly();
    }
    return isRollingUpdate(this.#deployment) ? this.#rollingUpdate() : this.#recreate();
  }

  async #rollingUpdate(): Promise<number | undefined> {
    const sets = await this.#newAndOldSets(true);
    const newSet = sets.newSet!;
    const all = [...sets.old, newSet];
    const wanted = replicasOf(this.#deployment);
    const current = replicasOf(newSet);
    const size =
      current > wanted ? wanted : current === wanted ? wanted : newReplicas(this.#deployment, all, current);
    if (size !== current) {
      const scaled = await this.#scale(newSet, size);
      return this.#syncRolloutStatus({ newSet: scaled, old: sets.old });
    }
    const shrinking = shrinkOldSets(this.#deployment, all, sets.old.filter(isActive), newSet);
    if (shrinking.length > 0) {
      const old = [...sets.old];
      for (const { set, replicas } of shrinking) old[old.indexOf(set)] = await this.#scale(set, replicas);
      return this.#syncRolloutStatus({ newSet, old });
    }
    if (isComplete(this.#deployment, this.#deployment.status)) await this.#cleanup(sets.old);
    return this.#syncRolloutStatus(sets);
  }

  /** Models pkg/controller/deployment/recreate.go rolloutRecreate. */
  async #recreate(): Promise<number | undefined> {
    let sets = await this.#newAndOldSets(false);
    const active = sets.old.filter(isActive);
    if (active.length > 0) {
      const old = [...sets.old];
      for (const set of active) old[old.indexOf(set)] = await this.#scale(set, 0);
      return this.#syncRolloutStatus({ newSet: sets.newSet, old });
    }
    const newUid = sets.newSet?.metadata!.uid;
    if (this.#support.pods().some((pod) => controllerOf(pod)?.uid !== newUid && !isPodTerminal(pod))) {
      return this.#syncRolloutStatus(sets);
    }
    if (sets.newSet === undefined) sets = await this.#newAndOldSets(true);
    const newSet = await this.#scale(sets.newSet!, replicasOf(this.#deployment));
    if (isComplete(this.#deployment, this.#deployment.status)) await this.#cleanup(sets.old);
    return this.#syncRolloutStatus({ newSet, old: sets.old });
  }

  /** For a Deployment that is paused or was scaled. Models sync and scale. */
  async #scaleOnly(): Promise<number | undefined> {
    const sets = await this.#newAndOldSets(false);
    const result = await this.#scaleSets(sets);
    if (this.#deployment.spec!.paused) await this.#cleanup(result.old);
    return this.#syncStatusOnly(result);
  }

  async #scaleSets({ newSet, old }: Sets): Promise<Sets> {
    const all = newSet === undefined ? old : [...old, newSet];
    const active = all.filter(isActive);
    const wanted = replicasOf(this.#deployment);
    const replace = new Map<ReplicaSet, ReplicaSet>();
    const scale = async (set: ReplicaSet, replicas: number) =>
      void replace.set(set, await this.#scale(set, replicas));
    if (active.length <= 1) {
      const latest = active[0] ?? newSet ?? old[0];
      if (latest !== undefined && replicasOf(latest) !== wanted) await scale(latest, wanted);
    } else if (newSet !== undefined && isSaturated(this.#deployment, newSet)) {
      for (const set of old.filter(isActive)) await scale(set, 0);
    } else if (isRollingUpdate(this.#deployment)) {
      for (const { set, replicas } of proportionalSizes(this.#deployment, active)) {
        await scale(set, replicas);
      }
    }
    const current = (set: ReplicaSet) => replace.get(set) ?? set;
    return { newSet: newSet && current(newSet), old: old.map(current) };
  }

  /** Models getAllReplicaSetsAndSyncRevision; with `create` there is a new set afterwards. */
  async #newAndOldSets(create: boolean): Promise<Sets> {
    const found = findNewSet(this.#deployment, this.#sets);
    const old = this.#sets.filter((set) => set !== found);
    const revision = maxRevision(old) + 1;
    if (found !== undefined) return { newSet: await this.#refreshNewSet(found, revision), old };
    return { newSet: create ? await this.#createNewSet(old, revision) : undefined, old };
  }

  async #refreshNewSet(set: ReplicaSet, revision: number): Promise<ReplicaSet> {
    const annotations = newSetAnnotations(this.#deployment, set.metadata!.annotations ?? {}, revision);
    const minReadySeconds = this.#deployment.spec!.minReadySeconds ?? 0;
    if (
      !deepEqual(annotations, set.metadata!.annotations ?? {}) ||
      minReadySeconds !== (set.spec!.minReadySeconds ?? 0)
    ) {
      return this.#updateSet({
        ...set,
        metadata: { ...set.metadata, annotations },
        spec: { ...set.spec!, minReadySeconds },
      });
    }
    const needsCondition =
      hasProgressDeadline(this.#deployment) &&
      conditionOf(this.#deployment.status, 'Progressing') === undefined;
    const message = `Found new replica set ${JSON.stringify(set.metadata!.name)}`;
    await this.#setRevision(
      annotations[REVISION]!,
      needsCondition ? { reason: 'FoundNewReplicaSet', message } : undefined,
    );
    return set;
  }

  async #createNewSet(old: readonly ReplicaSet[], revision: number): Promise<ReplicaSet> {
    const set = this.#makeSet(old, revision);
    const { namespace, name } = set.metadata!;
    let created: ReplicaSet;
    try {
      created = await this.#client.create<ReplicaSet>(RESOURCES.replicaSets, set, { namespace });
    } catch (error) {
      if (isReason(error, 'AlreadyExists')) return this.#resolveCollision(name!, error);
      await this.#reportCreateFailure(name!, error);
      throw error;
    }
    const size = replicasOf(created);
    if (size > 0) this.#event('Normal', 'ScalingReplicaSet', `Scaled up replica set ${name} to ${size}`);
    await this.#setRevision(
      String(revision),
      hasProgressDeadline(this.#deployment)
        ? {
            reason: 'NewReplicaSetCreated',
            message: `Created new replica set ${JSON.stringify(name)}`,
          }
        : undefined,
    );
    return created;
  }

  #makeSet(old: readonly ReplicaSet[], revision: number): ReplicaSet {
    const { metadata, spec, status } = this.#deployment;
    const hash = computeHash(spec!.template, status?.collisionCount);
    const labels = { ...spec!.template.metadata?.labels, [HASH_LABEL]: hash };
    const template: PodTemplateSpec = {
      ...spec!.template,
      metadata: { ...spec!.template.metadata, labels },
    };
    const { selector } = spec!;
    return {
      kind: 'ReplicaSet',
      apiVersion: 'apps/v1',
      metadata: {
        name: `${metadata!.name}-${hash}`,
        namespace: metadata!.namespace!,
        labels,
        annotations: newSetAnnotations(this.#deployment, undefined, revision),
        ownerReferences: [controllerRef(this.#deployment, RESOURCES.deployments)],
      },
      spec: {
        replicas: newReplicas(this.#deployment, old, 0),
        ...(spec!.minReadySeconds && { minReadySeconds: spec!.minReadySeconds }),
        selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
        template,
      },
    };
  }

  /** The name is taken: by our own set, or by another template with the same hash. */
  async #resolveCollision(name: string, error: unknown): Promise<ReplicaSet> {
    const { namespace, uid } = this.#deployment.metadata!;
    const known = await this.#client.get<ReplicaSet>(RESOURCES.replicaSets, name, { namespace });
    const { template } = this.#deployment.spec!;
    if (controllerOf(known)?.uid === uid && equalIgnoringHash(known.spec!.template!, template)) return known;
    const collisionCount = (this.#deployment.status?.collisionCount ?? 0) + 1;
    await this.#updateStatus({ ...this.#deployment.status, collisionCount });
    throw error;
  }

  async #reportCreateFailure(name: string, error: unknown): Promise<void> {
    if (!isServerError(error) || isNamespaceTerminating(error)) return;
    const message = `Failed to create new replica set ${JSON.stringify(name)}: ${error.message}`;
    if (hasProgressDeadline(this.#deployment)) {
      await this.#setCondition('False', 'ReplicaSetCreateError', message);
    }
    this.#event('Warning', 'ReplicaSetCreateError', message);
  }

  /** Writes the revision, and a Progressing condition with it, if they are not there yet. */
  async #setRevision(
    revision: string,
    condition: { readonly reason: string; readonly message: string } | undefined,
  ): Promise<void> {
    const { metadata, status } = this.#deployment;
    if (metadata!.annotations?.[REVISION] === revision && condition === undefined) return;
    const annotations = { ...metadata!.annotations, [REVISION]: revision };
    const conditions = status?.conditions ?? [];
    const { reason, message } = condition ?? { reason: '', message: '' };
    await this.#writeStatus({
      ...this.#deployment,
      metadata: { ...metadata, annotations },
      status: {
        ...status,
        conditions:
          condition === undefined
            ? conditions
            : withCondition(
                conditions,
                newCondition('Progressing', 'True', reason, message, this.#clock.now()),
              ),
      },
    });
  }

  async #setCondition(value: 'True' | 'False' | 'Unknown', reason: string, message: string): Promise<void> {
    const condition = newCondition('Progressing', value, reason, message, this.#clock.now());
    const conditions = withCondition(this.#deployment.status?.conditions ?? [], condition);
    await this.#updateStatus({ ...this.#deployment.status, conditions });
  }

  /** Models checkPausedConditions. */
  async #checkPaused(): Promise<void> {
    if (!hasProgressDeadline(this.#deployment)) return;
    const reason = conditionOf(this.#deployment.status, 'Progressing')?.reason;
    if (reason === 'ProgressDeadlineExceeded') return;
    const { paused } = this.#deployment.spec!;
    if (paused && reason !== 'DeploymentPaused') {
      await this.#setCondition('Unknown', 'DeploymentPaused', 'Deployment is paused');
    } else if (!paused && reason === 'DeploymentPaused') {
      await this.#setCondition('Unknown', 'DeploymentResumed', 'Deployment is resumed');
    }
  }

  /** Sizes a set, with an event if its size changes. Models scaleReplicaSet. */
  async #scale(set: ReplicaSet, replicas: number): Promise<ReplicaSet> {
    const annotations = { ...set.metadata!.annotations, ...replicasAnnotations(this.#deployment) };
    const before = replicasOf(set);
    if (before === replicas && deepEqual(annotations, set.metadata!.annotations)) return set;
    const updated = await this.#updateSet({
      ...set,
      metadata: { ...set.metadata, annotations },
      spec: { ...set.spec!, replicas },
    });
    if (before !== replicas) {
      const direction = before < replicas ? 'up' : 'down';
      this.#event(
        'Normal',
        'ScalingReplicaSet',
        `Scaled ${direction} replica set ${set.metadata!.name} to ${replicas} from ${before}`,
      );
    }
    return updated;
  }

  /** Deletes the oldest sets beyond the history limit. Models cleanupDeployment. */
  async #cleanup(old: readonly ReplicaSet[]): Promise<void> {
    const limit = this.#deployment.spec!.revisionHistoryLimit;
    if (limit === undefined) return;
    const alive = old.filter((set) => set.metadata!.deletionTimestamp === undefined);
    const oldest = [...alive].sort((a, b) => revisionOf(a) - revisionOf(b));
    for (const set of oldest.slice(0, Math.max(0, alive.length - limit))) {
      const { namespace, name, generation } = set.metadata!;
      const isIdle =
        (set.status?.replicas ?? 0) === 0 &&
        replicasOf(set) === 0 &&
        generation! <= (set.status?.observedGeneration ?? 0);
      if (!isIdle) continue;
      try {
        await this.#client.delete(RESOURCES.replicaSets, name!, { namespace });
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
      }
    }
  }

  async #syncStatusOnly({ newSet, old }: Sets): Promise<number | undefined> {
    const all = newSet === undefined ? old : [...old, newSet];
    const status = calculateStatus(this.#deployment, all, newSet, this.#clock.now());
    if (!isSameStatus(this.#deployment.status, status)) await this.#updateStatus(status);
    return undefined;
  }

  async #syncRolloutStatus({ newSet, old }: Sets): Promise<number | undefined> {
    const all = newSet === undefined ? old : [...old, newSet];
    const status = rolloutStatus(this.#deployment, all, newSet, this.#clock.now());
    if (!isSameStatus(this.#deployment.status, status)) await this.#updateStatus(status);
    return nextDeadlineCheck(this.#deployment, status, this.#clock.now());
  }

  async #updateSet(set: ReplicaSet): Promise<ReplicaSet> {
    const { namespace } = set.metadata!;
    const body = set as { metadata: { name: string } };
    return this.#support.wroteSet(
      await this.#client.update<ReplicaSet>(RESOURCES.replicaSets, body, { namespace }),
    );
  }

  #updateStatus(status: DeploymentStatus): Promise<void> {
    return this.#writeStatus({ ...this.#deployment, status });
  }

  async #writeStatus(deployment: Deployment): Promise<void> {
    const { namespace } = deployment.metadata!;
    const body = { ...deployment, status: withoutZeros(deployment.status ?? {}) };
    this.#deployment = this.#support.wroteDeployment(
      await this.#client.update<Deployment>(RESOURCES.deployments, body as { metadata: { name: string } }, {
        namespace,
        subresource: 'status',
      }),
    );
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#recorder.event(subjectOf(this.#deployment, RESOURCES.deployments), type, reason, message);
  }
}

/** The new set has all it should have. Models IsSaturated. */
function isSaturated(deployment: Deployment, newSet: ReplicaSet): boolean {
  const wanted = replicasOf(deployment);
  return replicasOf(newSet) === wanted && newSet.status?.availableReplicas === wanted;
}

function isSameStatus(a: DeploymentStatus | undefined, b: DeploymentStatus): boolean {
  return semanticEqual(withoutZeros(a ?? {}), withoutZeros(b));
}

/** As Go leaves empty counts out. */
function withoutZeros(status: DeploymentStatus): DeploymentStatus {
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== 0));
}
