import type { KubeObject } from '../../../../apimachinery/object.ts';
import { AGE, column } from '../../../printers/columns.ts';
import { LazyModule } from '../../../../clock/lazy-module.ts';
import { lazyStrategy, lazyUpdate } from '../../lazy-strategy.ts';
import type { TableColumn } from '../../rest/resource.ts';
import { canonicalizeResources } from '../defaults/pod-spec.ts';

function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  for (const list of [object.spec.hard, object.status.hard, object.status.used]) canonicalizeResources(list);
}

const module = new LazyModule(() => import('./validation.ts'));

export const resourceQuota = {
  strategy: lazyStrategy(module, ({ strategy }) => strategy, { fillDefaults }),
  status: lazyUpdate(module, ({ status }) => status, { fillDefaults }),
};

/** "pods: 1/10, …" of requests or limits. Models printers.go printResourceQuota. */
const usage = (limits: boolean) => (object: KubeObject) => {
  const { hard = {}, used = {} } = object.status ?? {};
  return Object.keys(hard)
    .sort()
    .filter((name) => name.startsWith('limits') === limits)
    .map((name) => `${name}: ${used[name] ?? '0'}/${hard[name]}`)
    .join(', ');
};

export const resourceQuotaColumns: readonly TableColumn[] = [
  AGE,
  column(
    'Request',
    'string',
    'Request represents a minimum amount of cpu/memory that a container may consume.',
    usage(false),
  ),
  column(
    'Limit',
    'string',
    'Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.',
    usage(true),
  ),
];
