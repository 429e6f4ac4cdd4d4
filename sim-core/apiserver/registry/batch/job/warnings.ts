import type { JobSpec } from 'kubernetes-types/batch/v1';
import { templateWarnings } from '../../core/pod/warnings.ts';

const MANY_COMPLETIONS = 100_000;
const MUCH_PARALLELISM = 10_000;

/** Models pkg/api/job WarningsForJobSpec. */
export function jobWarnings(spec: JobSpec, field: string): string[] {
  const { completionMode, completions = 0, parallelism = 0 } = spec;
  const text =
    'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail';
  return [
    ...(completionMode === 'Indexed' && completions > MANY_COMPLETIONS && parallelism > MUCH_PARALLELISM
      ? [`${field}: ${text}`]
      : []),
    ...templateWarnings(spec.template, `${field}.template`),
  ];
}
