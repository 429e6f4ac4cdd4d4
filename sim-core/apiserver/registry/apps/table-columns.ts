export { daemonSetColumns } from './daemonset/columns.ts';
export { deploymentColumns } from './deployment/columns.ts';
export { replicaSetColumns } from './replicaset/columns.ts';
export { statefulSetColumns } from './statefulset/columns.ts';
