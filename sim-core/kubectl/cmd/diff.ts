import type { FlagSet, ParsedArguments } from '../cobra/flags.ts';
import type { Invocation } from '../invocation.ts';
import { errorText, ExitError } from '../util/errors.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { isReason } from '../../apimachinery/status.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import { fieldManagerFlag, FILENAME_FLAGS, SELECTOR_FLAG } from '../genericclioptions/common-flags.ts';
import { toYaml } from '../../apimachinery/json/yaml-writer.ts';
import { builderOptions, resolveTargets, type Target } from '../resource/builder.ts';
import { apiVersionText } from '../resource/rest-mapper.ts';
import { Helper } from '../resource/helper.ts';
import { goJson } from '../../apimachinery/json/go-json.ts';
import { schemaOfKind } from '../util/schema.ts';
import { unifiedDiff } from '../util/unified-diff.ts';
import { lastAppliedOf, withoutLastApplied } from './apply/last-applied.ts';
import { threeWayPatch } from './apply/three-way-patch.ts';
import { placed } from '../util/placed.ts';

/** How often an object that changes meanwhile is looked at. */
const MAX_RETRIES = 4;

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
  const { flags } = parsed;
  const serverSide = flags.bool('server-side');
  if (flags.bool('force-conflicts') && !serverSide)
    throw new Error('--force-conflicts only works with --server-side');
  if (parsed.flags.list('filename').length === 0 && parsed.flags.string('kustomize') === '')
    throw new Error('must specify one of -f and -k');
  const { targets } = await resolveTargets(invocation, [], builderOptions(parsed, false));
  const differences = new Map<string, string>();
  // The directories' names are new in each run, as those of os.MkdirTemp.
  const number = 1_000_000_000 + (invocation.environment.clock.now() % 1_000_000_000);
  for (const target of targets) {
    if (target.type !== 'name') continue;
    const { mapping, namespace, name, manifest } = target;
    const helper = new Helper(factory.client(), mapping);
    const local = placed(manifest!.object, mapping, namespace);
    const merge = serverSide ? appliedByServer : appliedByClient;
    let live: KubeObject | undefined;
    let merged: KubeObject | undefined;
    for (let attempt = 1; merged === undefined; attempt++) {
      live = await helper.get(namespace, name).catch((error: unknown) => {
        if (isReason(error, 'NotFound')) return undefined;
        throw error;
      });
      if (attempt === MAX_RETRIES) {
        const what = `${mapping.group}/${mapping.version}, Kind=${mapping.kind}: ${name}`;
        factory.log.warning('diff.go:723', `Object (${what}) keeps changing, diffing without lock`);
      }
      merged = await merge(helper, { target, local, live, flags }).catch((error: unknown) => {
        if (attempt < MAX_RETRIES && isReason(error, 'Conflict')) return undefined;
        throw error;
      });
    }
    const file = `${mapping.group === '' ? '' : `${mapping.group}.`}${mapping.version}.${mapping.kind}.${namespace}.${name}`;
    const pathIn = (directory: string) => `/tmp/${directory}-${number}/${file}`;
    // diff shows when the files were written.
    const stamped = (path: string) => `${path}\t${fileTime(invocation.environment.clock.now())}`;
    const [before, after] = masked(live, merged, flags.bool('show-secrets'));
    const shown = flags.bool('show-managed-fields') ? toYaml : withoutManagedFields;
    const text = unifiedDiff(
      before === undefined ? '' : shown(before),
      shown(after),
      stamped(pathIn('LIVE')),
      stamped(pathIn('MERGED')),
    );
    if (text === '') continue;
    differences.set(file, `diff -u -N ${pathIn('LIVE')} ${pathIn('MERGED')}\n${text}`);
  }
  // diff goes through the directories by name.
  for (const [, text] of [...differences].sort(([a], [b]) => (a < b ? -1 : 1))) io.stdout(text);
  return differences.size > 0 ? 1 : 0;
}

/** One object of the files, and what the server has in its place. */
interface Compared {
  readonly target: Target & { readonly type: 'name' };
  readonly local: KubeObject;
  readonly live: KubeObject | undefined;
  readonly flags: FlagSet;
}

/** What `apply` would make of the object. */
async function appliedByClient(
  helper: Helper,
  { target: { mapping, namespace, name }, local, live, flags }: Compared,
): Promise<KubeObject> {
  const parameters = { dryRun: 'All', fieldManager: flags.string('field-manager') };
  const modified = withoutLastApplied(local);
  if (live === undefined) return helper.create(namespace, modified, parameters);
  const schema = schemaOfKind(mapping);
  const patch = threeWayPatch(
    (lastAppliedOf(live) ?? {}) as JsonMap,
    modified as unknown as JsonMap,
    live as unknown as JsonMap,
    schema,
  );
  const type = schema === undefined ? 'merge' : 'strategic';
  return helper.patch(namespace, name, type, goJson(patch), parameters);
}

/** What `apply --server-side` would make of it. */
function appliedByServer(
  helper: Helper,
  { target: { mapping, namespace, name }, local, flags }: Compared,
): Promise<KubeObject> {
  const body = goJson({ ...local, apiVersion: apiVersionText(mapping), kind: mapping.kind });
  return helper.patch(namespace, name, 'apply', body, {
    dryRun: 'All',
    fieldManager: flags.changed('field-manager') ? flags.string('field-manager') : 'kubectl',
    force: String(flags.bool('force-conflicts')),
  });
}

/** "2026-11-23 09:00:00.000000000 +0000". */
function fileTime(now: number): string {
  return `${new Date(now).toISOString().replace('T', ' ').replace('Z', '000000')} +0000`;
}

/** The values of secrets are not shown: "***", and which changed. Models pkg/cmd/diff Masker. */
function masked(
  live: KubeObject | undefined,
  merged: KubeObject,
  showSecrets: boolean,
): [KubeObject | undefined, KubeObject] {
  if (merged.kind !== 'Secret' || showSecrets) return [live, merged];
  const dataOf = (object: KubeObject | undefined) => (object?.data ?? {}) as Record<string, string>;
  const [before, after] = [dataOf(live), dataOf(merged)];
  const mask = (data: Record<string, string>, note: string) =>
    Object.fromEntries(
      Object.keys(data).map((key) => {
        const both = before[key] !== undefined && after[key] !== undefined;
        return [key, both && before[key] !== after[key] ? `*** (${note})` : '***'];
      }),
    );
  const withData = (object: KubeObject, data: Record<string, string>): KubeObject =>
    object.data === undefined ? object : { ...object, data };
  return [
    live === undefined ? undefined : withData(live, mask(before, 'before')),
    withData(merged, mask(after, 'after')),
  ];
}

function withoutManagedFields(object: KubeObject): string {
  const { managedFields: _, ...metadata } = object.metadata;
  return toYaml({ ...object, metadata });
}
