import type { KubeObject } from '../../../apimachinery/object.ts';
import { AGE, column } from '../../printers/columns.ts';
import type { TableColumn } from '../rest/resource.ts';

const SCHEMA_SPEC = 'io.k8s.api.flowcontrol.v1.FlowSchemaSpec';

const queuing = (field: string) => (object: KubeObject) =>
  object.spec?.limited?.limitResponse?.queuing?.[field] ?? '<none>';

export const flowschemas: readonly TableColumn[] = [
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
];

export const prioritylevelconfigurations: readonly TableColumn[] = [
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
];
