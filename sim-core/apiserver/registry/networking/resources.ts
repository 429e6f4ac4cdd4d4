import { hasEmptied } from '../../../apimachinery/json/emptied.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { bumpGeneration, specAndStatus, statusOnly } from '../generation.ts';
import { decodedEqual } from '../../../apimachinery/copy.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { formatIP, isMapped, parseIP, withoutZeros } from '../../util/net.ts';
import { lazyColumns } from '../lazy-columns.ts';
import { lazyStrategy, lazyUpdate } from '../lazy-strategy.ts';
import { rowsOf } from '../row.ts';
import { CLASS_ANNOTATION } from './ingress/class-annotation.ts';
import { checks } from '../checks.ts';

const row = rowsOf('networking.k8s.io', 'v1', 'io.k8s.api.networking.v1');

function defaultIngress(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  object.status.loadBalancer ??= {};
}

function defaultNetworkPolicy(object: KubeObject): void {
  object.spec ??= {};
  object.spec.podSelector ??= {};
  for (const rule of [...(object.spec.ingress ?? []), ...(object.spec.egress ?? [])]) {
    for (const port of rule.ports ?? []) port.protocol ??= 'TCP';
  }
  if (!object.spec.policyTypes?.length) {
    object.spec.policyTypes = object.spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'];
  }
}

/** Why a text is no address in its canonical form. Models util/validation/ip.go IsValidIP. */
function addressFaults(name: string): string[] {
  const address = parseIP(name);
  if (address === undefined) {
    const isOther = parseIP(withoutZeros(name)) === undefined;
    return [
      isOther ? 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)' : 'must not have leading 0s',
    ];
  }
  if (isMapped(address)) return ['must not be an IPv4-mapped IPv6 address'];
  const canonical = formatIP(address);
  return canonical === name ? [] : [`must be in canonical form (${JSON.stringify(canonical)})`];
}

const columns = new LazyModule(() => import('./columns.ts'));
const addresses = new LazyModule(() => import('./addresses.ts'));

function defaultServiceCIDR(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
}

const withGeneration = {
  prepareForCreate(object: KubeObject) {
    object.metadata.generation = 1;
  },
  prepareForUpdate(object: KubeObject, old: KubeObject) {
    bumpGeneration(object, old, !decodedEqual(object.spec, old.spec));
  },
};

/** Models pkg/registry/networking. */
export const networkingResources: readonly ResourceDefinition[] = [
  row({
    kind: 'IngressClass',
    resource: 'ingressclasses',
    namespaced: false,
    strategy: {
      needs: [checks.networking],
      fillDefaults(object) {
        object.spec ??= {};
        // References were to cluster-scoped objects before they had a scope.
        if (object.spec.parameters !== undefined) object.spec.parameters.scope ??= 'Cluster';
      },
      ...withGeneration,
      validate: ({ spec }) => checks.networking.loaded.validateIngressClassSpec(spec),
      validateUpdate: ({ spec }, old) => [
        ...checks.generic.loaded.validateImmutableField(
          spec.controller ?? '',
          old.spec.controller,
          'spec.controller',
        ),
        ...checks.networking.loaded.validateIngressClassSpec(spec),
      ],
    },
    columns: lazyColumns(columns, (loaded) => loaded.ingressclasses),
  }),
  row({
    kind: 'Ingress',
    resource: 'ingresses',
    shortNames: ['ing'],
    storagePrefix: 'ingress',
    strategy: {
      needs: [checks.networking],
      fillDefaults: defaultIngress,
      ...specAndStatus(() => ({ loadBalancer: {} })),
      warningsOnCreate: ({ metadata }) =>
        metadata.annotations?.[CLASS_ANNOTATION] === undefined
          ? []
          : [
              `annotation ${JSON.stringify(CLASS_ANNOTATION)} is deprecated, please use 'spec.ingressClassName' instead`,
            ],
      validate: (object) => checks.networking.loaded.validateIngressCreate(object),
      validateUpdate: (object) => checks.networking.loaded.validateIngress(object),
    },
    status: {
      needs: [checks.services],
      ...statusOnly(defaultIngress),
      validateUpdate: ({ status }) =>
        checks.services.loaded.validateBalancerStatus(status.loadBalancer ?? {}, 'status.loadBalancer'),
    },
    columns: lazyColumns(columns, (loaded) => loaded.ingresses),
  }),
  row({
    kind: 'IPAddress',
    resource: 'ipaddresses',
    shortNames: ['ip'],
    namespaced: false,
    strategy: lazyStrategy(addresses, ({ ipAddress }) => ipAddress, {
      fillDefaults(object) {
        object.spec ??= {};
      },
      validateName: addressFaults,
    }),
    columns: lazyColumns(columns, (loaded) => loaded.ipaddresses),
  }),
  row({
    kind: 'ServiceCIDR',
    resource: 'servicecidrs',
    namespaced: false,
    strategy: lazyStrategy(addresses, ({ serviceCIDR }) => serviceCIDR, { fillDefaults: defaultServiceCIDR }),
    status: lazyUpdate(addresses, ({ serviceCIDRStatus }) => serviceCIDRStatus, {
      fillDefaults: defaultServiceCIDR,
    }),
    columns: lazyColumns(columns, (loaded) => loaded.servicecidrs),
  }),
  row({
    kind: 'NetworkPolicy',
    resource: 'networkpolicies',
    shortNames: ['netpol'],
    strategy: {
      needs: [checks.networking],
      fillDefaults: defaultNetworkPolicy,
      ...withGeneration,
      // An empty list is another spec than none, until it is stored.
      prepareForUpdate: (object, old) =>
        bumpGeneration(object, old, !decodedEqual(object.spec, old.spec) || hasEmptied(object.spec)),
      validate: ({ spec }) => checks.networking.loaded.validateNetworkPolicySpec(spec),
      // Upstream checks the object twice.
      validateUpdate: ({ spec }) => [
        ...checks.networking.loaded.validateNetworkPolicySpec(spec),
        ...checks.networking.loaded.validateNetworkPolicySpec(spec),
      ],
    },
    columns: lazyColumns(columns, (loaded) => loaded.networkpolicies),
  }),
];
