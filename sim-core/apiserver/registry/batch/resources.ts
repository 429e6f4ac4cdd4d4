import { LazyModule } from '../../../clock/lazy-module.ts';
import { lazyColumns } from '../lazy-columns.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';
import { cronJobStatusStrategy, cronJobStrategy } from './cronjob/strategy.ts';
import { jobStatusStrategy, jobStrategy } from './job/strategy.ts';

const row = rowsOf('batch', 'v1', 'io.k8s.api.batch.v1');
const columns = new LazyModule(() => import('./columns.ts'));

/** Models pkg/registry/batch/rest/storage_batch.go. */
export const batchResources: readonly ResourceDefinition[] = [
  row({
    kind: 'CronJob',
    resource: 'cronjobs',
    shortNames: ['cj'],
    categories: ['all'],
    strategy: cronJobStrategy,
    status: cronJobStatusStrategy,
    columns: lazyColumns(columns, (loaded) => loaded.cronJobColumns),
  }),
  row({
    kind: 'Job',
    resource: 'jobs',
    categories: ['all'],
    strategy: jobStrategy,
    status: jobStatusStrategy,
    columns: lazyColumns(columns, (loaded) => loaded.jobColumns),
  }),
];
