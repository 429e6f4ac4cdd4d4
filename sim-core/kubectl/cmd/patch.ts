import { goJson } from '../../apimachinery/json/go-json.ts';
import { PATCH_TYPES, type PatchType } from '../../client-go/rest/client.ts';
import { isReason } from '../../apimachinery/status.ts';
import { YamlError } from '../../apimachinery/json/yaml-error.ts';
import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import {
  DRY_RUN_FLAG,
  fieldManagerFlag,
  FILENAME_FLAGS,
  PRINT_FLAGS,
  RECORD_FLAG,
  SUBRESOURCE_FLAG,
} from '../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter, writeParameters } from '../genericclioptions/print-flags.ts';
import { builderOptions, resolveTargets, type Target } from '../resource/builder.ts';
import { Helper } from '../resource/helper.ts';
import type { Json, KubeObject } from '../../apimachinery/object.ts';
import { applyJsonPatch, type JsonPatchOperation } from '../../apimachinery/patch/json-patch.ts';
import { applyMergePatch } from '../../apimachinery/patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../../apimachinery/patch/strategic/merge.ts';
import { patchSchemaOf } from '../../apimachinery/patch/strategic/patch-schema.ts';
import type { RestMapping } from '../resource/rest-mapper.ts';
import { throwAll, together } from '../util/errors.ts';
import { CHANGE_CAUSE, changeCause } from '../util/record.ts';
import { schemaOfKind } from '../util/schema.ts';
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
    RECORD_FLAG,
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
    // It is not said that nothing was changed.
    const print = await resultPrinter(invocation);
    const text = file === '' ? flags.string('patch') : readFile(file);
    const body = patchJson(text);
    const errors: Error[] = [];
    const unread: Error[] = [];
    const { targets } = await resolveTargets(invocation, args, builderOptions(parsed, false), unread);
    const patchOne = async (target: Target & { readonly type: 'name' }): Promise<void> => {
      const { mapping, namespace, name } = target;
      if (flags.bool('local') && target.manifest !== undefined) {
        print(patchedLocally(target.manifest.object, body, type as PatchType, mapping), 'patched');
        return;
      }
      const helper = new Helper(factory.client(), mapping);
      const subresource = flags.string('subresource') || undefined;
      const before = await helper.get(namespace, name, subresource);
      const { dryRun: all, fieldManager } = writeParameters(flags, dryRun, 'kubectl-patch');
      const parameters = { dryRun: dryRun === 'client' ? 'All' : all, fieldManager };
      let after = await helper
        .patch(namespace, name, type as PatchType, body, parameters, subresource)
        .catch((error: unknown) => {
          if (!isReason(error, 'UnsupportedMediaType')) throw error;
          const group = mapping.group === '' ? '' : `${mapping.group}/`;
          const kind = `${group}${mapping.version}, Kind=${mapping.kind}`;
          throw new Error(
            `${PATCH_TYPES[type as PatchType]} is not supported by ${kind}: ${(error as Error).message}`,
          );
        });
      const cause = changeCause(invocation, args);
      if (cause !== undefined) {
        const record = JSON.stringify({ metadata: { annotations: { [CHANGE_CAUSE]: cause } } });
        after = await helper.patch(namespace, name, 'merge', record, parameters);
      }
      print(after, goJson(before) === goJson(after) ? 'patched (no change)' : 'patched');
    };
    for (const target of targets) {
      if (target.type === 'name') await patchOne(target).catch((error: Error) => errors.push(error));
    }
    throwAll([...errors, ...together(unread)]);
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

/** The object of a file as a patch changes it, without the server. */
function patchedLocally(object: KubeObject, body: string, type: PatchType, mapping: RestMapping): KubeObject {
  const [before, patch] = [object as unknown as Json, JSON.parse(body) as Json];
  if (type === 'json')
    return applyJsonPatch(before, patch as unknown as JsonPatchOperation[]) as unknown as KubeObject;
  const schema = schemaOfKind(mapping);
  return (type === 'merge' || schema === undefined
    ? applyMergePatch(before, patch)
    : applyStrategicMergePatch(
        before as never,
        patch as never,
        patchSchemaOf(schema),
      )) as unknown as KubeObject;
}

/**
 * A patch as it is sent: what looks like JSON as it stands, the rest read as YAML.
 * Models k8s.io/apimachinery/pkg/util/yaml ToJSON.
 */
function patchJson(text: string): string {
  if (/^\s*\{/.test(text)) return text;
  try {
    const [document] = readYaml(text);
    return goJson(document ?? null);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new Error(`unable to parse ${JSON.stringify(text)}: ${error.message}`);
  }
}
