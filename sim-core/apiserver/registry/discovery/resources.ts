import type { Endpoint, EndpointPort } from 'kubernetes-types/discovery/v1';
import { semanticEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { validateImmutableField } from '../../../apimachinery/validation/object-meta.ts';
import { AGE, column } from '../../printers/columns.ts';
import { joinAtMost } from '../../printers/format.ts';
import { bumpGeneration } from '../generation.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';
import { validateEndpointSlice } from './validation.ts';

const row = rowsOf('discovery.k8s.io', 'v1', 'io.k8s.api.discovery.v1');
const SLICE = 'io.k8s.api.discovery.v1.EndpointSlice';
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
      validate: validateEndpointSlice,
      validateUpdate: (object, old) => [
        ...validateEndpointSlice(object),
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
