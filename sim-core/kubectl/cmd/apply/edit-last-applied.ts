import type { CommandDefinition } from '../../cobra/command.ts';
import {
  fieldManagerFlag,
  FILENAME_FLAGS,
  PRINT_FLAGS,
  VALIDATE_FLAG,
} from '../../genericclioptions/common-flags.ts';
import { resultPrinter, writeParameters } from '../../genericclioptions/print-flags.ts';
import { builderOptions, resolveTargets } from '../../resource/builder.ts';
import { Helper } from '../../resource/helper.ts';
import { type Fetched, objectsOf } from '../../resource/objects.ts';
import { goJson } from '../../../apimachinery/json/go-json.ts';
import { LAST_APPLIED, lastAppliedOf, lastAppliedText } from './last-applied.ts';

const MANAGER = 'kubectl-client-side-apply';

/** Models pkg/cmd/apply/apply_edit_last_applied.go. */
export const editLastApplied: CommandDefinition = {
  name: 'edit-last-applied',
  use: '(RESOURCE/NAME | -f FILENAME) [options]',
  short: 'Edit latest last-applied-configuration annotations of a resource/object',
  flags: [
    ...PRINT_FLAGS,
    ...FILENAME_FLAGS,
    fieldManagerFlag(MANAGER),
    VALIDATE_FLAG,
    { name: 'windows-line-endings', type: 'bool', default: 'false' },
  ],
  async run(invocation, parsed) {
    const { args, flags } = parsed;
    const { targets } = await resolveTargets(invocation, args, builderOptions(parsed, true));
    const applied: Fetched[] = [];
    for (const target of targets) {
      for (const { mapping, object } of await objectsOf(invocation, target)) {
        const configuration = lastAppliedOf(object);
        if (configuration !== undefined) applied.push({ mapping, object: configuration });
      }
    }
    if (applied.length === 0) {
      throw new Error(
        'no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`',
      );
    }
    const print = await resultPrinter({ ...invocation, flags: flags.without('output') });
    const { namespace: own } = invocation.factory.namespace();
    const { clock } = invocation.environment;
    const { editObjects, LAST_APPLIED_HEADER } = await clock.outside(import('../edit/edit-loop.ts'));
    await editObjects(invocation, applied, {
      header: LAST_APPLIED_HEADER,
      output: flags.string('output') === 'json' ? 'json' : 'yaml',
      skip: (object) => print(object, 'skipped'),
      async save(edited, { mapping }) {
        const annotations = { [LAST_APPLIED]: lastAppliedText(edited) };
        const { name = '', namespace = own } = edited.metadata;
        await new Helper(invocation.factory.client(), mapping).patch(
          mapping.namespaced ? namespace : '',
          name,
          'merge',
          goJson({ metadata: { annotations } }),
          writeParameters(flags, 'none', MANAGER),
        );
        print(edited, 'edited');
      },
    });
    return 0;
  },
};
