import type { KubeObject } from '../../../apimachinery/object.ts';
import type { ParsedArguments } from '../../cobra/flags.ts';
import type { DryRun } from '../../genericclioptions/print-flags.ts';
import type { Invocation } from '../../invocation.ts';
import { Helper } from '../../resource/helper.ts';
import { apiVersionText, type RestMapping } from '../../resource/rest-mapper.ts';
import { deleteOptions } from './delete-options.ts';
import { LAST_APPLIED } from './last-applied.ts';

/** What is pruned if nobody says what: apiVersion and kind. Models pkg/util/prune. */
const DEFAULT_RESOURCES: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['v1', 'ConfigMap'],
  ['v1', 'Endpoints'],
  ['v1', 'PersistentVolumeClaim'],
  ['v1', 'Pod'],
  ['v1', 'ReplicationController'],
  ['v1', 'Secret'],
  ['v1', 'Service'],
  ['batch/v1', 'Job'],
  ['batch/v1', 'CronJob'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['apps/v1', 'DaemonSet'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'ReplicaSet'],
  ['apps/v1', 'StatefulSet'],
  ['v1', 'Namespace'],
  ['v1', 'PersistentVolume'],
];

/** Throws an Error if the flags do not say what may be pruned. */
export function checkPruneFlags({ flags }: ParsedArguments): void {
  if (flags.bool('all') && flags.string('selector') !== '')
    throw new Error('cannot set --all and --selector at the same time');
  if (!flags.bool('all') && flags.string('selector') === '')
    throw new Error(
      'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
    );
}

/** The mappings that --prune-allowlist names, or those of old. Throws an Error with kubectl's words. */
export async function pruneMappings(
  { factory }: Invocation,
  { flags }: ParsedArguments,
): Promise<readonly RestMapping[]> {
  const given = flags.list('prune-allowlist').map((text) => {
    const [group = '', version = '', kind, ...more] = text.split('/');
    if (kind === undefined || more.length > 0)
      throw new Error(`invalid GroupVersionKind format: ${text}, please follow <group/version/kind>`);
    return [group === 'core' || group === '' ? version : `${group}/${version}`, kind] as const;
  });
  const mappings: RestMapping[] = [];
  for (const [apiVersion, kind] of given.length > 0 ? given : DEFAULT_RESOURCES)
    mappings.push(await factory.lookup((mapper) => mapper.kindMapping(apiVersion, kind)));
  return mappings;
}

/** What an apply has seen. */
interface Visited {
  readonly namespaces: ReadonlySet<string>;
  readonly uids: ReadonlySet<string>;
}

/**
 * Deletes what an earlier apply made and this one did not name. Models pkg/cmd/apply pruner.
 */
export async function prune(
  { factory }: Invocation,
  { flags }: ParsedArguments,
  mappings: readonly RestMapping[],
  visited: Visited,
  dryRun: DryRun,
  print: (object: KubeObject, operation: string) => void,
): Promise<void> {
  if (flags.list('prune-allowlist').length === 0)
    factory.log.warning(
      'prune.go:71',
      'Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.',
    );
  const pruneOne = async (mapping: RestMapping, namespace: string) => {
    const helper = new Helper(factory.client(), mapping);
    const { items } = await helper.list(namespace, { labelSelector: flags.string('selector') || undefined });
    for (const item of items as KubeObject[]) {
      const { name = '', annotations, uid = '' } = item.metadata;
      if (annotations?.[LAST_APPLIED] === undefined || visited.uids.has(uid)) continue;
      if (dryRun !== 'client') await helper.delete(namespace, name, deleteOptions(flags, dryRun));
      print({ ...item, apiVersion: apiVersionText(mapping), kind: mapping.kind }, 'pruned');
    }
  };
  for (const namespace of visited.namespaces)
    for (const mapping of mappings) if (mapping.namespaced) await pruneOne(mapping, namespace);
  for (const mapping of mappings) if (!mapping.namespaced) await pruneOne(mapping, '');
}
