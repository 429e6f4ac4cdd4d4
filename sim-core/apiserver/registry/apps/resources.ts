import { LazyModule } from '../../../clock/lazy-module.ts';
import { lazyColumns } from '../lazy-columns.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';
import { controllerRevisionColumns, controllerRevisionStrategy } from './controllerrevision/strategy.ts';
import { daemonSetStatusStrategy, daemonSetStrategy, TEMPLATE_GENERATION } from './daemonset/strategy.ts';
import { deploymentStatusStrategy, deploymentStrategy } from './deployment/strategy.ts';
import { replicaSetStatusStrategy, replicaSetStrategy } from './replicaset/strategy.ts';
import { scaleSubresource } from './scale.ts';
import { statefulSetStatusStrategy, statefulSetStrategy } from './statefulset/strategy.ts';

const row = rowsOf('apps', 'v1', 'io.k8s.api.apps.v1');
const columns = new LazyModule(() => import('./table-columns.ts'));

/** Models pkg/registry/apps/rest/storage_apps.go. */
export const appsResources: readonly ResourceDefinition[] = [
  row({
    kind: 'ControllerRevision',
    resource: 'controllerrevisions',
    strategy: controllerRevisionStrategy,
    columns: controllerRevisionColumns,
  }),
  row({
    kind: 'DaemonSet',
    resource: 'daemonsets',
    shortNames: ['ds'],
    categories: ['all'],
    strategy: daemonSetStrategy,
    versionedAnnotations: [TEMPLATE_GENERATION],
    status: daemonSetStatusStrategy,
    columns: lazyColumns(columns, (loaded) => loaded.daemonSetColumns),
  }),
  row({
    kind: 'Deployment',
    resource: 'deployments',
    shortNames: ['deploy'],
    categories: ['all'],
    strategy: deploymentStrategy,
    status: deploymentStatusStrategy,
    subresources: [scaleSubresource({ missing: { group: 'apps', resource: 'deployments/scale' } })],
    columns: lazyColumns(columns, (loaded) => loaded.deploymentColumns),
  }),
  row({
    kind: 'ReplicaSet',
    resource: 'replicasets',
    shortNames: ['rs'],
    categories: ['all'],
    strategy: replicaSetStrategy,
    status: replicaSetStatusStrategy,
    subresources: [scaleSubresource({ missing: { group: 'apps', resource: 'replicasets/scale' } })],
    columns: lazyColumns(columns, (loaded) => loaded.replicaSetColumns),
  }),
  row({
    kind: 'StatefulSet',
    resource: 'statefulsets',
    shortNames: ['sts'],
    categories: ['all'],
    strategy: statefulSetStrategy,
    status: statefulSetStatusStrategy,
    subresources: [scaleSubresource()],
    columns: lazyColumns(columns, (loaded) => loaded.statefulSetColumns),
  }),
];
