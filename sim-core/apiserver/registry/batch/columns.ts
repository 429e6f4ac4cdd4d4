export { cronJobColumns } from './cronjob/columns.ts';
export { jobColumns } from './job/columns.ts';
