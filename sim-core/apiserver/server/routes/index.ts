import { apiVersionOf } from '../../../apimachinery/object.ts';
import type { ApiGroup } from '../config.ts';

/** The answer of "/": every path that the server knows. Models server/routes/index.go. */
export function indexText(groups: readonly ApiGroup[], healthPaths: readonly string[]): string {
  const paths = new Set(['/api', '/apis', '/apis/', '/version', ...healthPaths]);
  for (const { name, versions } of groups) {
    if (name !== '') paths.add(`/apis/${name}`);
    for (const version of versions) {
      paths.add(name === '' ? `/api/${version}` : `/apis/${apiVersionOf({ group: name, version })}`);
    }
  }
  return JSON.stringify({ paths: [...paths].sort() }, null, 2);
}
