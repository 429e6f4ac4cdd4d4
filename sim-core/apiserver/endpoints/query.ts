import { booleanOption } from '../registry/rest/boolean-option.ts';

/** The query of a request's path. Parameter names map to their values in order. */
export class Query {
  readonly #values = new Map<string, string[]>();

  /** `text` is what follows the "?", still encoded. */
  constructor(text: string) {
    for (const part of text.split('&')) {
      // Go leaves out a pair that it cannot read, and refuses the old separator.
      if (part === '' || part.includes(';')) continue;
      const equals = part.indexOf('=');
      const name = decode(equals < 0 ? part : part.slice(0, equals));
      const value = equals < 0 ? '' : decode(part.slice(equals + 1));
      if (name === undefined || value === undefined) continue;
      const values = this.#values.get(name);
      if (values === undefined) this.#values.set(name, [value]);
      else values.push(value);
    }
  }

  /** The first value, or "". */
  get(name: string): string {
    return this.#values.get(name)?.[0] ?? '';
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** See {@link booleanOption}. */
  boolean(name: string): boolean {
    return booleanOption(this.#values.get(name)?.[0]);
  }
}

/** Percent-decoding; undefined for a broken escape. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return undefined;
  }
}

/** Splits "/api/v1/pods?watch=1" into its decoded path and its query; undefined if the path has a broken escape. */
export function splitTarget(target: string): { path: string; query: Query } | undefined {
  const question = target.indexOf('?');
  const raw = question < 0 ? target : target.slice(0, question);
  let path: string;
  try {
    path = decodeURIComponent(raw);
  } catch {
    return undefined;
  }
  return { path, query: new Query(question < 0 ? '' : target.slice(question + 1)) };
}
