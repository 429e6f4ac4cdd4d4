import type { ControllerRevision } from 'kubernetes-types/apps/v1';
import type { PodTemplateSpec } from 'kubernetes-types/core/v1';
import type { ObjectMeta } from 'kubernetes-types/meta/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import { goJson } from '../../apimachinery/json/go-json.ts';
import type { Selector } from '../../apimachinery/labels/selector.ts';
import { isReason } from '../../apimachinery/status.ts';
import { type BuiltInResource, RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { RetryError } from '../../client-go/util/workqueue/run-workers.ts';
import { claimObjects } from '../util/controller-ref-manager.ts';
import { controllerOf, controllerRef } from '../util/owner.ts';
import { computeHash, hashRevision } from '../util/template-hash.ts';

/** A set whose templates are kept as ControllerRevisions. */
export interface RevisionOwner {
  readonly metadata?: ObjectMeta;
  readonly spec?: { readonly template: PodTemplateSpec; readonly revisionHistoryLimit?: number };
  readonly status?: { readonly collisionCount?: number };
}

export interface History {
  readonly current: ControllerRevision;
  /** Those of earlier templates, the oldest first. */
  readonly old: readonly ControllerRevision[];
}

/** What kind of set keeps its history, and the label under which a revision has its hash. */
export interface HistoryKind {
  readonly resource: BuiltInResource;
  readonly hashLabel: string;
  /** The part of a revision's name that tells it apart, from the set and what the revision keeps. */
  readonly hash: (set: RevisionOwner, data: object) => string;
}

/** Of the template. Models pkg/controller/daemon/update.go snapshot. */
export function hashOfTemplate({ spec, status }: RevisionOwner): string {
  return computeHash(spec!.template, status?.collisionCount || undefined);
}

/** Of what the revision keeps. Models pkg/controller/history NewControllerRevision. */
export function hashOfData({ status }: RevisionOwner, data: object): string {
  return hashRevision(goJson(data), status?.collisionCount ?? 0);
}

/**
 * The ControllerRevision of the set's template, made if there is none, and those of earlier ones.
 * Models pkg/controller/history and pkg/controller/daemon/update.go constructHistory.
 */
export async function constructHistory(
  client: RestClient,
  kind: HistoryKind,
  set: RevisionOwner,
  selector: Selector,
  revisions: readonly ControllerRevision[],
): Promise<History> {
  const own = await claimObjects(
    client,
    set,
    kind.resource,
    RESOURCES.controllerRevisions,
    selector,
    revisions,
  );
  own.sort((a, b) => a.revision - b.revision);
  const data = patchOf(set);
  const last = Math.max(0, ...own.map(({ revision }) => revision));
  const current = own.findLast((revision) => semanticEqual(revision.data, data));
  if (current === undefined) {
    return { current: await snapshot(client, kind, set, data, last + 1), old: own };
  }
  const old = own.filter((revision) => revision !== current);
  if (current.revision === last) return { current, old };
  const { namespace } = set.metadata!;
  const raised = await client.update<ControllerRevision>(
    RESOURCES.controllerRevisions,
    { ...current, revision: last + 1 } as { metadata: { name: string } },
    { namespace },
  );
  return { current: raised, old };
}

/** What a rollback would patch the set with; Go writes a time that is not set as null. Models getPatch. */
function patchOf({ spec }: RevisionOwner): object {
  const metadata = { creationTimestamp: null, ...spec!.template.metadata };
  return { spec: { template: { ...spec!.template, metadata, $patch: 'replace' } } };
}

/** The template that a revision keeps. */
export function templateOf({ data }: ControllerRevision): PodTemplateSpec {
  const { spec } = data as unknown as { spec: { template: PodTemplateSpec & { $patch?: string } } };
  const { $patch: _, ...template } = spec.template;
  return template;
}

async function snapshot(
  client: RestClient,
  kind: HistoryKind,
  set: RevisionOwner,
  data: object,
  revision: number,
): Promise<ControllerRevision> {
  const { name, namespace, annotations = {} } = set.metadata!;
  const hash = kind.hash(set, data);
  const object = {
    kind: 'ControllerRevision',
    apiVersion: 'apps/v1',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...set.spec!.template.metadata?.labels, [kind.hashLabel]: hash },
      annotations,
      ownerReferences: [controllerRef(set, kind.resource)],
    },
    data,
    revision,
  };
  try {
    return await client.create<ControllerRevision>(RESOURCES.controllerRevisions, object, { namespace });
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
  const known = await client.get<ControllerRevision>(RESOURCES.controllerRevisions, object.metadata.name, {
    namespace,
  });
  if (controllerOf(known)?.uid === set.metadata!.uid && semanticEqual(known.data, data)) return known;
  throw new RetryError(`the name ${object.metadata.name} is taken by another revision`);
}

/**
 * Deletes the oldest revisions beyond the limit for which `isLive` is false.
 * Models cleanupHistory and truncateHistory.
 */
export async function cleanupHistory(
  client: RestClient,
  set: RevisionOwner,
  old: readonly ControllerRevision[],
  isLive: (revision: ControllerRevision) => boolean,
): Promise<void> {
  const toKeep = set.spec!.revisionHistoryLimit ?? 10;
  const idle = old.filter((revision) => !isLive(revision));
  for (const { metadata } of idle.slice(0, Math.max(0, idle.length - toKeep))) {
    await client.delete(RESOURCES.controllerRevisions, metadata!.name!, {
      namespace: metadata!.namespace,
    });
  }
}
