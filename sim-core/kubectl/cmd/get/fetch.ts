import { StatusError } from '../../../apimachinery/status.ts';
import type { FlagSet } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';
import { fetchTarget, type Info, type Target, type Targets, visitsOf } from '../../resource/builder.ts';
import { AggregateError, together } from '../../util/errors.ts';

export const TABLE_ACCEPT =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

interface Fetched {
  readonly infos: Info[];
  readonly errors: Error[];
}

/**
 * Gets all targets; goes on after an error, as ContinueOnError does. What is wrong with the files stands where it was
 * come upon; of the members of a list it is one error.
 */
export async function fetchAll(
  invocation: Invocation,
  targets: Targets,
  flags: FlagSet,
  accept?: string,
): Promise<Fetched> {
  const infos: Info[] = [];
  const lists = new Map<number, Error[]>();
  const errors: (Error | Error[])[] = [];
  const fail = (error: Error, list: number | undefined) => {
    if (list === undefined) errors.push(error);
    else if (lists.has(list)) lists.get(list)!.push(error);
    else {
      const own = [error];
      lists.set(list, own);
      errors.push(own);
    }
  };
  const sorting = flags.string('sort-by') !== '';
  for (const visit of visitsOf(targets)) {
    if ('error' in visit) {
      fail(visit.error, visit.list);
      continue;
    }
    const target: Target = visit.target;
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
      if (!ignored) fail(error, visit.list);
    }
  }
  const all = errors.map((error) => (error instanceof Error ? error : new AggregateError(error)));
  // Those of files are one error, which is one of the command.
  return { infos, errors: targets.visits === undefined ? all : together(together(all)) };
}
