import type { KubeObject } from '../../../apimachinery/object.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { AGE, column } from '../../printers/columns.ts';
import { statusOnly } from '../generation.ts';
import { lazyStrategy } from '../lazy-strategy.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('resource.k8s.io', 'v1', 'io.k8s.api.resource.v1');
const module = new LazyModule(() => import('./strategy.ts'));

interface Request {
  exactly?: { allocationMode?: string; count?: number };
  firstAvailable?: { allocationMode?: string; count?: number }[];
}

/** A request is for one device unless it says otherwise. Models pkg/apis/resource/v1/defaults.go. */
function fillRequests(requests: readonly Request[] | undefined): void {
  for (const { exactly, firstAvailable = [] } of requests ?? []) {
    for (const request of [...(exactly === undefined ? [] : [exactly]), ...firstAvailable]) {
      request.allocationMode ??= 'ExactCount';
      if (request.allocationMode === 'ExactCount') request.count ||= 1;
    }
  }
}

function fillClaim(object: KubeObject): void {
  object.spec ??= {};
  object.spec.devices ??= {};
  object.status ??= {};
  fillRequests(object.spec.devices.requests);
}

/** "allocated,reserved". Models printers.go resourceClaimState. */
function claimState({ metadata, status }: KubeObject): string {
  const states = [
    ...(metadata.deletionTimestamp === undefined ? [] : ['deleted']),
    ...(status?.allocation === undefined ? [] : ['allocated']),
    ...(status?.reservedFor?.length ? ['reserved'] : []),
  ];
  const allocated = status?.allocation !== undefined;
  return (allocated || metadata.deletionTimestamp ? states : ['pending', ...states]).join(',');
}

/** Dynamic resource allocation. Models pkg/registry/resource. */
export const resourceResources: readonly ResourceDefinition[] = [
  row({
    kind: 'DeviceClass',
    resource: 'deviceclasses',
    namespaced: false,
    strategy: lazyStrategy(module, ({ deviceClass }) => deviceClass, {
      fillDefaults(object) {
        object.spec ??= {};
      },
    }),
    columns: [AGE],
  }),
  row({
    kind: 'ResourceClaim',
    resource: 'resourceclaims',
    strategy: lazyStrategy(module, ({ resourceClaim }) => resourceClaim, { fillDefaults: fillClaim }),
    status: statusOnly(fillClaim),
    columns: [
      column(
        'State',
        'string',
        'A summary of the current state (allocated, pending, reserved, etc.).',
        claimState,
      ),
      AGE,
    ],
  }),
  row({
    kind: 'ResourceClaimTemplate',
    resource: 'resourceclaimtemplates',
    strategy: lazyStrategy(module, ({ resourceClaimTemplate }) => resourceClaimTemplate, {
      fillDefaults(object) {
        object.spec ??= {};
        object.spec.metadata ??= {};
        object.spec.spec ??= {};
        object.spec.spec.devices ??= {};
        fillRequests(object.spec.spec.devices.requests);
      },
    }),
    columns: [AGE],
  }),
  row({
    kind: 'ResourceSlice',
    resource: 'resourceslices',
    namespaced: false,
    strategy: lazyStrategy(module, ({ resourceSlice }) => resourceSlice, {
      fillDefaults(object) {
        object.spec ??= {};
      },
      selectableFields: ({ spec }) => ({
        'spec.nodeName': spec?.nodeName ?? '',
        'spec.driver': spec?.driver ?? '',
      }),
    }),
    columns: [
      column(
        'Node',
        'string',
        'NodeName identifies the node which provides the resources in this pool.',
        ({ spec }) => spec?.nodeName || '<none>',
      ),
      column('Driver', 'string', 'Driver identifies the DRA driver.', ({ spec }) => spec?.driver ?? ''),
      column('Pool', 'string', 'Pool describes the pool.', ({ spec }) => spec?.pool?.name ?? ''),
      AGE,
    ],
  }),
];
