import type { ResourceDefinition } from '../rest/resource.ts';
import { scaleSubresource } from '../apps/scale.ts';
import { CREATED_AT } from '../../printers/columns.ts';
import { rowsOf } from '../row.ts';
import { componentStatusColumns, componentStatuses } from './componentstatus/rest.ts';
import {
  attachSubresource,
  execSubresource,
  nodeProxySubresource,
  podProxySubresource,
  portForwardSubresource,
  serviceProxySubresource,
} from './connections.ts';
import { configMapColumns, configMapStrategy } from './configmap/strategy.ts';
import { endpointsColumns, endpointsStrategy } from './endpoint/strategy.ts';
import { EVENT_TTL_SECONDS, eventColumns, eventStrategy } from './event/strategy.ts';
import { limitRange } from './limitrange/strategy.ts';
import { namespaceHooks } from './namespace/delete.ts';
import {
  namespaceColumns,
  namespaceFinalizeStrategy,
  namespaceStatusStrategy,
  namespaceStrategy,
} from './namespace/strategy.ts';
import { nodeColumns } from './node/printer.ts';
import { nodeStatusStrategy, nodeStrategy } from './node/strategy.ts';
import { persistentVolume, persistentVolumeColumns } from './persistentvolume/strategy.ts';
import { persistentVolumeClaim, persistentVolumeClaimColumns } from './persistentvolumeclaim/strategy.ts';
import { logSubresource } from './pod/log-subresource.ts';
import { podColumns } from './pod/printer.ts';
import { podEphemeralContainersStrategy, podStatusStrategy, podStrategy } from './pod/strategy.ts';
import {
  bindingSubresource,
  evictionSubresource,
  legacyBinding,
  resizeSubresource,
} from './pod/subresources.ts';
import { podTemplateColumns, podTemplateStrategy } from './podtemplate/strategy.ts';
import {
  replicationControllerColumns,
  replicationControllerStatusStrategy,
  replicationControllerStrategy,
} from './replicationcontroller/strategy.ts';
import { resourceQuota, resourceQuotaColumns } from './resourcequota/strategy.ts';
import { secretColumns, secretStrategy } from './secret/strategy.ts';
import { serviceColumns, serviceHooks, serviceStatusStrategy, serviceStrategy } from './service/strategy.ts';
import {
  serviceAccountColumns,
  serviceAccountStrategy,
  tokenSubresource,
} from './serviceaccount/strategy.ts';

const row = rowsOf('', 'v1', 'io.k8s.api.core.v1');

/** The core group's resources. Models pkg/registry/core/rest/storage_core.go. */
export const coreResources: readonly ResourceDefinition[] = [
  row({ kind: 'Binding', resource: 'bindings', verbs: ['create'], strategy: {}, virtual: legacyBinding }),
  row({
    kind: 'ComponentStatus',
    resource: 'componentstatuses',
    shortNames: ['cs'],
    namespaced: false,
    verbs: ['get', 'list'],
    strategy: {},
    virtual: componentStatuses,
    deprecationWarning: 'v1 ComponentStatus is deprecated in v1.19+',
    columns: componentStatusColumns,
  }),
  row({
    kind: 'ConfigMap',
    resource: 'configmaps',
    shortNames: ['cm'],
    strategy: configMapStrategy,
    columns: configMapColumns,
  }),
  row({
    kind: 'Endpoints',
    resource: 'endpoints',
    shortNames: ['ep'],
    storagePrefix: 'services/endpoints',
    strategy: endpointsStrategy,
    columns: endpointsColumns,
  }),
  row({
    kind: 'Event',
    resource: 'events',
    shortNames: ['ev'],
    strategy: eventStrategy,
    columns: eventColumns,
    ttlSeconds: EVENT_TTL_SECONDS,
  }),
  row({
    kind: 'LimitRange',
    resource: 'limitranges',
    shortNames: ['limits'],
    ...limitRange,
    columns: [CREATED_AT],
  }),
  row({
    kind: 'Namespace',
    resource: 'namespaces',
    shortNames: ['ns'],
    namespaced: false,
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
    strategy: namespaceStrategy,
    status: namespaceStatusStrategy,
    subresources: [
      { handler: 'update', name: 'finalize', verbs: ['update'], strategy: namespaceFinalizeStrategy },
    ],
    hooks: namespaceHooks,
    returnDeletedObject: true,
    columns: namespaceColumns,
  }),
  row({
    kind: 'Node',
    resource: 'nodes',
    shortNames: ['no'],
    namespaced: false,
    storagePrefix: 'minions',
    strategy: nodeStrategy,
    status: nodeStatusStrategy,
    subresources: [nodeProxySubresource],
    columns: nodeColumns,
  }),
  row({
    kind: 'PersistentVolumeClaim',
    resource: 'persistentvolumeclaims',
    shortNames: ['pvc'],
    ...persistentVolumeClaim,
    returnDeletedObject: true,
    columns: persistentVolumeClaimColumns,
  }),
  row({
    kind: 'PersistentVolume',
    resource: 'persistentvolumes',
    shortNames: ['pv'],
    namespaced: false,
    ...persistentVolume,
    returnDeletedObject: true,
    columns: persistentVolumeColumns,
  }),
  row({
    kind: 'Pod',
    resource: 'pods',
    shortNames: ['po'],
    categories: ['all'],
    trigger: { field: 'spec.nodeName', valueOf: ({ spec }) => (spec?.nodeName as string | undefined) ?? '' },
    strategy: podStrategy,
    status: podStatusStrategy,
    subresources: [
      bindingSubresource,
      { handler: 'update', name: 'ephemeralcontainers', strategy: podEphemeralContainersStrategy },
      evictionSubresource,
      resizeSubresource,
      logSubresource,
      execSubresource,
      attachSubresource,
      portForwardSubresource,
      podProxySubresource,
    ],
    returnDeletedObject: true,
    columns: podColumns,
  }),
  row({
    kind: 'PodTemplate',
    resource: 'podtemplates',
    strategy: podTemplateStrategy,
    returnDeletedObject: true,
    columns: podTemplateColumns,
  }),
  row({
    kind: 'ReplicationController',
    resource: 'replicationcontrollers',
    shortNames: ['rc'],
    categories: ['all'],
    storagePrefix: 'controllers',
    strategy: replicationControllerStrategy,
    status: replicationControllerStatusStrategy,
    subresources: [
      scaleSubresource({
        plainSelector: true,
        missing: { group: 'autoscaling', resource: 'replicationcontrollers/scale' },
      }),
    ],
    columns: replicationControllerColumns,
  }),
  row({
    kind: 'ResourceQuota',
    resource: 'resourcequotas',
    shortNames: ['quota'],
    ...resourceQuota,
    returnDeletedObject: true,
    columns: resourceQuotaColumns,
  }),
  row({ kind: 'Secret', resource: 'secrets', strategy: secretStrategy, columns: secretColumns }),
  row({
    kind: 'ServiceAccount',
    resource: 'serviceaccounts',
    shortNames: ['sa'],
    strategy: serviceAccountStrategy,
    subresources: [tokenSubresource],
    returnDeletedObject: true,
    columns: serviceAccountColumns,
  }),
  row({
    kind: 'Service',
    resource: 'services',
    shortNames: ['svc'],
    categories: ['all'],
    storagePrefix: 'services/specs',
    strategy: serviceStrategy,
    status: serviceStatusStrategy,
    subresources: [serviceProxySubresource],
    hooks: serviceHooks,
    returnDeletedObject: true,
    columns: serviceColumns,
  }),
];
