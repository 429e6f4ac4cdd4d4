import type { KubeObject } from '../../../apimachinery/object.ts';
import { wideColumn } from '../../printers/columns.ts';
import { containerCells, formatLabelSelector } from '../../printers/format.ts';
import type { TableColumn } from '../rest/resource.ts';

const containersOf = (object: KubeObject) => containerCells(object.spec?.template?.spec?.containers);

/** What -o wide shows of a workload's containers. */
export const CONTAINER_COLUMNS: readonly TableColumn[] = [
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

/** The last wide column of most workloads; `of` is the schema of the spec. */
export const selectorColumn = (of: string): TableColumn =>
  wideColumn('Selector', 'string', { of, field: 'selector' }, (object) =>
    formatLabelSelector(object.spec?.selector),
  );
