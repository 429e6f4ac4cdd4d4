import type { CommandDefinition } from '../cobra/command.ts';
import { get } from './get.ts';
import { run } from './run.ts';

/** The command tree, in kubectl's order. Models pkg/cmd NewKubectlCommand. */
export const root: CommandDefinition = {
  name: 'kubectl',
  use: '[flags] [options]',
  short: 'kubectl controls the Kubernetes cluster manager',
  subcommands: [run, get],
};
