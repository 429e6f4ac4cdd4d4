import type { KubeObject } from '../../apimachinery/object.ts';
import type { Invocation } from '../invocation.ts';
import { fetchTarget, type Target } from './builder.ts';
import type { RestMapping } from './rest-mapper.ts';

/** One object and the resource that serves it. */
export interface Fetched {
  readonly mapping: RestMapping;
  readonly object: KubeObject;
}

interface ObjectOptions {
  /** As they stand in the file, without asking the server. */
  readonly local?: boolean;
  /** Page size of lists; 0 for all at once. */
  readonly chunkSize?: number;
}

/**
 * The objects that a target names, the members of a list one by one.
 * Models cli-runtime resource.Builder Flatten and Local.
 */
export async function objectsOf(
  invocation: Invocation,
  target: Target,
  { local = false, chunkSize = 500 }: ObjectOptions = {},
): Promise<readonly Fetched[]> {
  const { mapping } = target;
  if (local && target.type === 'name' && target.manifest !== undefined) {
    return [{ mapping, object: target.manifest.object }];
  }
  const infos = await fetchTarget(invocation, target, { chunkSize });
  if (target.type === 'name') return infos;
  return infos.flatMap(({ object }) =>
    (object.items as KubeObject[]).map((item) => ({
      mapping,
      object: { ...item, apiVersion: object.apiVersion ?? '', kind: mapping.kind },
    })),
  );
}
