import type { KubeObject } from '../../../apimachinery/object.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import { FILENAME_FLAGS, SELECTOR_FLAG } from '../../genericclioptions/common-flags.ts';
import { toYaml } from '../../../apimachinery/json/yaml-writer.ts';
import { builderOptions, fetchTarget, resolveTargets } from '../../resource/builder.ts';
import { goJson } from '../../../apimachinery/json/go-json.ts';
import { usageError } from '../../util/errors.ts';
import { flatten } from '../get/objects.ts';
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
    const { targets } = await resolveTargets(invocation, parsed.args, builderOptions(parsed, false));
    const found: KubeObject[] = [];
    for (const target of targets) {
      for (const { object } of await fetchTarget(invocation, target, { chunkSize: 0 })) {
        for (const item of flatten(object)) {
          const applied = lastAppliedOf(item);
          if (applied !== undefined) found.push(applied);
          else if (target.type === 'name' && target.manifest !== undefined) {
            // What upstream says of objects that no file names gets lost on its way.
            const what = `no last-applied-configuration annotation found on resource: ${item.metadata.name}\n`;
            throw new Error(`error when ${what} ${JSON.stringify(target.manifest.source)}: <nil>`);
          }
        }
      }
    }
    if (found.length > 0 && output !== 'yaml' && output !== 'json') {
      throw usageError(
        invocation.commandPath,
        `Unexpected -o output mode: ${output}, the flag 'output' must be one of yaml|json`,
      );
    }
    for (const applied of found)
      invocation.io.stdout(output === 'yaml' ? toYaml(applied) : `${goJson(applied, 2)}\n`);
    return 0;
  },
};
