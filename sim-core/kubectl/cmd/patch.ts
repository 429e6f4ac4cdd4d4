import { goJson } from '../../apimachinery/json/go-json.ts';
import type { PatchType } from '../../client-go/rest/client.ts';
import { YamlError } from '../../apimachinery/json/yaml-error.ts';
import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import {
  DRY_RUN_FLAG,
  fieldManagerFlag,
  FILENAME_FLAGS,
  PRINT_FLAGS,
  SUBRESOURCE_FLAG,
} from '../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter, writeParameters } from '../genericclioptions/print-flags.ts';
import { builderOptions, resolveTargets } from '../resource/builder.ts';
import { Helper } from '../resource/helper.ts';
import { readYaml } from '../resource/yaml-reader.ts';

const TYPES: readonly string[] = ['json', 'merge', 'strategic'] satisfies PatchType[];

/** Models pkg/cmd/patch. */
export const patch: CommandDefinition = {
  name: 'patch',
  use: '(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE] [options]',
  short: 'Update fields of a resource',
  flags: [
    ...PRINT_FLAGS,
    ...FILENAME_FLAGS,
    DRY_RUN_FLAG,
    fieldManagerFlag('kubectl-patch'),
    { name: 'local', type: 'bool', default: 'false' },
    { name: 'patch', shorthand: 'p', type: 'string' },
    { name: 'patch-file', type: 'string' },
    SUBRESOURCE_FLAG,
    { name: 'type', type: 'string', default: 'strategic' },
  ],
  async run(invocation, parsed) {
    const { factory, environment } = invocation;
    const { args, flags } = parsed;
    const file = flags.string('patch-file');
    if ((flags.string('patch') === '') === (file === '')) {
      throw new Error(
        file === ''
          ? 'must specify --patch or --patch-file containing the contents of the patch'
          : 'cannot specify --patch and --patch-file together',
      );
    }
    const type = flags.string('type').toLowerCase();
    if (!TYPES.includes(type)) {
      throw new Error(
        `--type must be one of [${TYPES.join(' ')}], not ${JSON.stringify(flags.string('type'))}`,
      );
    }
    const dryRun = dryRunOf(flags, factory.log);
    const print = resultPrinter(invocation, dryRun);
    const text = file === '' ? flags.string('patch') : readFile(file);
    let body: string;
    try {
      const [document] = readYaml(text);
      body = goJson(document ?? null);
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      throw new Error(`unable to parse ${JSON.stringify(text)}: ${error.message}`);
    }
    const { targets } = await resolveTargets(invocation, args, builderOptions(parsed, false));
    for (const target of targets) {
      if (target.type !== 'name') continue;
      const { mapping, namespace, name } = target;
      const helper = new Helper(factory.client(), mapping);
      const subresource = flags.string('subresource') || undefined;
      const before = await helper.get(namespace, name, subresource);
      const { dryRun: all, fieldManager } = writeParameters(flags, dryRun, 'kubectl-patch');
      const parameters = { dryRun: dryRun === 'client' ? 'All' : all, fieldManager };
      const after = await helper.patch(namespace, name, type as PatchType, body, parameters, subresource);
      print(after, goJson(before) === goJson(after) ? 'patched (no change)' : 'patched');
    }
    return 0;

    function readFile(path: string): string {
      try {
        return environment.machine.files.read(resolvePath(environment.cwd, path));
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        throw new Error(`unable to read patch file: open ${path}: ${error.message.toLowerCase()}`);
      }
    }
  },
};
