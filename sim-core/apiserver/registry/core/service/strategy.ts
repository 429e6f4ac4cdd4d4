import type { Service } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { nameIsDNS1035Label } from '../../../../apimachinery/validation/names.ts';
import { AGE, column, wideColumn } from '../../../printers/columns.ts';
import { formatLabels } from '../../../printers/format.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { defaultService } from './defaults.ts';
import { validateService, validateServiceUpdate } from './validation.ts';

const asService = (object: KubeObject) => object as unknown as Service;

/** Models pkg/registry/core/service/strategy.go. */
export const serviceStrategy: Strategy = {
  fillDefaults: defaultService,
  prepareForCreate(object) {
    object.status = { loadBalancer: {} };
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
  },
  validateName: nameIsDNS1035Label,
  validate: (object) => validateService(asService(object)),
  validateUpdate: (object, old) => validateServiceUpdate(asService(object), asService(old)),
  selectableFields: (object) => ({
    'spec.clusterIP': object.spec?.clusterIP ?? '',
    'spec.type': object.spec?.type ?? '',
  }),
};

export const serviceStatusStrategy: UpdateStrategy = {
  fillDefaults: defaultService,
  prepareForUpdate(object, old) {
    object.spec = old.spec;
  },
};

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
