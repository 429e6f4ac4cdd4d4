import type { Namespace, NamespaceCondition } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../apimachinery/object.ts';
import { formatTime } from '../../apimachinery/object.ts';
import { isReason } from '../../apimachinery/status.ts';
import type { Clock } from '../../clock/clock.ts';
import {
  type DiscoveredResource,
  serverPreferredResources,
} from '../../client-go/discovery/discovery-client.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { isServerError } from '../util/pod-control.ts';

const FINALIZER = 'kubernetes';

/** What is left of one kind. */
interface Remaining {
  readonly resource: string;
  readonly count: number;
  readonly finalizers: ReadonlyMap<string, number>;
  /** Seconds until it may be gone. */
  readonly graceSeconds: number;
}

/**
 * Empties a namespace that is being deleted and lets it go when it is empty.
 * Resolves to the seconds after which to come back; undefined if all is done.
 *
 * Models pkg/controller/namespace/deletion namespacedResourcesDeleter.
 */
export async function deleteNamespaceContent(
  client: RestClient,
  clock: Clock,
  name: string,
): Promise<number | undefined> {
  let namespace: Namespace;
  try {
    namespace = await client.get<Namespace>(RESOURCES.namespaces, name);
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
  if (namespace.metadata?.deletionTimestamp === undefined) return undefined;
  if (namespace.status?.phase !== 'Terminating') {
    namespace = await updateStatus(client, {
      ...namespace,
      status: { ...namespace.status, phase: 'Terminating' },
    });
  }
  if (!namespace.spec?.finalizers?.includes(FINALIZER)) return undefined;
  const resources = (await serverPreferredResources(client)).filter(
    ({ namespaced, verbs }) => namespaced && verbs.includes('delete') && verbs.includes('list'),
  );
  const remaining: Remaining[] = [];
  const failures: string[] = [];
  for (const resource of resources) {
    try {
      const left = await deleteAll(client, resource, name);
      if (left !== undefined) remaining.push(left);
    } catch (error) {
      if (!isServerError(error)) throw error;
      failures.push(error.message);
    }
  }
  const conditions = conditionsOf(namespace, remaining, failures, clock.now());
  if (conditions !== undefined) {
    namespace = await updateStatus(client, { ...namespace, status: { ...namespace.status, conditions } });
  }
  if (failures.length > 0) return 1;
  if (remaining.length > 0) {
    const grace = Math.max(...remaining.map(({ graceSeconds }) => graceSeconds));
    return Math.floor(grace / 2) + 1;
  }
  await finalize(client, namespace);
  return undefined;
}

function updateStatus(client: RestClient, namespace: Namespace): Promise<Namespace> {
  return client.update<Namespace>(RESOURCES.namespaces, namespace as { metadata: { name: string } }, {
    subresource: 'status',
  });
}

/** Takes our finalizer off; the server then removes the namespace. */
async function finalize(client: RestClient, namespace: Namespace): Promise<void> {
  const finalizers = (namespace.spec?.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
  const body = { kind: 'Namespace', apiVersion: 'v1', ...namespace, spec: { ...namespace.spec, finalizers } };
  try {
    await client.update(RESOURCES.namespaces, body as { metadata: { name: string } }, {
      subresource: 'finalize',
    });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}

/**
 * Deletes all objects of a kind, without a look whether there are any; what stays has finalizers or time to end.
 * Models deleteAllContentForGroupVersionResource.
 */
async function deleteAll(
  client: RestClient,
  resource: DiscoveredResource,
  namespace: string,
): Promise<Remaining | undefined> {
  if (resource.verbs.includes('deletecollection')) {
    await client.deleteCollection(resource, { namespace, propagationPolicy: 'Background' });
  } else {
    const before = await client.list<KubeObject>(resource, { namespace });
    for (const { metadata } of before.items) {
      await client.delete(resource, metadata.name!, { namespace, propagationPolicy: 'Background' });
    }
  }
  const { items } = await client.list<KubeObject>(resource, { namespace });
  if (items.length === 0) return undefined;
  const finalizers = new Map<string, number>();
  for (const { metadata } of items) {
    for (const finalizer of metadata.finalizers ?? []) {
      finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
    }
  }
  const grace = items.map((item) => Number(item.metadata.deletionGracePeriodSeconds ?? 0));
  return {
    resource: `${resource.resource}.${resource.group}`,
    count: items.length,
    finalizers,
    graceSeconds: Math.max(finalizers.size > 0 ? 15 : 0, ...grace),
  };
}

/** The five conditions that say why a namespace stays; undefined if they are as they were. */
function conditionsOf(
  namespace: Namespace,
  remaining: readonly Remaining[],
  failures: readonly string[],
  now: number,
): NamespaceCondition[] | undefined {
  const content = remaining.map(({ resource, count }) => `${resource} has ${count} resource instances`);
  const held = new Map<string, number>();
  for (const { finalizers } of remaining) {
    for (const [finalizer, count] of finalizers) held.set(finalizer, (held.get(finalizer) ?? 0) + count);
  }
  const finalizers = [...held].map(([name, count]) => `${name} in ${count} resource instances`).sort();
  const rows: readonly (readonly [
    type: string,
    isBad: boolean,
    reason: string,
    bad: string,
    good: string,
    goodReason: string,
  ])[] = [
    [
      'NamespaceDeletionDiscoveryFailure',
      false,
      '',
      '',
      'All resources successfully discovered',
      'ResourcesDiscovered',
    ],
    [
      'NamespaceDeletionGroupVersionParsingFailure',
      false,
      '',
      '',
      'All legacy kube types successfully parsed',
      'ParsedGroupVersions',
    ],
    [
      'NamespaceDeletionContentFailure',
      failures.length > 0,
      'ContentDeletionFailed',
      `Failed to delete all resource types, ${failures.length} remaining: ${failures.join(', ')}`,
      'All content successfully deleted, may be waiting on finalization',
      'ContentDeleted',
    ],
    [
      'NamespaceContentRemaining',
      content.length > 0,
      'SomeResourcesRemain',
      `Some resources are remaining: ${content.join(', ')}`,
      'All content successfully removed',
      'ContentRemoved',
    ],
    [
      'NamespaceFinalizersRemaining',
      finalizers.length > 0,
      'SomeFinalizersRemain',
      `Some content in the namespace has finalizers remaining: ${finalizers.join(', ')}`,
      'All content-preserving finalizers finished',
      'ContentHasNoFinalizers',
    ],
  ];
  const known = namespace.status?.conditions ?? [];
  let changed = false;
  const conditions = rows.map(([type, isBad, badReason, bad, good, goodReason]): NamespaceCondition => {
    const old = known.find((condition) => condition.type === type);
    const status = isBad ? 'True' : 'False';
    const [reason, message] = isBad ? [badReason, bad] : [goodReason, good];
    if (old?.status === status && old.reason === reason && old.message === message) return old;
    changed = true;
    return { type, status, lastTransitionTime: formatTime(now), reason, message };
  });
  return changed ? conditions : undefined;
}
