import { goQuote } from '../../../apimachinery/go-format.ts';
import type { Rand } from '../../../clock/rand.ts';
import type { CliCommand } from '../../../etcdctl/cobrautl/command.ts';
import { ExitError } from '../../../etcdctl/cobrautl/exit.ts';
import type { Flag, Flags } from '../../../etcdctl/cobrautl/flags.ts';
import type { ClientNetwork } from '../../../kubectl/clientcmd/network.ts';
import type { CommandEnvironment, CommandIo } from '../../../shell/command.ts';

/** One run of kubeadm. */
export interface KubeadmInvocation {
  readonly io: CommandIo;
  readonly environment: CommandEnvironment;
  readonly flags: Flags;
  readonly args: readonly string[];
  readonly network: ClientNetwork;
  /** Where keys, serial numbers and tokens come from. */
  readonly rand: Rand;
}

/** A command of kubeadm. Models cmd/kubeadm/app/cmd. */
export type KubeadmCommand = CliCommand<KubeadmInvocation>;

/** Ends kubeadm with an error. */
export const fail = (message: string): ExitError => new ExitError('error', message);

/** A command that only holds others; without one of them it is a mistake. Models cmdutil.SubCmdRunE. */
export function group(
  use: string,
  short: string,
  subcommands: readonly KubeadmCommand[],
  more: Pick<KubeadmCommand, 'aliases' | 'flags'> = {},
): KubeadmCommand {
  return {
    ...{ use, short, subcommands, ...more },
    async run({ args: [word] }) {
      throw fail(
        word === undefined
          ? `missing subcommand; ${goQuote(use)} is not meant to be run on its own`
          : `invalid subcommand: ${goQuote(word)}`,
      );
    },
  };
}

/** Refuses arguments. Models cobra.NoArgs. */
export function noArguments({ args: [word] }: KubeadmInvocation, commandPath: string): void {
  if (word !== undefined) throw fail(`unknown command ${goQuote(word)} for ${goQuote(commandPath)}`);
}

export const CONFIG_FLAG: Flag = {
  name: 'config',
  type: 'string',
  default: '',
  usage: 'Path to a kubeadm configuration file.',
};
export const CERTIFICATES_FLAG: Flag = {
  name: 'cert-dir',
  type: 'string',
  default: '/etc/kubernetes/pki',
  usage: 'The path where to save the certificates',
};
export const kubeconfigFlag = (path: string): Flag => ({
  name: 'kubeconfig',
  type: 'string',
  default: path,
  usage:
    'The kubeconfig file to use when talking to the cluster. If the flag is not set, a set of standard locations can be searched for an existing kubeconfig file.',
});
