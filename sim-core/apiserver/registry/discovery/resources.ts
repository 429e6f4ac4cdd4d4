import type { Endpoint, EndpointPort } from 'kubernetes-types/discovery/v1';
import { semanticEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { notSupported, required, tooMany } from '../../../apimachinery/validation/field-error.ts';
import { validateImmutableField } from '../../../apimachinery/validation/object-meta.ts';
import { AGE, column } from '../../printers/columns.ts';
import { joinAtMost } from '../../printers/format.ts';
import { bumpGeneration } from '../generation.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('discovery.k8s.io', 'v1', 'io.k8s.api.discovery.v1');
const SLICE = 'io.k8s.api.discovery.v1.EndpointSlice';
const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];
const MAX_ENDPOINTS = 1000;
const MAX_ADDRESSES = 100;
const MAX_SHOWN = 3;

function fillDefaults(object: KubeObject): void {
  object.endpoints ??= null;
  object.ports ??= null;
  for (const port of (object.ports ?? []) as EndpointPort[]) {
    port.name ??= '';
    port.protocol ??= 'TCP';
  }
  for (const endpoint of (object.endpoints ?? []) as { conditions?: object }[]) endpoint.conditions ??= {};
}

/** Models pkg/apis/discovery/validation ValidateEndpointSlice. */
function validate(object: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  if (!object.addressType) errors.push(required('addressType'));
  else if (!ADDRESS_TYPES.includes(object.addressType)) {
    errors.push(notSupported('addressType', object.addressType, ADDRESS_TYPES));
  }
  const endpoints = (object.endpoints ?? []) as Endpoint[];
  if (endpoints.length > MAX_ENDPOINTS) errors.push(tooMany('endpoints', endpoints.length, MAX_ENDPOINTS));
  endpoints.forEach(({ addresses = [] }, index) => {
    const field = `endpoints[${index}].addresses`;
    if (addresses.length === 0) errors.push(required(field, 'must contain at least 1 address'));
    else if (addresses.length > MAX_ADDRESSES) errors.push(tooMany(field, addresses.length, MAX_ADDRESSES));
  });
  return errors;
}

function portsText({ ports }: KubeObject): string {
  if (ports === null || ports === undefined) return '<unset>';
  return joinAtMost(
    (ports as EndpointPort[]).map(({ port }) => (port === undefined ? '*' : String(port))),
    MAX_SHOWN,
  );
}

function endpointsText({ endpoints }: KubeObject): string {
  if (!endpoints?.length) return '<unset>';
  return joinAtMost(
    (endpoints as Endpoint[]).flatMap(({ addresses }) => addresses),
    MAX_SHOWN,
  );
}

/** Models pkg/registry/discovery/endpointslice. */
export const discoveryResources: readonly ResourceDefinition[] = [
  row({
    kind: 'EndpointSlice',
    resource: 'endpointslices',
    strategy: {
      fillDefaults,
      prepareForCreate(object) {
        object.metadata.generation = 1;
      },
      prepareForUpdate(object, old) {
        const withoutMeta = ({ metadata: _metadata, ...rest }: KubeObject) => rest;
        const changed =
          !semanticEqual(withoutMeta(object), withoutMeta(old)) ||
          !semanticEqual(object.metadata.labels, old.metadata.labels);
        bumpGeneration(object, old, changed);
      },
      validate,
      validateUpdate: (object, old) => [
        ...validate(object),
        ...validateImmutableField(object.addressType, old.addressType, 'addressType'),
      ],
    },
    columns: [
      column(
        'AddressType',
        'string',
        { of: SLICE, field: 'addressType' },
        (object) => object.addressType ?? '',
      ),
      column('Ports', 'string', { of: SLICE, field: 'ports' }, portsText),
      column('Endpoints', 'string', { of: SLICE, field: 'endpoints' }, endpointsText),
      AGE,
    ],
  }),
];
