import type { GroupVersionKind, Json, JsonObject } from '../../apimachinery/object.ts';
import { parseApiVersion } from '../../apimachinery/object.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Directive } from './directive.ts';

/** Kinds that no server takes patches of: it is not asked to check their fields either. */
const UNPATCHED = /(?:List|Review|^Binding|^Eviction|^TokenRequest)$/;
const NO_OBJECT = 'invalid object to validate';

/**
 * What is wrong with objects before any server sees them: that one has no kind, and, of what servers do not check the
 * fields of, whatever OpenAPI v2 says. Custom resources within lists are left to the server.
 *
 * Models pkg/validation schema.go and validation.go.
 */
export class Validation {
  readonly #directive: Directive;
  readonly #clock: Clock;
  readonly #warn: (message: string) => void;

  /** `warn` is told what is not checked. */
  constructor(directive: Directive, clock: Clock, warn: (message: string) => void) {
    this.#directive = directive;
    this.#clock = clock;
    this.#warn = warn;
  }

  async errorsOf(value: Json): Promise<readonly Error[]> {
    if (this.#directive === 'Ignore') return [];
    const kind = kindOf(value);
    if (Array.isArray(kind)) return kind;
    if (!UNPATCHED.test(kind.kind)) return [];
    if (this.#directive === 'Warn') {
      this.#warn(
        'cannot perform warn validation if server-side field validation is unsupported, skipping validation',
      );
      return [];
    }
    const isPlainList = kind.group === '' && kind.version === 'v1' && kind.kind === 'List';
    return isPlainList ? this.#listErrors(value) : this.#resourceErrors(value, kind);
  }

  async #listErrors(value: Json): Promise<readonly Error[]> {
    const { items } = value as JsonObject;
    if (!Array.isArray(items)) return [new Error(NO_OBJECT)];
    const errors: Error[] = [];
    for (const item of items) {
      const kind = kindOf(item);
      errors.push(...(Array.isArray(kind) ? kind : await this.#resourceErrors(item, kind)));
    }
    return errors;
  }

  async #resourceErrors(value: Json, kind: GroupVersionKind): Promise<readonly Error[]> {
    const [{ validateModel }, { schemaOfKind }] = await this.#clock.outside(
      Promise.all([import('./model.ts'), import('../util/schema.ts')]),
    );
    const schema = schemaOfKind(kind);
    return schema === undefined ? [] : validateModel(value, schema, kind.kind);
  }
}

/** Of which kind an object is, or why that cannot be said. */
function kindOf(value: Json): GroupVersionKind | Error[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [new Error(NO_OBJECT)];
  const errors: Error[] = [];
  const [apiVersion = '', kind = ''] = ['apiVersion', 'kind'].map((field) => {
    const text = value[field] ?? '';
    if (text === '') errors.push(new Error(`${field} not set`));
    else if (typeof text !== 'string') errors.push(new Error(`${field} isn't string type`));
    return String(text);
  });
  return errors.length > 0 ? errors : { ...parseApiVersion(apiVersion), kind };
}
