import { groupResourceText } from '../../apimachinery/object.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { CommandEnvironment } from '../../shell/command.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import type { FlagSet } from '../cobra/flags.ts';
import type { ApiResource, ServerResources } from '../discovery/discovery-client.ts';
import { type ObjectPrinter, objectPrinter } from '../printers/object-printer.ts';
import { Tabwriter, TABLE_COLUMNS } from '../printers/tabwriter.ts';
import { apiVersionText } from '../resource/rest-mapper.ts';
import { usageError } from '../util/errors.ts';

/** What a server serves, each resource in the version that its group prefers, by group and name. */
export function resourcesOf(server: ServerResources): ApiResource[] {
  const preferred = new Map<string, string>();
  for (const { group, version } of server.groupVersions)
    if (!preferred.has(group)) preferred.set(group, version);
  const key = ({ group, name }: ApiResource) => `${group}\0${name}`;
  return server.resources
    .filter((resource) => {
      const { group, version, verbs, name } = resource;
      if (verbs.length === 0) return false;
      const first = server.resources.find((other) => other.group === group && other.name === name);
      return version === preferred.get(group) || first === resource;
    })
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Models pkg/cmd/apiresources. */
export const apiResources: CommandDefinition = {
  name: 'api-resources',
  use: '[flags] [options]',
  short: 'Print the supported API resources on the server',
  flags: [
    { name: 'api-group', type: 'string' },
    { name: 'cached', type: 'bool', default: 'false' },
    { name: 'categories', type: 'stringSlice' },
    { name: 'namespaced', type: 'bool', default: 'true' },
    { name: 'no-headers', type: 'bool', default: 'false' },
    { name: 'output', shorthand: 'o', type: 'string' },
    { name: 'show-managed-fields', type: 'bool', default: 'false' },
    { name: 'sort-by', type: 'string' },
    { name: 'verbs', type: 'stringSlice' },
  ],
  async run({ factory, io, commandPath, environment }, { args, flags }) {
    if (args.length > 0) throw usageError(commandPath, `unexpected arguments: [${args.join(' ')}]`);
    const output = flags.string('output');
    const printer = ['', 'wide', 'name'].includes(output) ? undefined : printerOf(flags, environment);
    const sortBy = flags.string('sort-by');
    if (sortBy !== '' && sortBy !== 'name' && sortBy !== 'kind')
      throw new Error(`--sort-by accepts only name or kind`);
    if (!flags.bool('cached')) factory.invalidateDiscovery();
    const { server } = await factory.mapper();
    const wanted = resourcesOf(server).filter(({ group, verbs, categories, namespaced }) => {
      if (flags.changed('api-group') && group !== flags.string('api-group')) return false;
      if (flags.changed('namespaced') && namespaced !== flags.bool('namespaced')) return false;
      if (!flags.list('verbs').every((verb) => verbs.includes(verb))) return false;
      return flags.list('categories').every((category) => categories.includes(category));
    });
    if (sortBy !== '') wanted.sort((a, b) => (a[sortBy] < b[sortBy] ? -1 : 1));
    if (output === 'name') {
      for (const { group, name } of wanted) io.stdout(`${groupResourceText({ group, resource: name })}\n`);
      return 0;
    }
    if (printer !== undefined) {
      const list = {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion: '',
        resources: wanted.map(shown),
      };
      io.stdout(printer.print(list as unknown as KubeObject));
      return 0;
    }
    const writer = new Tabwriter(TABLE_COLUMNS);
    const wide = output === 'wide';
    if (!flags.bool('no-headers')) {
      writer.write(
        `${['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['VERBS', 'CATEGORIES'] : [])].join('\t')}\n`,
      );
    }
    for (const resource of wanted) {
      const cells = [
        resource.name,
        resource.shortNames.join(','),
        apiVersionText(resource),
        String(resource.namespaced),
        resource.kind,
        ...(wide ? [resource.verbs.join(','), resource.categories.join(',')] : []),
      ];
      writer.write(`${cells.join('\t')}\n`);
    }
    io.stdout(writer.flush());
    return 0;
  },
};

function printerOf(flags: FlagSet, { machine, cwd }: CommandEnvironment): ObjectPrinter {
  return objectPrinter({
    output: flags.string('output'),
    template: '',
    allowedFormats: ['json', 'kyaml', 'name', 'wide', 'yaml'],
    allowMissingKeys: true,
    showManagedFields: false,
    noHeaders: false,
    typed: true,
    files: machine.files,
    cwd,
  });
}

/** A resource with the fields of metav1.APIResource. */
function shown(resource: ApiResource): object {
  const { name, singularName, namespaced, group, version, kind, verbs, shortNames, categories } = resource;
  return {
    ...{ name, singularName, namespaced },
    ...(group !== '' && { group }),
    ...{ version, kind, verbs },
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
  };
}

export const apiVersions: CommandDefinition = {
  name: 'api-versions',
  use: '[options]',
  short: 'Print the supported API versions on the server, in the form of "group/version"',
  async run({ factory, io, commandPath }, { args }) {
    if (args.length > 0) throw usageError(commandPath, `unexpected arguments: [${args.join(' ')}]`);
    factory.invalidateDiscovery();
    const { server } = await factory.mapper();
    for (const version of server.groupVersions.map(apiVersionText).sort()) io.stdout(`${version}\n`);
    return 0;
  },
};
