import { createMergePatch } from '../../../apimachinery/patch/merge-patch.ts';
import type { JsonObject, KubeObject } from '../../../apimachinery/object.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import {
  fieldManagerFlag,
  FILENAME_FLAGS,
  PRINT_FLAGS,
  SAVE_CONFIG_FLAG,
  SUBRESOURCE_FLAG,
  VALIDATE_FLAG,
  RECORD_FLAG,
} from '../../genericclioptions/common-flags.ts';
import { resultPrinter, writeParameters } from '../../genericclioptions/print-flags.ts';
import { builderOptions, fetchTarget, resolveTargets } from '../../resource/builder.ts';
import { Helper } from '../../resource/helper.ts';
import { type Fetched, objectsOf } from '../../resource/objects.ts';
import { throwAll } from '../../util/errors.ts';
import { goJson } from '../../../apimachinery/json/go-json.ts';
import { schemaOfKind } from '../../util/schema.ts';
import { withLastApplied } from '../apply/last-applied.ts';
import { threeWayPatch } from '../apply/three-way-patch.ts';
import { editObjects, OBJECT_HEADER } from './edit-loop.ts';

/** Models pkg/cmd/edit. */
export const edit: CommandDefinition = {
  name: 'edit',
  use: '(RESOURCE/NAME | -f FILENAME) [options]',
  short: 'Edit a resource on the server',
  flags: [
    RECORD_FLAG,
    ...PRINT_FLAGS,
    ...FILENAME_FLAGS,
    fieldManagerFlag('kubectl-edit'),
    { name: 'output-patch', type: 'bool', default: 'false' },
    SAVE_CONFIG_FLAG,
    SUBRESOURCE_FLAG,
    VALIDATE_FLAG,
    { name: 'windows-line-endings', type: 'bool', default: 'false' },
  ],
  async run(invocation, parsed) {
    const { args, flags } = parsed;
    const output = flags.string('output');
    if (!['', 'yaml', 'json'].includes(output)) throw new Error("The flag 'output' must be one of yaml|json");
    const errors: Error[] = [];
    const { targets } = await resolveTargets(invocation, args, builderOptions(parsed, true), errors);
    const subresource = flags.string('subresource') || undefined;
    const fetched: Fetched[] = [];
    for (const target of targets) {
      try {
        if (subresource !== undefined)
          fetched.push(...(await fetchTarget(invocation, target, { chunkSize: 500, subresource })));
        else fetched.push(...(await objectsOf(invocation, target)));
      } catch (error) {
        errors.push(error as Error);
      }
    }
    throwAll(errors);
    if (fetched.length === 0) throw new Error('edit cancelled, no objects found');
    const print = await resultPrinter(invocation);
    const parameters = writeParameters(flags, 'none', 'kubectl-edit');
    await editObjects(invocation, fetched, {
      header: OBJECT_HEADER,
      output: output === 'json' ? 'json' : 'yaml',
      skip: (object) => print(object, 'skipped'),
      async save(edited, original) {
        const after = flags.bool('save-config') ? withLastApplied(edited) : edited;
        const { type, patch } = patchBetween(after, original);
        if (flags.bool('output-patch')) invocation.io.stdout(`Patch: ${patch}\n`);
        const { name = '', namespace = '' } = original.object.metadata;
        const helper = new Helper(invocation.factory.client(), original.mapping);
        print(await helper.patch(namespace, name, type, patch, parameters, subresource), 'edited');
      },
    });
    return 0;
  },
};

function patchBetween(
  after: KubeObject,
  { object, mapping }: Fetched,
): { readonly type: 'strategic' | 'merge'; readonly patch: string } {
  const { managedFields: _, ...metadata } = object.metadata;
  const before: KubeObject = { ...object, metadata };
  if (
    after.apiVersion !== before.apiVersion ||
    after.kind !== before.kind ||
    after.metadata.name !== before.metadata.name
  ) {
    throw new Error('At least one of apiVersion, kind and name was changed');
  }
  const [from, to] = [before, after] as unknown as [JsonObject, JsonObject];
  const schema = schemaOfKind(mapping);
  return schema === undefined
    ? { type: 'merge', patch: goJson(createMergePatch(from, to)) }
    : { type: 'strategic', patch: goJson(threeWayPatch(from, to, from, schema)) };
}
