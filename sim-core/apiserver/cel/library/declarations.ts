import type { Functions, Overload } from '../checker/declarations.ts';
import { overloadsOf } from '../checker/declarations.ts';
import { AUTHORIZER } from './authorizer.ts';
import { NAMED_FORMATS } from './format.ts';
import type { CelFunction } from './functions.ts';
import { LISTS } from './lists.ts';
import { NETWORKS } from './networks.ts';
import { QUANTITIES } from './quantity.ts';
import { SEMVERS } from './semver.ts';
import { SPECIAL, STANDARD } from './standard.ts';
import { JSON_PATCH, STRINGS } from './strings.ts';
import { URLS } from './urls.ts';

/** One form of a function with what it does. */
export interface Implementation extends Overload {
  readonly run: CelFunction[2];
}

/** What every expression may call: CEL's own functions and those that Kubernetes adds. Models pkg/cel/environment/base.go. */
const LIBRARIES: readonly CelFunction[] = [
  ...STANDARD,
  ...STRINGS,
  ...LISTS,
  ...QUANTITIES,
  ...URLS,
  ...NETWORKS,
  ...NAMED_FORMATS,
  ...SEMVERS,
  ...AUTHORIZER,
];

function byName<T>(
  rows: readonly (readonly [name: string, made: readonly T[]])[],
): ReadonlyMap<string, readonly T[]> {
  const all = new Map<string, T[]>();
  for (const [name, made] of rows) all.set(name, [...(all.get(name) ?? []), ...made]);
  return all;
}

/** What functions do, by name; those that the interpreter does itself are not among them. */
export const IMPLEMENTATIONS: ReadonlyMap<string, readonly Implementation[]> = byName(
  [...LIBRARIES, ...JSON_PATCH].map(
    ([name, signatures, run]) =>
      [name, overloadsOf(signatures).map((overload) => ({ ...overload, run }))] as const,
  ),
);

const declared = (
  rows: readonly (readonly [name: string, signatures: string, ...rest: unknown[]])[],
): Functions => byName(rows.map(([name, signatures]) => [name, overloadsOf(signatures)] as const));

export const FUNCTIONS = declared([...SPECIAL, ...LIBRARIES]);
/** Of mutations. */
export const MUTATION_FUNCTIONS = declared([...SPECIAL, ...LIBRARIES, ...JSON_PATCH]);
