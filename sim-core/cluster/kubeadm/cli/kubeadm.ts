import type { Rand } from '../../../clock/rand.ts';
import { curve } from '../../../crypto/keys/curve.ts';
import type { CliProgram } from '../../../etcdctl/cobrautl/command.ts';
import { execute } from '../../../etcdctl/cobrautl/command.ts';
import { usageText } from '../../../etcdctl/cobrautl/usage.ts';
import { toYaml } from '../../../apimachinery/json/yaml-writer.ts';
import { versionInfo } from '../../../kubectl/cmd/version.ts';
import type { ClientNetwork } from '../../../kubectl/clientcmd/network.ts';
import type { Command } from '../../../shell/command.ts';
import { KUBERNETES_VERSION } from '../../../version.ts';
import { certs } from './certs.ts';
import type { KubeadmCommand, KubeadmInvocation } from './command.ts';
import { fail, noArguments } from './command.ts';
import { init } from './init-phase.ts';
import { token } from './token.ts';

const failure = (message: string): string =>
  `error: ${message}\nTo see the stack trace of this error execute with --v=5 or higher\n`;

const version: KubeadmCommand = {
  use: 'version',
  short: 'Print the version of kubeadm',
  flags: [
    {
      name: 'output',
      shorthand: 'o',
      type: 'string',
      default: '',
      usage: "Output format; available options are 'yaml', 'json' and 'short'",
    },
  ],
  async run(invocation) {
    noArguments(invocation, 'kubeadm version');
    const { io, flags } = invocation;
    const info = versionInfo(KUBERNETES_VERSION);
    const format = flags.text('output');
    if (format === 'short') io.stdout(`${info.gitVersion}\n`);
    else if (format === 'json') io.stdout(`${JSON.stringify({ clientVersion: info }, null, 2)}\n`);
    else if (format === 'yaml') io.stdout(`${toYaml({ clientVersion: info })}\n`);
    else if (format === '') io.stdout(`kubeadm version: &version.Info{${goFields(info)}}\n`);
    else throw fail(`invalid output format: ${format}`);
  },
};

/** A structure as Go's %#v writes it. */
function goFields(info: Readonly<Record<string, string>>): string {
  return Object.entries(info)
    .map(([name, value]) => `${name[0]!.toUpperCase()}${name.slice(1)}:${JSON.stringify(value)}`)
    .join(', ');
}

/** What kubeadm does beside, which needs machines that are no cluster yet, or another version. */
const ABSENT: readonly KubeadmCommand[] = (
  [
    ['config', 'Manage configuration for a kubeadm cluster persisted in a ConfigMap in the cluster'],
    ['join', 'Run this on any machine you wish to join an existing cluster'],
    ['kubeconfig', 'Kubeconfig file utilities'],
    [
      'reset',
      "Performs a best effort revert of changes made to this host by 'kubeadm init' or 'kubeadm join'",
    ],
    ['upgrade', 'Upgrade your cluster smoothly to a newer version with this command'],
  ] as const
).map(([use, short]) => ({
  use,
  short,
  async run() {
    throw fail(`"kubeadm ${use}" is not part of this lab; "certs", "init phase", "token" and "version" are`);
  },
}));

const PROGRAM: CliProgram<KubeadmInvocation> = {
  use: 'kubeadm',
  short: 'kubeadm: easily bootstrap a secure Kubernetes cluster',
  version: KUBERNETES_VERSION,
  apiVersion: 'kubeadm.k8s.io/v1beta4',
  help: (path) => `${path.at(-1)!.short}\n\n${usageText(path)}`,
  prefixMatching: false,
  failure,
  mistake: (message, io) => io.stderr(failure(message)),
  subcommands: [certs, init, token, version, ...ABSENT],
};

/** kubeadm as a program of the lab's shell. `rand` is the cluster's. Models cmd/kubeadm. */
export function createKubeadm(config: { readonly network: ClientNetwork; readonly rand: Rand }): Command {
  return {
    name: 'kubeadm',
    async run(args, io, environment) {
      await curve.load(environment.clock);
      return execute(PROGRAM, args, io, (flags, rest) => ({ ...config, io, environment, flags, args: rest }));
    },
  };
}
