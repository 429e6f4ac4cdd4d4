import { ConfigAccess } from '../../clientcmd/config-access.ts';
import type { FlagSet } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';

/** The kubeconfig files that this run may change. */
export function accessOf({ environment }: Invocation, flags: FlagSet): ConfigAccess {
  const { cwd, variables, machine } = environment;
  return new ConfigAccess({
    files: machine.files,
    cwd,
    variables,
    explicitPath: flags.string('kubeconfig'),
  });
}
