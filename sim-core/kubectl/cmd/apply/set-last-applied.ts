import type { CommandDefinition } from '../../cobra/command.ts';
import { DRY_RUN_FLAG, PRINT_FLAGS } from '../../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter } from '../../genericclioptions/print-flags.ts';
import { builderOptions, resolveTargets } from '../../resource/builder.ts';
import { Helper } from '../../resource/helper.ts';
import { goJson } from '../../../apimachinery/json/go-json.ts';
import { LAST_APPLIED, lastAppliedOf, lastAppliedText } from './last-applied.ts';

/** Models pkg/cmd/apply/apply_set_last_applied.go. */
export const setLastApplied: CommandDefinition = {
  name: 'set-last-applied',
  use: '-f FILENAME [options]',
  short: 'Set the last-applied-configuration annotation on a live object to match the contents of a file',
  flags: [
    ...PRINT_FLAGS,
    { name: 'create-annotation', type: 'bool', default: 'false' },
    DRY_RUN_FLAG,
    { name: 'filename', shorthand: 'f', type: 'stringSlice' },
  ],
  async run(invocation, parsed) {
    const { flags } = parsed;
    const dryRun = dryRunOf(flags, invocation.factory.log);
    const print = await resultPrinter(invocation, dryRun);
    const { targets } = await resolveTargets(invocation, [], builderOptions(parsed, false));
    for (const target of targets) {
      if (target.type !== 'name') continue;
      const { mapping, namespace, name, manifest } = target;
      const helper = new Helper(invocation.factory.client(), mapping);
      const live = await helper.get(namespace, name);
      if (lastAppliedOf(live) === undefined && !flags.bool('create-annotation')) {
        throw new Error(
          `no last-applied-configuration annotation found on resource: ${name}, to create the annotation, run the command with --create-annotation`,
        );
      }
      const text = lastAppliedText(manifest!.object);
      if (live.metadata.annotations?.[LAST_APPLIED] === text) {
        invocation.io.stdout(`set-last-applied ${name}: no changes required.\n`);
        continue;
      }
      if (dryRun === 'client') {
        print(live, 'configured');
        continue;
      }
      const patch = goJson({ metadata: { annotations: { [LAST_APPLIED]: text } } });
      const parameters = { dryRun: dryRun === 'server' ? 'All' : undefined };
      print(await helper.patch(namespace, name, 'merge', patch, parameters), 'configured');
    }
    return 0;
  },
};
