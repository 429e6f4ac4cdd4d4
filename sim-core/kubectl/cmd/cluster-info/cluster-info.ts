import type { KubeObject } from '../../../apimachinery/object.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import { Helper } from '../../resource/helper.ts';
import { MAPPINGS } from '../create/mappings.ts';
import { dump } from './dump.ts';

/** Models pkg/cmd/clusterinfo. */
export const clusterInfo: CommandDefinition = {
  name: 'cluster-info',
  use: '[flags] [options]',
  short: 'Display cluster information',
  subcommands: [dump],
  async run({ factory, io }) {
    const { server } = factory.clientConfig();
    const list = await new Helper(factory.client(), MAPPINGS.service).list('kube-system', {
      labelSelector: 'kubernetes.io/cluster-service=true',
      limit: '500',
    });
    io.stdout(`Kubernetes control plane is running at ${server}\n`);
    for (const { metadata, spec } of list.items as KubeObject[]) {
      const { ports = [] } = spec as { ports?: { name?: string }[] };
      const scheme = metadata.name === 'https' ? 'https:' : '';
      const port = ports[0]?.name === undefined ? '' : `:${ports[0].name}`;
      const name = metadata.labels?.['kubernetes.io/name'] ?? metadata.name;
      io.stdout(
        `${name} is running at ${server}/api/v1/namespaces/${metadata.namespace}/services/${scheme}${metadata.name}${port}/proxy\n`,
      );
    }
    io.stdout("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
    return 0;
  },
};
