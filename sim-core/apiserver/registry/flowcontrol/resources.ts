import type { KubeObject } from '../../../apimachinery/object.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { statusOnly } from '../generation.ts';
import { lazyColumns } from '../lazy-columns.ts';
import { lazyStrategy } from '../lazy-strategy.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('flowcontrol.apiserver.k8s.io', 'v1', 'io.k8s.api.flowcontrol.v1');
const columns = new LazyModule(() => import('./columns.ts'));
const validation = new LazyModule(() => import('./validation.ts'));
const DEFAULT_PRECEDENCE = 1000;

function defaultFlowSchema(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  object.spec.matchingPrecedence ||= DEFAULT_PRECEDENCE;
}

function defaultPriorityLevel(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  const { limited, exempt } = object.spec;
  if (exempt) {
    exempt.nominalConcurrencyShares ??= 0;
    exempt.lendablePercent ??= 0;
  }
  if (limited) {
    limited.nominalConcurrencyShares ??= 30;
    limited.lendablePercent ??= 0;
    const queuing = limited.limitResponse?.queuing;
    if (queuing) {
      queuing.queues ||= 64;
      queuing.handSize ||= 8;
      queuing.queueLengthLimit ||= 50;
    }
  }
}

/** Models pkg/registry/flowcontrol. */
export const flowControlResources: readonly ResourceDefinition[] = [
  row({
    kind: 'FlowSchema',
    resource: 'flowschemas',
    namespaced: false,
    strategy: lazyStrategy(validation, ({ flowSchema }) => flowSchema, { fillDefaults: defaultFlowSchema }),
    status: statusOnly(defaultFlowSchema),
    columns: lazyColumns(columns, (loaded) => loaded.flowschemas),
  }),
  row({
    kind: 'PriorityLevelConfiguration',
    resource: 'prioritylevelconfigurations',
    namespaced: false,
    strategy: lazyStrategy(validation, ({ priorityLevel }) => priorityLevel, {
      fillDefaults: defaultPriorityLevel,
    }),
    status: statusOnly(defaultPriorityLevel),
    columns: lazyColumns(columns, (loaded) => loaded.prioritylevelconfigurations),
  }),
];
