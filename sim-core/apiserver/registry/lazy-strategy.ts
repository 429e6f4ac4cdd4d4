import type { LazyModule } from '../../clock/lazy-module.ts';
import type { Strategy, UpdateStrategy } from './rest/strategy.ts';

/**
 * Leaves preparation and validation to the strategy that `pick` takes of a module, which is fetched before the first
 * object is written; `eager` is what must be known before (defaults, and what is no function).
 */
export function lazyStrategy<T>(
  module: LazyModule<T>,
  pick: (loaded: T) => Strategy,
  eager: Strategy,
): Strategy {
  const loaded = () => pick(module.loaded);
  return {
    ...eager,
    ...lazyUpdate(module, pick, eager),
    prepareForCreate: (object, context) => loaded().prepareForCreate?.(object, context),
    validate: (object, context) => loaded().validate?.(object, context) ?? [],
    warningsOnCreate: (object, context) => loaded().warningsOnCreate?.(object, context) ?? [],
  };
}

/** The same for updates of a status or another subresource. */
export function lazyUpdate<T>(
  module: LazyModule<T>,
  pick: (loaded: T) => UpdateStrategy,
  eager: UpdateStrategy,
): UpdateStrategy {
  const loaded = () => pick(module.loaded);
  return {
    ...eager,
    needs: [module],
    prepareForUpdate: (object, old, context) => loaded().prepareForUpdate?.(object, old, context),
    validateUpdate: (object, old, context) => loaded().validateUpdate?.(object, old, context) ?? [],
    warningsOnUpdate: (object, old, context) => loaded().warningsOnUpdate?.(object, old, context) ?? [],
  };
}
