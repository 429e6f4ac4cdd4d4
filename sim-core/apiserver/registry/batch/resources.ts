import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';
import { cronJobColumns, cronJobStatusStrategy, cronJobStrategy } from './cronjob/strategy.ts';
import { jobColumns, jobStatusStrategy, jobStrategy } from './job/strategy.ts';

const row = rowsOf('batch', 'v1', 'io.k8s.api.batch.v1');

/** Models pkg/registry/batch/rest/storage_batch.go. */
export const batchResources: readonly ResourceDefinition[] = [
  row({
    kind: 'CronJob',
    resource: 'cronjobs',
    shortNames: ['cj'],
    categories: ['all'],
    strategy: cronJobStrategy,
    status: cronJobStatusStrategy,
    columns: cronJobColumns,
  }),
  row({
    kind: 'Job',
    resource: 'jobs',
    categories: ['all'],
    strategy: jobStrategy,
    status: jobStatusStrategy,
    columns: jobColumns,
  }),
];
