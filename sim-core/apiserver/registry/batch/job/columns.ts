import type { KubeObject } from '../../../../apimachinery/object.ts';
import { humanDuration } from '../../../../apimachinery/duration.ts';
import { AGE, column } from '../../../printers/columns.ts';
import { CONTAINER_COLUMNS, selectorColumn } from '../../apps/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';

/** "1/3"; "0/1 of 2" where any of the parallel pods may be the last. Models printJob. */
function completions({ spec, status }: KubeObject): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function duration({ status }: KubeObject, now: number): string {
  if (!status?.startTime) return '';
  const end = status.completionTime ? Date.parse(status.completionTime) : now;
  return humanDuration(end - Date.parse(status.startTime));
}

export const jobColumns: readonly TableColumn[] = [
  column('Completions', 'string', { of: 'io.k8s.api.batch.v1.JobStatus', field: 'succeeded' }, completions),
  column('Duration', 'string', 'Time required to complete the job.', duration),
  AGE,
  ...CONTAINER_COLUMNS,
  selectorColumn('io.k8s.api.batch.v1.JobSpec'),
];
