import type { HttpRequest } from '../../../apimachinery/http.ts';
import { headerValues } from '../../../apimachinery/http.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';

/** Reading and writing of YAML: {@link speaksYaml} tells which requests need it. */
export const yamlBodies = new LazyModule(() => import('./yaml-bodies.ts'));

/** True if a request's body or the answer that it accepts may be YAML. */
export function speaksYaml({ headers }: HttpRequest): boolean {
  return ['content-type', 'accept'].some((name) =>
    headerValues(headers, name).some((value) => value.toLowerCase().includes('yaml')),
  );
}
