import type { HTTPIngressPath, IngressRule, IngressSpec } from 'kubernetes-types/networking/v1';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { invalid, notSupported, required } from '../../../apimachinery/validation/field-error.ts';
import { validateLabelSelector } from '../../../apimachinery/validation/labels.ts';
import { isDNS1123Subdomain, isWildcardDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { AGE, column } from '../../printers/columns.ts';
import { formatLabelSelector } from '../../printers/format.ts';
import { isIP } from '../core/validation/common.ts';
import { bumpGeneration, specAndStatus, statusOnly } from '../generation.ts';
import { semanticEqual } from '../../../apimachinery/copy.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('networking.k8s.io', 'v1', 'io.k8s.api.networking.v1');
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const POLICY_TYPES = ['Egress', 'Ingress'];

function defaultIngress(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  object.status.loadBalancer ??= {};
}

/** Models pkg/apis/networking/validation ValidateIngressSpec. */
function validateIngress(object: KubeObject): FieldError[] {
  const spec = object.spec as IngressSpec;
  const errors: FieldError[] = [];
  if ((spec.rules ?? []).length === 0 && !spec.defaultBackend) {
    errors.push(
      invalid('spec', (spec.rules ?? []) as never, 'either `defaultBackend` or `rules` must be specified'),
    );
  }
  (spec.rules ?? []).forEach((rule: IngressRule, index) => {
    const path = `spec.rules[${index}]`;
    if (rule.host) {
      if (isIP(rule.host))
        errors.push(invalid(`${path}.host`, rule.host, 'must be a DNS name, not an IP address'));
      const check = rule.host.includes('*') ? isWildcardDNS1123Subdomain : isDNS1123Subdomain;
      for (const text of check(rule.host)) errors.push(invalid(`${path}.host`, rule.host, text));
    }
    if (rule.http && (rule.http.paths ?? []).length === 0) errors.push(required(`${path}.http.paths`));
    (rule.http?.paths ?? []).forEach((item: HTTPIngressPath, at) => {
      errors.push(...validateIngressPath(item, `${path}.http.paths[${at}]`));
    });
  });
  return errors;
}

function validateIngressPath(item: HTTPIngressPath, field: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!item.pathType) errors.push(required(`${field}.pathType`, 'pathType must be specified'));
  else if (!PATH_TYPES.includes(item.pathType)) {
    errors.push(notSupported(`${field}.pathType`, item.pathType, PATH_TYPES));
  } else if (item.pathType !== 'ImplementationSpecific' && !item.path?.startsWith('/')) {
    errors.push(invalid(`${field}.path`, item.path ?? '', 'must be an absolute path'));
  }
  const { service, resource } = item.backend ?? {};
  if (!service && !resource)
    errors.push(required(`${field}.backend`, 'resource or service backend is required'));
  if (service && !service.name) errors.push(required(`${field}.backend.service.name`));
  if (service && !service.port?.name && !service.port?.number) {
    errors.push(required(`${field}.backend.service.port`, 'port name or number is required'));
  }
  return errors;
}

function hosts({ spec }: KubeObject): string {
  const names = ((spec?.rules ?? []) as IngressRule[]).map((rule) => rule.host || '*').slice(0, 3);
  return names.length === 0 ? '*' : names.join(',');
}

function defaultNetworkPolicy(object: KubeObject): void {
  object.spec ??= {};
  object.spec.podSelector ??= {};
  if (!object.spec.policyTypes?.length) {
    object.spec.policyTypes = object.spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'];
  }
}

/** Models ValidateNetworkPolicySpec. */
function validateNetworkPolicy({ spec }: KubeObject): FieldError[] {
  return [
    ...validateLabelSelector(spec.podSelector, 'spec.podSelector'),
    ...(spec.policyTypes as string[]).flatMap((type, index) =>
      POLICY_TYPES.includes(type) ? [] : [notSupported(`spec.policyTypes[${index}]`, type, POLICY_TYPES)],
    ),
  ];
}

const withGeneration = {
  prepareForCreate(object: KubeObject) {
    object.metadata.generation = 1;
  },
  prepareForUpdate(object: KubeObject, old: KubeObject) {
    bumpGeneration(object, old, !semanticEqual(object.spec, old.spec));
  },
};

/** Models pkg/registry/networking. */
export const networkingResources: readonly ResourceDefinition[] = [
  row({
    kind: 'IngressClass',
    resource: 'ingressclasses',
    namespaced: false,
    strategy: {
      fillDefaults(object) {
        object.spec ??= {};
      },
      ...withGeneration,
    },
    columns: [
      column(
        'Controller',
        'string',
        { of: 'io.k8s.api.networking.v1.IngressClassSpec', field: 'controller' },
        ({ spec }) => spec?.controller ?? '',
      ),
      column(
        'Parameters',
        'string',
        { of: 'io.k8s.api.networking.v1.IngressClassSpec', field: 'parameters' },
        ({ spec }) => {
          const parameters = spec?.parameters;
          if (!parameters) return '<none>';
          return `${parameters.kind}${parameters.apiGroup ? `.${parameters.apiGroup}` : ''}/${parameters.name}`;
        },
      ),
      AGE,
    ],
  }),
  row({
    kind: 'Ingress',
    resource: 'ingresses',
    shortNames: ['ing'],
    storagePrefix: 'ingress',
    strategy: {
      fillDefaults: defaultIngress,
      ...specAndStatus(() => ({ loadBalancer: {} })),
      validate: validateIngress,
      validateUpdate: validateIngress,
    },
    status: statusOnly(defaultIngress),
    columns: [
      column(
        'Class',
        'string',
        'The name of the IngressClass resource that should be used for additional configuration',
        ({ metadata, spec }) =>
          spec?.ingressClassName ?? metadata.annotations?.['kubernetes.io/ingress.class'] ?? '<none>',
      ),
      column(
        'Hosts',
        'string',
        'Hosts that incoming requests are matched against before the ingress rule',
        hosts,
      ),
      column(
        'Address',
        'string',
        'Address is a list containing ingress points for the load-balancer',
        ({ status }) =>
          (status?.loadBalancer?.ingress ?? [])
            .map(({ ip, hostname }: { ip?: string; hostname?: string }) => ip || hostname)
            .join(','),
      ),
      column('Ports', 'string', 'Ports of TLS configurations that open', ({ spec }) =>
        spec?.tls?.length ? '80, 443' : '80',
      ),
      AGE,
    ],
  }),
  row({
    kind: 'NetworkPolicy',
    resource: 'networkpolicies',
    shortNames: ['netpol'],
    strategy: {
      fillDefaults: defaultNetworkPolicy,
      ...withGeneration,
      validate: validateNetworkPolicy,
      validateUpdate: validateNetworkPolicy,
    },
    columns: [
      column(
        'Pod-Selector',
        'string',
        { of: 'io.k8s.api.networking.v1.NetworkPolicySpec', field: 'podSelector' },
        ({ spec }) => formatLabelSelector(spec?.podSelector),
      ),
      AGE,
    ],
  }),
];
