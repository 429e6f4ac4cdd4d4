import { StatusError } from '../../../apimachinery/status.ts';
import type { FlagSet } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';
import { fetchTarget, type Info, type Target } from '../../resource/builder.ts';

export const TABLE_ACCEPT =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

interface Fetched {
  readonly infos: Info[];
  readonly errors: Error[];
}

/** Gets all targets; goes on after an error, as ContinueOnError does. */
export async function fetchAll(
  invocation: Invocation,
  targets: readonly Target[],
  flags: FlagSet,
  accept?: string,
): Promise<Fetched> {
  const infos: Info[] = [];
  const errors: Error[] = [];
  const sorting = flags.string('sort-by') !== '';
  for (const target of targets) {
    try {
      infos.push(
        ...(await fetchTarget(invocation, target, {
          ...(accept !== undefined && { accept }),
          includeObject: sorting && accept !== undefined,
          chunkSize: sorting ? 0 : flags.number('chunk-size'),
          subresource: flags.string('subresource'),
        })),
      );
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const ignored =
        flags.bool('ignore-not-found') && error instanceof StatusError && error.reason === 'NotFound';
      if (!ignored) errors.push(error);
    }
  }
  return { infos, errors };
}
