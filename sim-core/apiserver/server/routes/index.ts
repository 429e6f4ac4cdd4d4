import { apiVersionOf } from '../../../apimachinery/object.ts';
import type { ApiGroup } from '../config.ts';

const STATIC_PATHS = [
  '/.well-known/openid-configuration',
  '/api',
  '/apis',
  '/apis/',
  '/metrics',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/',
  '/openid/v1/jwks',
  '/version',
];

/** The answer of "/": every path that the server knows. Models server/routes/index.go. */
export function indexText(groups: readonly ApiGroup[], healthPaths: readonly string[]): string {
  const paths = new Set([...STATIC_PATHS, ...healthPaths]);
  for (const { name, versions } of groups) {
    if (name !== '') paths.add(`/apis/${name}`);
    for (const version of versions) {
      paths.add(name === '' ? `/api/${version}` : `/apis/${apiVersionOf({ group: name, version })}`);
    }
  }
  return JSON.stringify({ paths: [...paths].sort() }, null, 2);
}
