import type { EndpointSubset } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { AGE, column } from '../../../printers/columns.ts';
import { joinAtMost } from '../../../printers/format.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy } from '../../rest/strategy.ts';
import { dropEmpty } from '../defaults/always-present.ts';
import { checks } from '../../checks.ts';
const MAX_SHOWN = 3;

function fillDefaults(object: KubeObject): void {
  for (const { ports } of (object.subsets ?? []) as EndpointSubset[]) {
    for (const port of ports ?? []) port.protocol ||= 'TCP';
  }
  dropEmpty(object, ['subsets']);
}

/** Models pkg/registry/core/endpoint/strategy.go. */
export const endpointsStrategy: Strategy = {
  needs: [checks.core],
  fillDefaults,
  allowCreateOnUpdate: true,
  validate: (object) => checks.core.loaded.validateEndpoints(object),
  validateUpdate: (object) => checks.core.loaded.validateEndpoints(object),
};

/** Models printers.go formatEndpoints. */
function formatEndpoints(object: KubeObject): string {
  const texts = ((object.subsets ?? []) as EndpointSubset[]).flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) =>
          addresses.map(({ ip }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)),
        ),
  );
  return joinAtMost(texts, MAX_SHOWN);
}

export const endpointsColumns: readonly TableColumn[] = [
  column('Endpoints', 'string', { of: 'io.k8s.api.core.v1.Endpoints', field: 'subsets' }, formatEndpoints),
  AGE,
];
