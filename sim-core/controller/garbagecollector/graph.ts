import type { OwnerReference } from 'kubernetes-types/meta/v1';
import type { GroupVersionResource, KubeObject } from '../../apimachinery/object.ts';

export const ORPHAN_FINALIZER = 'orphan';
export const FOREGROUND_FINALIZER = 'foregroundDeletion';

/** What the collector knows of an object. */
export interface Identity {
  readonly uid: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** "" for a cluster-scoped object. */
  readonly namespace: string;
  readonly name: string;
}

/** An object, its owners and what it owns. Models pkg/controller/garbagecollector node. */
export interface GraphNode extends Identity {
  resource: GroupVersionResource | undefined;
  owners: readonly OwnerReference[];
  readonly dependents: Set<GraphNode>;
  /** Known only because others name it as their owner. */
  virtual: boolean;
  beingDeleted: boolean;
  /** In a foreground deletion: waits for its dependents to go. */
  deletingDependents: boolean;
}

/** What a change of the graph calls for. */
export interface GraphWork {
  attemptToDelete(node: GraphNode): void;
  attemptToOrphan(node: GraphNode): void;
}

/** How many absent owners are remembered. */
const ABSENT_OWNERS = 500;

/**
 * Who owns whom, kept up to date by the informers:
 *
 *     Deployment web ◄─ ReplicaSet web-5d ◄─ Pod web-5d-x, Pod web-5d-y
 *
 * Models pkg/controller/garbagecollector GraphBuilder.
 */
export class Graph {
  readonly #work: GraphWork;
  readonly #nodes = new Map<string, GraphNode>();
  readonly #absent = new Set<string>();

  constructor(work: GraphWork) {
    this.#work = work;
  }

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid);
  }

  /** True if such an owner is known not to be there. */
  isAbsent(owner: Identity): boolean {
    return this.#absent.has(coordinatesOf(owner));
  }

  /** Remembers that there is no such object, or no more. Models the absentOwnerCache. */
  markAbsent(owner: Identity): void {
    const key = coordinatesOf(owner);
    this.#absent.delete(key);
    this.#absent.add(key);
    if (this.#absent.size <= ABSENT_OWNERS) return;
    for (const oldest of this.#absent) {
      this.#absent.delete(oldest);
      return;
    }
  }

  /** A new or changed object. */
  set(resource: GroupVersionResource, kind: Pick<Identity, 'apiVersion' | 'kind'>, object: KubeObject): void {
    const { uid, name, namespace = '', ownerReferences = [] } = object.metadata;
    let node = this.#nodes.get(uid!);
    const wasDeleted = node?.beingDeleted ?? false;
    const wasDeletingDependents = node?.deletingDependents ?? false;
    if (node === undefined) {
      node = {
        uid: uid!,
        ...kind,
        namespace,
        name: name!,
        resource,
        owners: [],
        dependents: new Set(),
        virtual: false,
        beingDeleted: false,
        deletingDependents: false,
      };
      this.#nodes.set(node.uid, node);
    }
    node.virtual = false;
    node.resource = resource;
    if (!isSame(node.owners, ownerReferences)) this.#setOwners(node, ownerReferences);
    node.beingDeleted = object.metadata.deletionTimestamp !== undefined;
    if (!node.beingDeleted) return;
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.includes(ORPHAN_FINALIZER) && !wasDeleted) this.#work.attemptToOrphan(node);
    node.deletingDependents = finalizers.includes(FOREGROUND_FINALIZER);
    if (!node.deletingDependents || wasDeletingDependents) return;
    for (const dependent of node.dependents) this.#work.attemptToDelete(dependent);
    this.#work.attemptToDelete(node);
  }

  /** An object is gone. */
  remove(uid: string): void {
    const node = this.#nodes.get(uid);
    if (node === undefined) return;
    this.#nodes.delete(uid);
    for (const { uid: owner } of node.owners) this.#nodes.get(owner)?.dependents.delete(node);
    if (node.dependents.size > 0) this.markAbsent(node);
    for (const dependent of node.dependents) this.#work.attemptToDelete(dependent);
    for (const { uid: owner } of node.owners) {
      const waiting = this.#nodes.get(owner);
      if (waiting?.deletingDependents) this.#work.attemptToDelete(waiting);
    }
  }

  #setOwners(node: GraphNode, owners: readonly OwnerReference[]): void {
    const before = new Set(node.owners.map(({ uid }) => uid));
    const after = new Set(owners.map(({ uid }) => uid));
    const unblocked = node.owners.filter(
      (old) =>
        old.blockOwnerDeletion && !owners.some((owner) => owner.uid === old.uid && owner.blockOwnerDeletion),
    );
    for (const { uid } of node.owners) if (!after.has(uid)) this.#nodes.get(uid)?.dependents.delete(node);
    const added = owners.filter(({ uid }) => !before.has(uid));
    node.owners = owners;
    for (const owner of added) this.#addDependent(owner, node);
    for (const { uid } of unblocked) {
      const owner = this.#nodes.get(uid);
      if (owner?.deletingDependents) this.#work.attemptToDelete(owner);
    }
  }

  /** An owner that is not known may come yet, or may not exist: then the dependent must be looked at. */
  #addDependent(reference: OwnerReference, dependent: GraphNode): void {
    let owner = this.#nodes.get(reference.uid);
    if (owner === undefined) {
      owner = {
        uid: reference.uid,
        apiVersion: reference.apiVersion,
        kind: reference.kind,
        namespace: dependent.namespace,
        name: reference.name,
        resource: undefined,
        owners: [],
        dependents: new Set(),
        virtual: true,
        beingDeleted: false,
        deletingDependents: false,
      };
      this.#nodes.set(owner.uid, owner);
      this.#work.attemptToDelete(owner);
    }
    owner.dependents.add(dependent);
    if (owner.deletingDependents) this.#work.attemptToDelete(dependent);
  }
}

/** Nothing that the graph looks at differs. */
function isSame(a: readonly OwnerReference[], b: readonly OwnerReference[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      ({ uid, blockOwnerDeletion }, index) =>
        uid === b[index]!.uid && blockOwnerDeletion === b[index]!.blockOwnerDeletion,
    )
  );
}

const coordinatesOf = ({ apiVersion, kind, namespace, name, uid }: Identity): string =>
  [apiVersion, kind, namespace, name, uid].join('/');
