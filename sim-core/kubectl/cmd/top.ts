import { usageError } from '../util/errors.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import {
  ALL_NAMESPACES_FLAG,
  FIELD_SELECTOR_FLAG,
  SELECTOR_FLAG,
} from '../genericclioptions/common-flags.ts';

function topVerb(name: string, aliases: readonly string[], short: string): CommandDefinition {
  return {
    name,
    aliases,
    use: '[NAME | -l label] [options]',
    short,
    flags: [
      ...(name === 'pod'
        ? ([
            ALL_NAMESPACES_FLAG,
            { name: 'containers', type: 'bool', default: 'false' },
            FIELD_SELECTOR_FLAG,
            { name: 'sum', type: 'bool', default: 'false' },
          ] as const)
        : ([{ name: 'show-capacity', type: 'bool', default: 'false' }] as const)),
      { name: 'no-headers', type: 'bool', default: 'false' },
      SELECTOR_FLAG,
      { name: 'show-swap', type: 'bool', default: 'false' },
      { name: 'sort-by', type: 'string' },
      { name: 'use-protocol-buffers', type: 'bool', default: 'true' },
    ],
    async run({ factory, commandPath }, { args, flags }) {
      if (args.length > 1) throw usageError(commandPath, `${name} [NAME | -l label]`);
      if (args.length > 0 && flags.string('selector') !== '')
        throw new Error('only one of NAME or --selector can be provided');
      if (!['', 'cpu', 'memory'].includes(flags.string('sort-by')))
        throw new Error('--sort-by accepts only cpu or memory');
      const { server } = await factory.mapper();
      if (!server.groupVersions.some(({ group }) => group === 'metrics.k8s.io'))
        throw new Error('Metrics API not available');
      throw new Error(`metrics not available yet`);
    },
  };
}

/** Models pkg/cmd/top. */
export const top: CommandDefinition = {
  name: 'top',
  use: '[flags] [options]',
  short: 'Display resource (CPU/memory) usage',
  suggestFor: ['stats'],
  helpTo: 'stderr',
  subcommands: [
    topVerb('node', ['nodes', 'no'], 'Display resource (CPU/memory) usage of nodes'),
    topVerb('pod', ['pods', 'po'], 'Display resource (CPU/memory) usage of pods'),
  ],
};
