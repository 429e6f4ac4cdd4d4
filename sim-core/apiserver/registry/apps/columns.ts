import type { KubeObject } from '../../../apimachinery/object.ts';
import { AGE, column, wideColumn } from '../../printers/columns.ts';
import { containerCells, formatLabelSelector } from '../../printers/format.ts';
import type { TableColumn } from '../rest/resource.ts';

/** What -o wide shows of the containers of a workload; `templateOf` gives its template of pods. */
export function containerColumns(
  templateOf: (object: KubeObject) => KubeObject['spec'],
): readonly TableColumn[] {
  const containersOf = (object: KubeObject) => containerCells(templateOf(object)?.spec?.containers);
  return [
    wideColumn(
      'Containers',
      'string',
      'Names of each container in the template.',
      (object) => containersOf(object).names,
    ),
    wideColumn(
      'Images',
      'string',
      'Images referenced by each container in the template.',
      (object) => containersOf(object).images,
    ),
  ];
}

/** The same of those whose pods are all made alike. */
export const CONTAINER_COLUMNS = containerColumns(({ spec }) => spec?.template);

/** What keeps a number of pods shows of them; `spec` and `status` are its schemas. */
export const replicaColumns = (spec: string, status: string): readonly TableColumn[] => [
  column('Desired', 'integer', { of: spec, field: 'replicas' }, (object) => object.spec?.replicas ?? 0),
  column('Current', 'integer', { of: status, field: 'replicas' }, (object) => object.status?.replicas ?? 0),
  column(
    'Ready',
    'integer',
    { of: status, field: 'readyReplicas' },
    (object) => object.status?.readyReplicas ?? 0,
  ),
  AGE,
  ...CONTAINER_COLUMNS,
];

/** The last wide column of most workloads; `of` is the schema of the spec. */
export const selectorColumn = (of: string): TableColumn =>
  wideColumn('Selector', 'string', { of, field: 'selector' }, (object) =>
    formatLabelSelector(object.spec?.selector),
  );
