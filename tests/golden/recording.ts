import { readdirSync, readFileSync } from 'node:fs';

/** One request of a scenario and what the real server answered. See recordings/README in the tests' guide. */
export interface Step {
  readonly id?: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly raw?: string;
  readonly type?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** "admin" or absent, "anonymous", or "name|group|group" to impersonate. */
  readonly as?: string;
  readonly waitMs?: number;
  readonly until?: { readonly field: string; readonly is: unknown; readonly withinMs?: number };
  readonly watch?: { readonly during?: readonly Step[]; readonly collectMs?: number };
  readonly response: Answer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Lines of a watch. */
  readonly events?: readonly unknown[];
  /** Answers of the steps during a watch. */
  readonly during?: readonly Answer[];
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly managedFields?: boolean;
  readonly steps: readonly Step[];
}

/**
 * All recorded scenarios of a folder, by name: "http" is equal in full; "wide" has what a kube-apiserver answers to
 * odder requests, and what of it is equal may only grow.
 */
export function readScenarios(folder: 'http' | 'wide' = 'http'): readonly Scenario[] {
  const place = new URL(`recordings/${folder}/`, import.meta.url);
  return readdirSync(place)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(file, place), 'utf8')) as Scenario);
}
