import type { CommandDefinition } from '../../cobra/command.ts';
import { environment } from './env.ts';
import { selector } from './selector.ts';
import { subject } from './subject.ts';
import { image, resources, serviceAccount } from './template-verbs.ts';

/** Models pkg/cmd/set. */
export const set: CommandDefinition = {
  name: 'set',
  use: 'SUBCOMMAND [options]',
  short: 'Set specific features on objects',
  helpTo: 'stderr',
  subcommands: [image, resources, selector, subject, serviceAccount, environment],
};
