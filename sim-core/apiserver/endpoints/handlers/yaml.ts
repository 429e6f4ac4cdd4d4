import type { HttpRequest } from '../../../apimachinery/http.ts';
import { headerValues } from '../../../apimachinery/http.ts';
import { parsePlainYaml } from '../../../apimachinery/json/plain-yaml.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';

/** Reading and writing of YAML in full: {@link needsYaml} tells which requests need it. */
export const yamlBodies = new LazyModule(() => import('./yaml-bodies.ts'));

/** True if the answer that a request accepts may be YAML, or if its body is more than plain YAML. */
export function needsYaml({ headers, body }: HttpRequest): boolean {
  const names = (header: string) =>
    headerValues(headers, header).some((value) => value.toLowerCase().includes('yaml'));
  return names('accept') || (names('content-type') && parsePlainYaml(body) === undefined);
}
