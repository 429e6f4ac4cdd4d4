import type { Stanza } from '../../clientcmd/config-access.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import { HelpRequested } from '../../cobra/flags.ts';
import { usageError } from '../../util/errors.ts';
import { accessOf } from './access.ts';

const KINDS = { cluster: 'clusters', context: 'contexts', user: 'users' } as const satisfies Record<
  string,
  Stanza
>;

/** `config delete-cluster`, `delete-context` and `delete-user`. */
export function deleteVerb(kind: keyof typeof KINDS): CommandDefinition {
  return {
    name: `delete-${kind}`,
    use: 'NAME [options]',
    short: `Delete the specified ${kind} from the kubeconfig`,
    async run(invocation, { args, flags }) {
      const { commandPath, factory, io } = invocation;
      const [name] = args;
      if (name === undefined || (args.length > 1 && kind !== 'user')) {
        if (kind === 'user') throw usageError(commandPath, 'user to delete is required');
        throw new HelpRequested();
      }
      const access = accessOf(invocation, flags);
      const path = access.defaultFile;
      if (access.entry(KINDS[kind], name) === undefined)
        throw new Error(`cannot delete ${kind} ${name}, not in ${path}`);
      if (kind === 'context' && factory.kubeconfig().currentContext === name) {
        io.stderr(
          'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
        );
      }
      access.setEntry(KINDS[kind], name, undefined);
      io.stdout(`deleted ${kind} ${name} from ${path}\n`);
      return 0;
    },
  };
}
