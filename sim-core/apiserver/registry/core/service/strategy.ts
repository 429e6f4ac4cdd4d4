import type { Service, ServiceSpec } from 'kubernetes-types/core/v1';
import { decodedEqual } from '../../../../apimachinery/copy.ts';
import type { Json, KubeObject } from '../../../../apimachinery/object.ts';
import { isReason } from '../../../../apimachinery/status.ts';
import { nameIsDNS1035Label } from '../../../../apimachinery/validation/names.ts';
import { AGE, column, wideColumn } from '../../../printers/columns.ts';
import { formatLabels } from '../../../printers/format.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import type { StoreHooks } from '../../rest/subresource.ts';
import { defaultService } from './defaults.ts';
import { isExternalName, needsHealthCheckPort, needsNodePort } from './kinds.ts';
import { checks } from '../../checks.ts';

const asService = (object: KubeObject) => object as unknown as Service;

/** Models pkg/registry/core/service/strategy.go. */
export const serviceStrategy: Strategy = {
  needs: [checks.services],
  fillDefaults: defaultService,
  prepareForCreate(object) {
    object.status = { loadBalancer: {} };
  },
  allowCreateOnUpdate: true,
  prepareForUpdate(object, old) {
    object.status = old.status;
    dropTypeDependentFields(asService(object).spec!, asService(old).spec!);
    if (object.spec.type !== 'LoadBalancer') object.status = { ...object.status, loadBalancer: {} };
  },
  validateName: nameIsDNS1035Label,
  validate: (object) => checks.services.loaded.validateService(asService(object)),
  validateUpdate: (object, old) =>
    checks.services.loaded.validateServiceUpdate(asService(object), asService(old)),
  warningsOnCreate: (object) => checks.services.loaded.serviceWarnings(asService(object)),
  warningsOnUpdate: (object) => checks.services.loaded.serviceWarnings(asService(object)),
  selectableFields: (object) => ({
    'spec.clusterIP': object.spec?.clusterIP ?? '',
    'spec.type': object.spec?.type ?? '',
  }),
};

const ENDPOINTS = { group: '', resource: 'endpoints' };

/** Addresses and ports are allocated around the store, and the Endpoints of a name go with the service. Models storage.go. */
export const serviceHooks: StoreHooks = {
  async beginCreate(object, context) {
    await checks.services.loaded.allocateForCreate(object, context);
    return undefined;
  },
  async beginUpdate(object, old, context) {
    await checks.services.loaded.allocateForUpdate(object, old, context);
    return undefined;
  },
  async afterDelete({ metadata }, context) {
    try {
      await context.services.registry.storeFor(ENDPOINTS).delete(metadata.name!, {}, context);
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  },
};

export const serviceStatusStrategy: UpdateStrategy = {
  needs: [checks.services],
  fillDefaults: defaultService,
  prepareForUpdate(object, old) {
    object.spec = old.spec;
  },
  validateUpdate: ({ status }) =>
    checks.services.loaded.validateBalancerStatus(status.loadBalancer ?? {}, 'status.loadBalancer'),
};

const same = (a: unknown, b: unknown) => decodedEqual((a ?? null) as Json, (b ?? null) as Json);

/**
 * What the new type of a service has no use for goes, unless the client changed it. Models
 * strategy.go dropTypeDependentFields.
 */
function dropTypeDependentFields(spec: ServiceSpec, old: ServiceSpec): void {
  if (isExternalName(spec) && !isExternalName(old)) {
    if (same(spec.clusterIP, old.clusterIP) && same(spec.clusterIPs, old.clusterIPs)) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    for (const key of ['ipFamilies', 'ipFamilyPolicy'] as const)
      if (same(spec[key], old[key])) delete spec[key];
  }
  if (needsNodePort(old) && !needsNodePort(spec)) {
    const held = new Set((old.ports ?? []).map(({ nodePort }) => nodePort));
    const ports = spec.ports ?? [];
    if (ports.every(({ nodePort }) => !nodePort || held.has(nodePort))) {
      for (const port of ports) delete port.nodePort;
    }
    if (same(spec.externalTrafficPolicy, old.externalTrafficPolicy)) delete spec.externalTrafficPolicy;
  }
  if (needsHealthCheckPort(old) && !needsHealthCheckPort(spec)) {
    if (same(spec.healthCheckNodePort, old.healthCheckNodePort)) delete spec.healthCheckNodePort;
  }
  if (old.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    for (const key of ['allocateLoadBalancerNodePorts', 'loadBalancerClass'] as const) {
      if (same(spec[key], old[key])) delete spec[key];
    }
  }
}

/** Models printers.go getServiceExternalIP. */
function externalAddresses({ spec, status }: Service): string {
  const ips = spec?.externalIPs ?? [];
  if (spec?.type === 'ExternalName') return spec.externalName ?? '';
  if (spec?.type === 'LoadBalancer') {
    const balancers = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
    const all = [...new Set(balancers), ...ips];
    return all.length > 0 ? all.join(',') : '<pending>';
  }
  return ips.length > 0 ? ips.join(',') : '<none>';
}

/** "80:30080/TCP". Models printers.go makePortString. */
function portTexts({ spec }: Service): string {
  const texts = (spec?.ports ?? []).map(({ port, nodePort, protocol }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return texts.length > 0 ? texts.join(',') : '<none>';
}

const SPEC = 'io.k8s.api.core.v1.ServiceSpec';

export const serviceColumns: readonly TableColumn[] = [
  column('Type', 'string', { of: SPEC, field: 'type' }, (object) => object.spec?.type ?? ''),
  column(
    'Cluster-IP',
    'string',
    { of: SPEC, field: 'clusterIP' },
    (object) => object.spec?.clusterIPs?.[0] || object.spec?.clusterIP || '<none>',
  ),
  column('External-IP', 'string', { of: SPEC, field: 'externalIPs' }, (object) =>
    externalAddresses(asService(object)),
  ),
  column('Port(s)', 'string', { of: SPEC, field: 'ports' }, (object) => portTexts(asService(object))),
  AGE,
  wideColumn('Selector', 'string', { of: SPEC, field: 'selector' }, (object) =>
    formatLabels(object.spec?.selector),
  ),
];
