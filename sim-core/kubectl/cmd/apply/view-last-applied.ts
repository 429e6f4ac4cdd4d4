import type { CommandDefinition } from '../../cobra/command.ts';
import { FILENAME_FLAGS, SELECTOR_FLAG } from '../../genericclioptions/common-flags.ts';
import { toYaml } from '../../../apimachinery/json/yaml-writer.ts';
import { builderOptions, fetchTarget, resolveTargets } from '../../resource/builder.ts';
import { goJson } from '../../../apimachinery/json/go-json.ts';
import { lastAppliedOf } from './last-applied.ts';

export const viewLastApplied: CommandDefinition = {
  name: 'view-last-applied',
  use: '(TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME) [options]',
  short: 'View the latest last-applied-configuration annotations of a resource/object',
  flags: [
    ...FILENAME_FLAGS,
    { name: 'all', type: 'bool', default: 'false' },
    { name: 'output', shorthand: 'o', type: 'string', default: 'yaml' },
    SELECTOR_FLAG,
  ],
  async run(invocation, parsed) {
    const output = parsed.flags.string('output');
    if (output !== 'yaml' && output !== 'json') {
      throw new Error(`unexpected -o output mode: ${output}. We only support '-o yaml' or '-o json'`);
    }
    const { targets } = await resolveTargets(invocation, parsed.args, builderOptions(parsed, false));
    for (const target of targets) {
      for (const { object } of await fetchTarget(invocation, target, { chunkSize: 0 })) {
        const applied = lastAppliedOf(object);
        // What upstream would say of an object without one gets lost on its way.
        if (applied === undefined) return 0;
        invocation.io.stdout(output === 'yaml' ? toYaml(applied) : `${goJson(applied, 2)}\n`);
      }
    }
    return 0;
  },
};
