import type { ControllerRevision, DaemonSet } from 'kubernetes-types/apps/v1';
import { semanticEqual } from '../../apimachinery/copy.ts';
import type { Selector } from '../../apimachinery/labels/selector.ts';
import { isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { RetryError } from '../../client-go/util/workqueue/run-workers.ts';
import { claimObjects } from '../util/controller-ref-manager.ts';
import { controllerOf, controllerRef } from '../util/owner.ts';
import { computeHash } from '../util/template-hash.ts';
import { HASH_LABEL } from './daemon-pods.ts';

export interface History {
  readonly current: ControllerRevision;
  readonly old: readonly ControllerRevision[];
}

/**
 * The ControllerRevision of the set's template, made if there is none, and those of earlier ones.
 * Models pkg/controller/daemon/update.go constructHistory.
 */
export async function constructHistory(
  client: RestClient,
  set: DaemonSet,
  selector: Selector,
  revisions: readonly ControllerRevision[],
): Promise<History> {
  const own = await claimObjects(
    client,
    set,
    RESOURCES.daemonSets,
    RESOURCES.controllerRevisions,
    selector,
    revisions,
  );
  const data = patchOf(set);
  const found = own.filter((revision) => semanticEqual(revision.data, data));
  const last = Math.max(0, ...own.map(({ revision }) => revision));
  const current = found.sort((a, b) => b.revision - a.revision)[0];
  if (current === undefined) return { current: await snapshot(client, set, data, last + 1), old: own };
  const old = own.filter((revision) => revision !== current);
  const lastOld = Math.max(0, ...old.map(({ revision }) => revision));
  if (current.revision > lastOld) return { current, old };
  const { namespace } = set.metadata!;
  const raised = await client.update<ControllerRevision>(
    RESOURCES.controllerRevisions,
    { ...current, revision: lastOld + 1 } as { metadata: { name: string } },
    { namespace },
  );
  return { current: raised, old };
}

/** What a rollback would patch the set with. Models getPatch. */
function patchOf(set: DaemonSet): object {
  return { spec: { template: { ...set.spec!.template, $patch: 'replace' } } };
}

async function snapshot(
  client: RestClient,
  set: DaemonSet,
  data: object,
  revision: number,
): Promise<ControllerRevision> {
  const { name, namespace, annotations } = set.metadata!;
  const hash = computeHash(set.spec!.template, set.status?.collisionCount);
  const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...copied } = annotations ?? {};
  const object = {
    kind: 'ControllerRevision',
    apiVersion: 'apps/v1',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...set.spec!.template.metadata?.labels, [HASH_LABEL]: hash },
      annotations: copied,
      ownerReferences: [controllerRef(set, RESOURCES.daemonSets)],
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

/** Deletes the oldest revisions beyond the limit that no pod uses. Models cleanupHistory. */
export async function cleanupHistory(
  client: RestClient,
  set: DaemonSet,
  old: readonly ControllerRevision[],
  liveHashes: ReadonlySet<string>,
): Promise<void> {
  const toKeep = set.spec!.revisionHistoryLimit ?? 10;
  const idle = old.filter(({ metadata }) => !liveHashes.has(metadata!.labels?.[HASH_LABEL] ?? ''));
  const oldest = [...idle].sort((a, b) => a.revision - b.revision);
  for (const { metadata } of oldest.slice(0, Math.max(0, old.length - toKeep))) {
    await client.delete(RESOURCES.controllerRevisions, metadata!.name!, {
      namespace: metadata!.namespace,
    });
  }
}
