import type { LazyModule } from '../../clock/lazy-module.ts';
import type { LazyColumns, TableColumn } from './rest/resource.ts';

/** Columns that `pick` takes of a module, which is fetched before the first Table of their kind is made. */
export function lazyColumns<T>(
  module: LazyModule<T>,
  pick: (loaded: T) => readonly TableColumn[],
): LazyColumns {
  return {
    fetch: () => module.fetch(),
    get loaded() {
      return pick(module.loaded);
    },
  };
}
