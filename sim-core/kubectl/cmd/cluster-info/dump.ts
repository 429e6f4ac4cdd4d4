import type { KubeObject } from '../../../apimachinery/object.ts';
import { directoryName, resolvePath } from '../../../node/path.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import { ALL_NAMESPACES_FLAG, PRINT_FLAGS } from '../../genericclioptions/common-flags.ts';
import type { Invocation } from '../../invocation.ts';
import { OBJECT_FORMATS } from '../../printers/formats.ts';
import { objectPrinter } from '../../printers/object-printer.ts';
import { Helper, objectPath } from '../../resource/helper.ts';
import { MAPPINGS } from '../create/mappings.ts';

/** What is dumped of each namespace, and the names of the files. */
const DUMPED = [
  ['events', { group: '', version: 'v1', resource: 'events', kind: 'Event', namespaced: true }],
  [
    'replication-controllers',
    {
      group: '',
      version: 'v1',
      resource: 'replicationcontrollers',
      kind: 'ReplicationController',
      namespaced: true,
    },
  ],
  ['services', MAPPINGS.service],
  [
    'daemonsets',
    { group: 'apps', version: 'v1', resource: 'daemonsets', kind: 'DaemonSet', namespaced: true },
  ],
  ['deployments', MAPPINGS.deployment],
  ['replicasets', MAPPINGS.replicaSet],
  ['pods', MAPPINGS.pod],
] as const;

/** Models pkg/cmd/clusterinfo/clusterinfo_dump.go. */
export const dump: CommandDefinition = {
  name: 'dump',
  use: '[flags] [options]',
  short: 'Dump relevant information for debugging and diagnosis',
  flags: [
    ALL_NAMESPACES_FLAG,
    ...PRINT_FLAGS.map((flag) => (flag.name === 'output' ? { ...flag, default: 'json' } : flag)),
    { name: 'namespaces', type: 'stringSlice' },
    { name: 'output-directory', type: 'string' },
    { name: 'pod-running-timeout', type: 'duration', default: '20s' },
  ],
  async run(invocation, { flags }) {
    const { environment, factory, io } = invocation;
    const { files } = environment.machine;
    const directory = flags.string('output-directory');
    const output = flags.string('output');
    if (output === 'name') throw new Error('list types are not supported by name printing: *v1.NodeList');
    const printer = objectPrinter({
      output,
      template: flags.string('template'),
      allowedFormats: OBJECT_FORMATS,
      allowMissingKeys: true,
      showManagedFields: flags.bool('show-managed-fields'),
      noHeaders: false,
      files,
      cwd: environment.cwd,
      typed: true,
    });
    const write = (name: string, text: string): void => {
      if (directory === '' || directory === '-') return io.stdout(text);
      const path = resolvePath(environment.cwd, `${directory}/${name}`);
      files.makeDirectory(directoryName(path), { parents: true });
      files.write(path, text);
    };
    const extension = output === 'yaml' ? '.yaml' : '.json';
    write(`nodes${extension}`, printer.print(await listOf(invocation, MAPPINGS.node, '')));
    for (const namespace of await namespacesOf(
      invocation,
      flags.list('namespaces'),
      flags.bool('all-namespaces'),
    )) {
      for (const [name, mapping] of DUMPED) {
        const list = await listOf(invocation, mapping, namespace);
        write(`${namespace}/${name}${extension}`, printer.print(list));
      }
      for (const pod of (await listOf(invocation, MAPPINGS.pod, namespace)).items as KubeObject[]) {
        const { name = '' } = pod.metadata;
        for (const container of (pod.spec as { containers: { name: string }[] }).containers) {
          const path = objectPath(MAPPINGS.pod, namespace, name, { container: container.name }, 'log');
          const { status, body } = await factory.client().raw({ method: 'GET', path });
          const text =
            status < 400 && typeof body === 'string'
              ? body
              : `Request log error: ${typeof body === 'string' ? body : ''}\n`;
          const place = `container ${container.name} of pod ${namespace}/${name}`;
          write(
            `${namespace}/${name}/logs.txt`,
            `==== START logs for ${place} ====\n${text}==== END logs for ${place} ====\n`,
          );
        }
      }
    }
    if (directory !== '' && directory !== '-') io.stdout(`Cluster info dumped to ${directory}\n`);
    return 0;
  },
};

async function listOf(
  { factory }: Invocation,
  mapping: (typeof DUMPED)[number][1] | typeof MAPPINGS.node,
  namespace: string,
): Promise<KubeObject> {
  return new Helper(factory.client(), mapping).list(namespace, { limit: '500' });
}

async function namespacesOf(
  invocation: Invocation,
  wanted: readonly string[],
  all: boolean,
): Promise<readonly string[]> {
  if (all) {
    const list = await listOf(invocation, MAPPINGS.namespace, '');
    return (list.items as KubeObject[]).map(({ metadata }) => metadata.name!);
  }
  return wanted.length > 0 ? wanted : ['kube-system', invocation.factory.namespace().namespace];
}
