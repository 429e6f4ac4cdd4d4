import type { LazyModule } from '../../clock/lazy-module.ts';
import type { Strategy, UpdateStrategy } from './rest/strategy.ts';
import type { StoreHooks } from './rest/subresource.ts';

/** A strategy that is fetched when the first object is written, with the hooks that fetch it. */
export interface LazyStrategy {
  readonly strategy: Strategy;
  readonly hooks: Required<Pick<StoreHooks, 'beginCreate' | 'beginUpdate'>>;
}

/**
 * Leaves preparation and validation to the strategy that `pick` takes of a module; `eager` is what must be
 * known before (defaults, and what is no function).
 */
export function lazyStrategy<T>(
  module: LazyModule<T>,
  pick: (loaded: T) => Strategy,
  eager: Strategy,
): LazyStrategy {
  const loaded = () => pick(module.loaded);
  return {
    strategy: {
      ...eager,
      prepareForCreate: (object, context) => loaded().prepareForCreate?.(object, context),
      validate: (object, context) => loaded().validate?.(object, context) ?? [],
      warningsOnCreate: (object, context) => loaded().warningsOnCreate?.(object, context) ?? [],
      prepareForUpdate: (object, old, context) => loaded().prepareForUpdate?.(object, old, context),
      validateUpdate: (object, old, context) => loaded().validateUpdate?.(object, old, context) ?? [],
      warningsOnUpdate: (object, old, context) => loaded().warningsOnUpdate?.(object, old, context) ?? [],
    },
    hooks: {
      async beginCreate(_object, { services }) {
        await module.load(services.clock);
        return undefined;
      },
      async beginUpdate(_object, _old, { services }) {
        await module.load(services.clock);
        return undefined;
      },
    },
  };
}

/** The same for updates of a status or another subresource; the hooks of the kind's strategy fetch the module. */
export function lazyUpdate<T>(
  module: LazyModule<T>,
  pick: (loaded: T) => UpdateStrategy,
  eager: UpdateStrategy,
): UpdateStrategy {
  const loaded = () => pick(module.loaded);
  return {
    ...eager,
    prepareForUpdate: (object, old, context) => loaded().prepareForUpdate?.(object, old, context),
    validateUpdate: (object, old, context) => loaded().validateUpdate?.(object, old, context) ?? [],
    warningsOnUpdate: (object, old, context) => loaded().warningsOnUpdate?.(object, old, context) ?? [],
  };
}
