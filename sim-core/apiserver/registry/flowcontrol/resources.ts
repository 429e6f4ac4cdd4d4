import type { KubeObject } from '../../../apimachinery/object.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { AGE, column } from '../../printers/columns.ts';
import { statusOnly } from '../generation.ts';
import { lazyStrategy } from '../lazy-strategy.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('flowcontrol.apiserver.k8s.io', 'v1', 'io.k8s.api.flowcontrol.v1');
const validation = new LazyModule(() => import('./validation.ts'));
const DEFAULT_PRECEDENCE = 1000;
const SCHEMA_SPEC = 'io.k8s.api.flowcontrol.v1.FlowSchemaSpec';

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

const queuing = (field: string) => (object: KubeObject) =>
  object.spec?.limited?.limitResponse?.queuing?.[field] ?? '<none>';

/** Models pkg/registry/flowcontrol. */
export const flowControlResources: readonly ResourceDefinition[] = [
  row({
    kind: 'FlowSchema',
    resource: 'flowschemas',
    namespaced: false,
    strategy: lazyStrategy(validation, ({ flowSchema }) => flowSchema, { fillDefaults: defaultFlowSchema }),
    status: statusOnly(defaultFlowSchema),
    columns: [
      column(
        'PriorityLevel',
        'string',
        'Name of the PriorityLevelConfiguration',
        ({ spec }) => spec?.priorityLevelConfiguration?.name ?? '',
      ),
      column(
        'MatchingPrecedence',
        'string',
        { of: SCHEMA_SPEC, field: 'matchingPrecedence' },
        ({ spec }) => spec?.matchingPrecedence ?? 0,
      ),
      column(
        'DistinguisherMethod',
        'string',
        { of: SCHEMA_SPEC, field: 'distinguisherMethod' },
        ({ spec }) => spec?.distinguisherMethod?.type ?? '<none>',
      ),
      AGE,
      column(
        'MissingPL',
        'string',
        'Whether this FlowSchema references a non-existent PriorityLevelConfiguration',
        ({ status }) =>
          (status?.conditions ?? []).find(({ type }: { type: string }) => type === 'Dangling')?.status ?? '?',
      ),
    ],
  }),
  row({
    kind: 'PriorityLevelConfiguration',
    resource: 'prioritylevelconfigurations',
    namespaced: false,
    strategy: lazyStrategy(validation, ({ priorityLevel }) => priorityLevel, {
      fillDefaults: defaultPriorityLevel,
    }),
    status: statusOnly(defaultPriorityLevel),
    columns: [
      column('Type', 'string', 'Whether limited is fixed or exempt', ({ spec }) => spec?.type ?? ''),
      column(
        'NominalConcurrencyShares',
        'string',
        {
          of: 'io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration',
          field: 'nominalConcurrencyShares',
        },
        ({ spec }) => spec?.limited?.nominalConcurrencyShares ?? '<none>',
      ),
      column('Queues', 'string', 'Number of queues', queuing('queues')),
      column('HandSize', 'string', 'Shuffle sharding hand size', queuing('handSize')),
      column('QueueLengthLimit', 'string', 'Length limit of each queue', queuing('queueLengthLimit')),
      AGE,
    ],
  }),
];
