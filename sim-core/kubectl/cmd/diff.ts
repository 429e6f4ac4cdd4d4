import type { ParsedArguments } from '../cobra/flags.ts';
import type { Invocation } from '../invocation.ts';
import { errorText, ExitError } from '../util/errors.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { isReason } from '../../apimachinery/status.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import { fieldManagerFlag, FILENAME_FLAGS, SELECTOR_FLAG } from '../genericclioptions/common-flags.ts';
import { toYaml } from '../../apimachinery/json/yaml-writer.ts';
import { builderOptions, resolveTargets } from '../resource/builder.ts';
import { Helper } from '../resource/helper.ts';
import { goJson } from '../../apimachinery/json/go-json.ts';
import { schemaOfKind } from '../util/schema.ts';
import { unifiedDiff } from '../util/unified-diff.ts';
import { lastAppliedOf, withLastApplied } from './apply/last-applied.ts';
import { threeWayPatch } from './apply/three-way-patch.ts';
import { placed } from './create/create.ts';

type JsonMap = Parameters<typeof threeWayPatch>[0];

/** Models pkg/cmd/diff: exit code 1 means that there are differences. */
export const diff: CommandDefinition = {
  name: 'diff',
  use: '-f FILENAME [options]',
  short: 'Diff the live version against a would-be applied version',
  flags: [
    ...FILENAME_FLAGS,
    { name: 'concurrency', type: 'int', default: '1' },
    fieldManagerFlag('kubectl-client-side-apply'),
    { name: 'force-conflicts', type: 'bool', default: 'false' },
    { name: 'prune', type: 'bool', default: 'false' },
    { name: 'prune-allowlist', type: 'stringArray' },
    SELECTOR_FLAG,
    { name: 'server-side', type: 'bool', default: 'false' },
    { name: 'show-secrets', type: 'bool', default: 'false' },
    { name: 'show-managed-fields', type: 'bool', default: 'false' },
  ],
  async run(invocation, parsed) {
    try {
      return await runDiff(invocation, parsed);
    } catch (error) {
      if (!(error instanceof Error) || error instanceof ExitError) throw error;
      // 1 says that there are differences.
      invocation.io.stderr(errorText(error));
      return 2;
    }
  },
};

async function runDiff(invocation: Invocation, parsed: ParsedArguments): Promise<number> {
  const { factory, io } = invocation;
  if (parsed.flags.list('filename').length === 0) throw new Error('must specify one of -f and -k');
  const { targets } = await resolveTargets(invocation, [], {
    ...builderOptions(parsed, false),
    labelSelector: '',
  });
  let differs = false;
  for (const target of targets) {
    if (target.type !== 'name') continue;
    const { mapping, namespace, name, manifest } = target;
    const helper = new Helper(factory.client(), mapping);
    const parameters = { dryRun: 'All', fieldManager: parsed.flags.string('field-manager') };
    const modified = withLastApplied(placed(manifest!.object, mapping, namespace));
    let live: KubeObject | undefined;
    let merged: KubeObject;
    try {
      live = await helper.get(namespace, name);
      const schema = schemaOfKind(mapping);
      const patch = threeWayPatch(
        (lastAppliedOf(live) ?? {}) as JsonMap,
        modified as unknown as JsonMap,
        live as unknown as JsonMap,
        schema,
      );
      merged = await helper.patch(
        namespace,
        name,
        schema === undefined ? 'merge' : 'strategic',
        goJson(patch),
        parameters,
      );
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
      merged = await helper.create(namespace, modified, parameters);
    }
    const file = `${mapping.group === '' ? '' : `${mapping.group}.`}${mapping.version}.${mapping.kind}.${namespace}.${name}`;
    const text = unifiedDiff(
      live === undefined ? '' : shown(live),
      shown(merged),
      `/tmp/LIVE/${file}`,
      `/tmp/MERGED/${file}`,
    );
    if (text === '') continue;
    differs = true;
    io.stdout(`diff -u -N /tmp/LIVE/${file} /tmp/MERGED/${file}\n${text}`);
  }
  return differs ? 1 : 0;
}

function shown(object: KubeObject): string {
  const { managedFields: _, ...metadata } = object.metadata;
  return toYaml({ ...object, metadata });
}
