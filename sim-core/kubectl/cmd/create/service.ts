import { unsignedComplaint } from '../../../apimachinery/go-numbers.ts';
import {
  isDNS1123Subdomain,
  isValidPortName,
  isValidPortNum,
} from '../../../apimachinery/validation/names.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import type { Flag } from '../../cobra/flags.ts';
import { createSubcommand, type Creator } from './create.ts';
import { MAPPINGS } from './mappings.ts';

const TCP: Flag = { name: 'tcp', type: 'stringSlice' };

/** Models pkg/cmd/create/create_service.go. */
function serviceCreator(name: string, type: string, arguments_: string, flags: readonly Flag[]): Creator {
  return {
    name,
    use: `NAME ${arguments_} [--dry-run=server|client|none] [options]`,
    short: `Create ${/^[AEIOU]/.test(type) ? 'an' : 'a'} ${type} service`,
    failure: `failed to create ${type} service: `,
    mapping: MAPPINGS.service,
    flags,
    build(serviceName, parsed) {
      const has = (flag: string) => (parsed.flags.has(flag) ? parsed.flags.string(flag) : '');
      const clusterIP = has('clusterip');
      const externalName = has('external-name');
      if (clusterIP !== 'None' && type !== 'ExternalName' && parsed.flags.list('tcp').length === 0) {
        throw new Error('at least one tcp port specifier must be provided');
      }
      if (type === 'ExternalName' && isDNS1123Subdomain(externalName).length > 0)
        throw new Error(`invalid service external name ${externalName}`);
      const ports = parsed.flags.list('tcp').map((text) => portOf(text, Number(has('node-port') || 0)));
      return {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { labels: { app: serviceName }, name: serviceName },
        spec: {
          ...(clusterIP !== '' && { clusterIP }),
          ...(externalName !== '' && { externalName }),
          ...(ports.length > 0 && { ports }),
          selector: { app: serviceName },
          type,
        },
        status: { loadBalancer: {} },
      };
    },
  };
}

const PORT_BITS = 16;

function portOf(text: string, nodePort: number) {
  const [first = '', second] = text.split(':');
  const complaint = unsignedComplaint(first, PORT_BITS);
  if (complaint !== undefined) throw new Error(complaint);
  const port = Number(first);
  const target = second ?? first;
  if (second !== undefined) {
    const wrong = /^[-+]?\d+$/.test(second) ? isValidPortNum(Number(second)) : isValidPortName(second);
    if (wrong.length > 0) throw new Error(wrong.join(','));
  }
  return {
    name: text.replaceAll(':', '-'),
    ...(nodePort !== 0 && { nodePort }),
    port,
    protocol: 'TCP',
    targetPort: /^\d+$/.test(target) ? Number(target) : target,
  };
}

export const service: CommandDefinition = {
  name: 'service',
  aliases: ['svc'],
  use: '[flags] [options]',
  short: 'Create a service using a specified subcommand',
  helpTo: 'stderr',
  subcommands: [
    serviceCreator('clusterip', 'ClusterIP', '[--tcp=<port>:<targetPort>]', [
      TCP,
      { name: 'clusterip', type: 'string' },
    ]),
    serviceCreator('externalname', 'ExternalName', '--external-name external.name', [
      TCP,
      { name: 'external-name', type: 'string', required: true },
    ]),
    serviceCreator('loadbalancer', 'LoadBalancer', '[--tcp=port:targetPort]', [TCP]),
    serviceCreator('nodeport', 'NodePort', '[--tcp=port:targetPort]', [
      TCP,
      { name: 'node-port', type: 'int', default: '0' },
    ]),
  ].map(createSubcommand),
};
