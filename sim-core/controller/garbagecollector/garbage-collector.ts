import type { OwnerReference } from 'kubernetes-types/meta/v1';
import type { KubeObject } from '../../apimachinery/object.ts';
import { apiVersionOf } from '../../apimachinery/object.ts';
import { isReason } from '../../apimachinery/status.ts';
import {
  type DiscoveredResource,
  serverPreferredResources,
} from '../../client-go/discovery/discovery-client.ts';
import type { PatchType } from '../../client-go/rest/client.ts';
import { Backoff } from '../../client-go/util/backoff.ts';
import { WorkQueue } from '../../client-go/util/workqueue/queue.ts';
import { RetryError, runWorkers } from '../../client-go/util/workqueue/run-workers.ts';
import type { Controller, ControllerContext } from '../controller-context.ts';
import { isServerError } from '../util/pod-control.ts';
import { FOREGROUND_FINALIZER, Graph, type GraphNode, ORPHAN_FINALIZER } from './graph.ts';

const WORKERS = 20;
/** Waits for a server whose discovery cannot be had yet. */
const BACKOFF = { initial: 1000, max: 30_000, reset: 60_000, factor: 2, jitter: 0.1 };
const VERBS = ['delete', 'list', 'watch'];
/** Objects that come and go too often to be worth following. Models DefaultIgnoredResources. */
const IGNORED = ['events'];

/** An object's owner references by what has become of the owners. */
interface Classified {
  readonly solid: readonly OwnerReference[];
  readonly dangling: readonly OwnerReference[];
  readonly waiting: readonly OwnerReference[];
}

/** A cluster-scoped object names an owner that lives in a namespace. */
class NamespacedOwnerError extends Error {
  override readonly name = 'NamespacedOwnerError';
}

/**
 * Deletes objects whose owners are gone, and carries out foreground and orphan deletions.
 * Models pkg/controller/garbagecollector GarbageCollector.
 */
export class GarbageCollector implements Controller {
  readonly #context: ControllerContext;
  readonly #graph: Graph;
  readonly #toDelete: WorkQueue;
  readonly #toOrphan: WorkQueue;
  /** By apiVersion and kind. */
  readonly #resources = new Map<string, DiscoveredResource>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#toDelete = new WorkQueue(context.clock, context.context);
    this.#toOrphan = new WorkQueue(context.clock, context.context);
    this.#graph = new Graph({
      attemptToDelete: ({ uid }) => this.#toDelete.add(uid),
      attemptToOrphan: ({ uid }) => this.#toOrphan.add(uid),
    });
  }

  async run(): Promise<void> {
    const { informers, context } = this.#context;
    await this.#discover();
    if (context.cancelled) return;
    const running = informers.run(context);
    await informers.synced(context);
    await Promise.all([
      running,
      runWorkers(this.#toDelete, WORKERS, (uid) => this.#processDelete(uid)),
      runWorkers(this.#toOrphan, WORKERS, (uid) => this.#attemptToOrphan(uid)),
    ]);
  }

  /** Follows every resource that can be deleted. */
  async #discover(): Promise<void> {
    const { client, clock, rand, context } = this.#context;
    const backoff = new Backoff(clock, rand, BACKOFF);
    while (!context.cancelled) {
      try {
        for (const resource of await serverPreferredResources(client)) this.#follow(resource);
        return;
      } catch (error) {
        if (!isServerError(error)) throw error;
        await backoff.wait(context);
      }
    }
  }

  #follow(resource: DiscoveredResource): void {
    const apiVersion = apiVersionOf(resource);
    this.#resources.set(`${apiVersion}/${resource.kind}`, resource);
    if (IGNORED.includes(resource.resource) || !VERBS.every((verb) => resource.verbs.includes(verb))) return;
    const kind = { apiVersion, kind: resource.kind };
    const set = (object: KubeObject) => this.#graph.set(resource, kind, object);
    this.#context.informers.for<KubeObject>(resource).addHandler({
      onAdd: set,
      onUpdate: (_, object) => set(object),
      onDelete: ({ metadata }) => this.#graph.remove(metadata.uid!),
    });
  }

  /** Models attemptToDeleteWorker. */
  async #processDelete(uid: string): Promise<void> {
    try {
      await this.#attemptToDelete(uid);
    } catch (error) {
      // What is wrong with such an object no retry will change.
      if (!(error instanceof NamespacedOwnerError)) throw error;
    }
  }

  /** Models attemptToDeleteItem. */
  async #attemptToDelete(uid: string): Promise<void> {
    const node = this.#graph.get(uid);
    if (node === undefined || (node.beingDeleted && !node.deletingDependents)) return;
    const latest = await this.#latest(node);
    if (latest === undefined) {
      this.#graph.markAbsent(node);
      this.#graph.remove(uid);
      return;
    }
    if (node.virtual) return;
    if (node.deletingDependents) return this.#continueForeground(node, latest);
    const references = (latest.metadata.ownerReferences ?? []) as OwnerReference[];
    if (references.length === 0) return;
    const { solid, dangling, waiting } = await this.#classify(node, references);
    if (solid.length > 0) {
      const gone = [...dangling, ...waiting].map((reference) => reference.uid);
      if (gone.length > 0) await this.#dropOwners(node, gone);
      return;
    }
    if (waiting.length > 0 && node.dependents.size > 0) {
      if ([...node.dependents].some((dependent) => dependent.deletingDependents)) {
        await this.#unblockOwners(node, references);
      }
      return this.#delete(node, 'Foreground');
    }
    const finalizers = latest.metadata.finalizers ?? [];
    if (finalizers.includes(ORPHAN_FINALIZER)) return this.#delete(node, 'Orphan');
    if (finalizers.includes(FOREGROUND_FINALIZER)) return this.#delete(node, 'Foreground');
    return this.#delete(node, 'Background');
  }

  /** The object as the server has it; undefined if it is gone or another has its name. */
  async #latest(node: GraphNode): Promise<KubeObject | undefined> {
    const resource = this.#resourceOf(node);
    if (resource === undefined) throw new RetryError(`no resource serves ${node.apiVersion} ${node.kind}`);
    if (resource.namespaced && node.namespace === '') throw new NamespacedOwnerError();
    try {
      const object = await this.#context.client.get<KubeObject>(resource, node.name, {
        namespace: resource.namespaced ? node.namespace : undefined,
      });
      return object.metadata.uid === node.uid ? object : undefined;
    } catch (error) {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  #resourceOf({ apiVersion, kind }: { apiVersion: string; kind: string }): DiscoveredResource | undefined {
    return this.#resources.get(`${apiVersion}/${kind}`);
  }

  /** Models classifyReferences. */
  async #classify(node: GraphNode, references: readonly OwnerReference[]): Promise<Classified> {
    const solid: OwnerReference[] = [];
    const dangling: OwnerReference[] = [];
    const waiting: OwnerReference[] = [];
    for (const reference of references) {
      const owner = await this.#ownerOf(node, reference);
      if (owner === undefined) dangling.push(reference);
      else if (
        owner.metadata.deletionTimestamp !== undefined &&
        owner.metadata.finalizers?.includes(FOREGROUND_FINALIZER)
      ) {
        waiting.push(reference);
      } else solid.push(reference);
    }
    return { solid, dangling, waiting };
  }

  /** The owner itself; undefined if there is no such object. Models isDangling. */
  async #ownerOf(node: GraphNode, reference: OwnerReference): Promise<KubeObject | undefined> {
    const { apiVersion, kind, name, uid } = reference;
    const at = (namespace: string) => ({ apiVersion, kind, namespace, name, uid });
    if (this.#graph.isAbsent(at('')) || this.#graph.isAbsent(at(node.namespace))) return undefined;
    const resource = this.#resourceOf(reference);
    if (resource === undefined) {
      throw new RetryError(`no resource serves ${reference.apiVersion} ${reference.kind}`);
    }
    if (resource.namespaced && node.namespace === '') throw new NamespacedOwnerError();
    try {
      const owner = await this.#context.client.get<KubeObject>(resource, reference.name, {
        namespace: resource.namespaced ? node.namespace : undefined,
      });
      if (owner.metadata.uid === reference.uid) return owner;
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
    this.#graph.markAbsent(at(resource.namespaced ? node.namespace : ''));
    return undefined;
  }

  /** An owner that waits goes when nothing that blocks it is left. Models processDeletingDependentsItem. */
  async #continueForeground(node: GraphNode, latest: KubeObject): Promise<void> {
    const blocking = [...node.dependents].filter((dependent) =>
      dependent.owners.some((owner) => owner.uid === node.uid && owner.blockOwnerDeletion),
    );
    if (blocking.length === 0) return this.#removeFinalizer(node, latest, FOREGROUND_FINALIZER);
    for (const dependent of blocking) {
      if (!dependent.deletingDependents) this.#toDelete.add(dependent.uid);
    }
  }

  /** Models attemptToOrphanWorker: the dependents forget their owner, then the owner may go. */
  async #attemptToOrphan(uid: string): Promise<void> {
    const node = this.#graph.get(uid);
    if (node === undefined) return;
    await Promise.all([...node.dependents].map((dependent) => this.#dropOwners(dependent, [uid])));
    const latest = await this.#latest(node);
    if (latest !== undefined) await this.#removeFinalizer(node, latest, ORPHAN_FINALIZER);
  }

  async #delete(node: GraphNode, propagationPolicy: 'Orphan' | 'Foreground' | 'Background'): Promise<void> {
    const preconditions = { uid: node.uid };
    try {
      await this.#context.client.delete(node.resource!, node.name, {
        namespace: node.namespace,
        preconditions,
        propagationPolicy,
      });
    } catch (error) {
      if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
    }
  }

  #dropOwners(node: GraphNode, owners: readonly string[]): Promise<void> {
    const ownerReferences = owners.map((uid) => ({ $patch: 'delete', uid }));
    return this.#patch(node, 'strategic', { metadata: { ownerReferences, uid: node.uid } });
  }

  /** Models unblockOwnerReferencesStrategicMergePatch. */
  #unblockOwners(node: GraphNode, references: readonly OwnerReference[]): Promise<void> {
    const ownerReferences = references
      .filter(({ blockOwnerDeletion }) => blockOwnerDeletion)
      .map((reference) => ({ ...reference, blockOwnerDeletion: false }));
    return this.#patch(node, 'strategic', { metadata: { ownerReferences, uid: node.uid } });
  }

  #removeFinalizer(node: GraphNode, latest: KubeObject, finalizer: string): Promise<void> {
    const finalizers = (latest.metadata.finalizers ?? []).filter((other) => other !== finalizer);
    if (finalizers.length === (latest.metadata.finalizers ?? []).length) return Promise.resolve();
    const { resourceVersion } = latest.metadata;
    return this.#patch(node, 'merge', { metadata: { resourceVersion, finalizers } });
  }

  async #patch(node: GraphNode, type: PatchType, patch: object): Promise<void> {
    try {
      await this.#context.client.patch(node.resource!, node.name, type, patch, { namespace: node.namespace });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  }
}
