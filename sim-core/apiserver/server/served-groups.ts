import { compareVersions } from '../endpoints/discovery/version-order.ts';
import type { ResourceDefinition } from '../registry/rest/resource.ts';
import type { ApiGroup } from './config.ts';

/** The API groups of discovery: the built-in ones, and after them those that custom resources bring, by name. */
export class ServedGroups {
  readonly #builtin: readonly ApiGroup[];
  readonly #builtinNames: ReadonlySet<string>;
  #all: readonly ApiGroup[];
  #names: ReadonlySet<string>;

  constructor(builtin: readonly ApiGroup[]) {
    this.#builtin = builtin;
    this.#builtinNames = namesOf(builtin);
    this.#all = builtin;
    this.#names = this.#builtinNames;
  }

  get all(): readonly ApiGroup[] {
    return this.#all;
  }

  isBuiltin(group: string): boolean {
    return this.#builtinNames.has(group);
  }

  /** Whether paths that begin "/prefix/group/" are this server's. */
  serves(prefix: string, group: string): boolean {
    if (prefix === 'api') return group === '';
    return prefix === 'apis' && group !== '' && this.#names.has(group);
  }

  /** Takes the custom resources among `definitions` for all that there are; returns their groups. */
  update(definitions: readonly ResourceDefinition[]): readonly ApiGroup[] {
    const custom = customGroups(definitions);
    const versionsOf = (group: string) => custom.find(({ name }) => name === group)?.versions ?? [];
    this.#all = [
      ...this.#builtin.map(({ name, versions }) => ({
        name,
        versions: [...versions, ...versionsOf(name).filter((version) => !versions.includes(version))],
      })),
      ...custom.filter(({ name }) => !this.isBuiltin(name)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    ];
    this.#names = namesOf(this.#all);
    return custom;
  }
}

const namesOf = (groups: readonly ApiGroup[]) => new Set(groups.map(({ name }) => name));

function customGroups(definitions: readonly ResourceDefinition[]): readonly ApiGroup[] {
  const versions = new Map<string, Set<string>>();
  for (const { group, version, custom } of definitions) {
    if (custom === undefined) continue;
    const known = versions.get(group);
    if (known === undefined) versions.set(group, new Set([version]));
    else known.add(version);
  }
  return [...versions].map(([name, known]) => ({ name, versions: [...known].sort(compareVersions) }));
}
