import type { LimitRangeItem } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { LazyModule } from '../../../../clock/lazy-module.ts';
import { lazyStrategy } from '../../lazy-strategy.ts';
import type { Strategy } from '../../rest/strategy.ts';
import type { StoreHooks } from '../../rest/subresource.ts';
import { dropEmpty } from '../defaults/always-present.ts';
import { canonicalizeResources } from '../defaults/pod-spec.ts';

type List = Record<string, string>;
const LISTS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;

/** Models SetDefaults_LimitRangeItem: limits default to the most, requests to the limit or the least. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  if (!object.spec.limits?.length) object.spec.limits = null;
  for (const item of (object.spec.limits ?? []) as LimitRangeItem[]) {
    for (const list of LISTS) canonicalizeResources(item[list]);
    if (item.type !== 'Container') continue;
    const defaults: List = { ...item.max, ...item.default };
    const requests: List = { ...item.min, ...defaults, ...item.defaultRequest };
    item.default = defaults;
    item.defaultRequest = requests;
    dropEmpty(item as never, LISTS);
  }
}

const module = new LazyModule(() => import('./validation.ts'));

/** Models pkg/registry/core/limitrange/strategy.go. */
export const limitRange = {
  strategy: lazyStrategy(module, ({ strategy }) => strategy, { fillDefaults, allowCreateOnUpdate: true }),
  hooks: {
    /** One without a name gets one. */
    beginCreate(object, { services }) {
      object.metadata.name ||= services.rand.uuid();
      return Promise.resolve(undefined);
    },
  },
} satisfies { strategy: Strategy; hooks: StoreHooks };
