import type { Node, Taint } from 'kubernetes-types/core/v1';
import { deepEqual } from '../../apimachinery/copy.ts';
import { formatTime } from '../../apimachinery/object.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';

/** A taint is one of a kind by its key and effect. Models Taint.MatchTaint. */
const matches =
  (wanted: Taint) =>
  ({ key, effect }: Taint): boolean =>
    key === wanted.key && effect === wanted.effect;

export const hasTaint = (node: Node, taint: Taint): boolean => (node.spec?.taints ?? []).some(matches(taint));

/**
 * Adds taints as of `now` (milliseconds) and removes others; of what is done already no request is made.
 * Rejects with the server's answer.
 *
 * Models pkg/controller/util/node SwapNodeControllerTaint.
 */
export async function swapTaints(
  client: RestClient,
  node: Node,
  added: readonly Taint[],
  removed: readonly Taint[],
  now: number,
): Promise<void> {
  const name = node.metadata!.name!;
  if (added.length > 0) {
    const timeAdded = formatTime(now);
    await patchTaints(client, name, (taints) =>
      added.reduce((list, taint) => addOrUpdate(list, { ...taint, timeAdded }), taints),
    );
  }
  await removeTaints(client, node, removed);
}

/** Models pkg/controller RemoveTaintOffNode: nothing is asked if `node` has none of them. */
export async function removeTaints(client: RestClient, node: Node, removed: readonly Taint[]): Promise<void> {
  if (!removed.some((taint) => hasTaint(node, taint))) return;
  await patchTaints(client, node.metadata!.name!, (taints) =>
    taints.filter((taint) => !removed.some(matches(taint))),
  );
}

function addOrUpdate(taints: readonly Taint[], taint: Taint): readonly Taint[] {
  const isKnown = taints.some(matches(taint));
  return isKnown ? taints.map((old) => (matches(taint)(old) ? taint : old)) : [...taints, taint];
}

/** Reads the node and patches its taints; rejects with 409 if somebody else wrote it in between. Models PatchNodeTaints. */
async function patchTaints(
  client: RestClient,
  name: string,
  change: (taints: readonly Taint[]) => readonly Taint[],
): Promise<void> {
  const { metadata, spec } = await client.get<Node>(RESOURCES.nodes, name);
  const old = spec?.taints ?? [];
  const taints = change(old);
  if (deepEqual(taints, old)) return;
  await client.patch(RESOURCES.nodes, name, 'strategic', {
    metadata: { resourceVersion: metadata!.resourceVersion },
    spec: { taints: taints.length === 0 ? null : taints },
  });
}
