import type { Endpoint, EndpointPort } from 'kubernetes-types/discovery/v1';
import { decodedEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/names.ts';
import { AGE, column } from '../../printers/columns.ts';
import { joinAtMost } from '../../printers/format.ts';
import { bumpGeneration } from '../generation.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';
import { checks } from '../checks.ts';

const row = rowsOf('discovery.k8s.io', 'v1', 'io.k8s.api.discovery.v1');
const SLICE = 'io.k8s.api.discovery.v1.EndpointSlice';
const MAX_SHOWN = 3;
const HOSTNAME = 'kubernetes.io/hostname';

function fillDefaults(object: KubeObject): void {
  // Protobuf knows no empty list.
  if (!object.endpoints?.length) object.endpoints = null;
  if (!object.ports?.length) object.ports = null;
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

/**
 * Nobody writes deprecatedTopology through this version; a name of a node that stood there moves to where it
 * belongs. Models dropTopologyOnV1.
 */
function dropTopology(object: KubeObject, old: KubeObject | undefined): void {
  const before = (old?.endpoints ?? []) as Endpoint[];
  if (old !== undefined && decodedEqual(object.endpoints, old.endpoints)) return;
  const known = new Set(before.flatMap(({ deprecatedTopology: labels }) => labels?.[HOSTNAME] ?? []));
  for (const endpoint of (object.endpoints ?? []) as { -readonly [K in keyof Endpoint]: Endpoint[K] }[]) {
    const name = endpoint.deprecatedTopology?.[HOSTNAME];
    if (
      endpoint.nodeName === undefined &&
      name !== undefined &&
      known.has(name) &&
      nameIsDNSSubdomain(name, false).length === 0
    ) {
      endpoint.nodeName = name;
    }
    delete endpoint.deprecatedTopology;
  }
}

/** Models pkg/registry/discovery/endpointslice. */
export const discoveryResources: readonly ResourceDefinition[] = [
  row({
    kind: 'EndpointSlice',
    hashedAs: { group: 'discovery.k8s.io', version: 'v1beta1' },
    resource: 'endpointslices',
    strategy: {
      needs: [checks.core],
      fillDefaults,
      prepareForCreate(object) {
        object.metadata.generation = 1;
        dropTopology(object, undefined);
      },
      prepareForUpdate(object, old) {
        const withoutMeta = ({ metadata: _metadata, ...rest }: KubeObject) => rest;
        const changed =
          !decodedEqual(withoutMeta(object), withoutMeta(old)) ||
          !decodedEqual(object.metadata.labels, old.metadata.labels);
        bumpGeneration(object, old, changed);
        dropTopology(object, old);
      },
      warningsOnCreate: ({ addressType }) =>
        addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : [],
      validate: (object) => checks.core.loaded.validateEndpointSlice(object),
      validateUpdate: (object, old) => [
        ...checks.core.loaded.validateEndpointSlice(object),
        ...checks.generic.loaded.validateImmutableField(object.addressType, old.addressType, 'addressType'),
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
