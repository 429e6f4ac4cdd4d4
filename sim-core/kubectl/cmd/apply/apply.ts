import type { KubeObject } from '../../../apimachinery/object.ts';
import { isReason } from '../../../apimachinery/status.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import type { FlagSet } from '../../cobra/flags.ts';
import {
  DRY_RUN_FLAG,
  fieldManagerFlag,
  FILENAME_FLAGS,
  PRINT_FLAGS,
  RECORD_FLAG,
  SELECTOR_FLAG,
  VALIDATE_FLAG,
} from '../../genericclioptions/common-flags.ts';
import {
  type DryRun,
  dryRunOf,
  resultPrinter,
  writeParameters,
} from '../../genericclioptions/print-flags.ts';
import type { Invocation } from '../../invocation.ts';
import { builderOptions, resolveTargets } from '../../resource/builder.ts';
import { Helper } from '../../resource/helper.ts';
import { apiVersionText } from '../../resource/rest-mapper.ts';
import { throwAll, together, usageError, withSource } from '../../util/errors.ts';
import { goJson } from '../../../apimachinery/json/go-json.ts';
import { propagationOf } from '../../util/cascade.ts';
import { recorded } from '../../util/record.ts';
import { placed } from '../../util/placed.ts';
import { withLastApplied } from './last-applied.ts';
import type { Applied, FileTarget } from './target.ts';
import { resourceLine } from './target.ts';

const MANAGER = 'kubectl-client-side-apply';

/** Models pkg/cmd/apply. */
export const apply: CommandDefinition = {
  name: 'apply',
  use: '(-f FILENAME | -k DIRECTORY) [options]',
  short: 'Apply a configuration to a resource by file name or stdin',
  subcommands: [
    {
      name: 'view-last-applied',
      short: 'View the latest last-applied-configuration annotations of a resource/object',
      load: async () => (await import('./last-applied-commands.ts')).viewLastApplied,
    },
    {
      name: 'set-last-applied',
      short: 'Set the last-applied-configuration annotation on a live object to match the contents of a file',
      load: async () => (await import('./last-applied-commands.ts')).setLastApplied,
    },
    {
      name: 'edit-last-applied',
      short: 'Edit latest last-applied-configuration annotations of a resource/object',
      load: async () => (await import('./last-applied-commands.ts')).editLastApplied,
    },
  ],
  flags: [
    ...PRINT_FLAGS,
    ...FILENAME_FLAGS,
    { name: 'all', type: 'bool', default: 'false' },
    { name: 'cascade', type: 'string', default: 'background', noOptionDefault: 'background' },
    DRY_RUN_FLAG,
    fieldManagerFlag(MANAGER),
    { name: 'force', type: 'bool', default: 'false' },
    { name: 'force-conflicts', type: 'bool', default: 'false' },
    { name: 'grace-period', type: 'int', default: '-1' },
    { name: 'openapi-patch', type: 'bool', default: 'true' },
    { name: 'overwrite', type: 'bool', default: 'true' },
    { name: 'prune', type: 'bool', default: 'false' },
    { name: 'prune-allowlist', type: 'stringArray' },
    RECORD_FLAG,
    SELECTOR_FLAG,
    { name: 'server-side', type: 'bool', default: 'false' },
    { name: 'subresource', type: 'string' },
    { name: 'timeout', type: 'duration', default: '0s' },
    VALIDATE_FLAG,
    { name: 'wait', type: 'bool', default: 'false' },
  ],
  async run(invocation, parsed) {
    const { args, flags } = parsed;
    if (args.length > 0) throw usageError(invocation.commandPath, `Unexpected args: [${args.join(' ')}]`);
    if (flags.list('filename').length === 0 && flags.string('kustomize') === '') {
      throw new Error('must specify one of -f and -k');
    }
    propagationOf(flags.string('cascade'));
    const pruning = flags.bool('prune')
      ? await invocation.environment.clock.outside(import('./prune.ts'))
      : undefined;
    pruning?.checkPruneFlags(parsed);
    const serverSide = flags.bool('server-side');
    if (flags.bool('force-conflicts') && !serverSide)
      throw new Error('--force-conflicts only works with --server-side');
    if (flags.string('subresource') !== '' && !serverSide)
      throw new Error('--subresource can only be specified for --server-side');
    if (flags.bool('force') && serverSide) throw new Error('--force cannot be used with --server-side');
    const dryRun = dryRunOf(flags, invocation.factory.log);
    if (dryRun === 'client' && flags.bool('server-side')) {
      throw new Error(
        "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
      );
    }
    const print = await resultPrinter(invocation, dryRun);
    const prunable = (await pruning?.pruneMappings(invocation, parsed)) ?? [];
    // Several objects are printed as one list, if they are printed.
    const asList = !['', 'name'].includes(flags.string('output'));
    const applied: KubeObject[] = [];
    const errors: Error[] = [];
    const unread: Error[] = [];
    const { targets } = await resolveTargets(
      invocation,
      [],
      { ...builderOptions(parsed, false), selectAll: false },
      unread,
    );
    const visited = { namespaces: new Set<string>(), uids: new Set<string>() };
    for (const target of targets) {
      if (target.type !== 'name') continue;
      try {
        const one = flags.bool('server-side') ? applyServerSide : applyClientSide;
        if (target.name === '' && target.manifest?.object.metadata.generateName) {
          const { generateName } = target.manifest.object.metadata;
          throw new Error(`from ${generateName}: cannot use generate name with apply`);
        }
        const { object, operation } = await one(invocation, target, flags, dryRun);
        if (target.mapping.namespaced) visited.namespaces.add(target.namespace);
        visited.uids.add(object.metadata.uid ?? '');
        if (asList) applied.push(object);
        else print(object, operation);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        errors.push(error);
      }
    }
    if (applied.length === 1) print(applied[0]!, '');
    if (applied.length > 1) {
      const list = { apiVersion: 'v1', items: applied, kind: 'List', metadata: { resourceVersion: '' } };
      print(list as unknown as KubeObject, '');
    }
    throwAll([...together(unread), ...errors]);
    if (targets.length === 0) throw new Error('no objects passed to apply');
    await pruning?.prune(invocation, parsed, prunable, visited, dryRun, print);
    return 0;
  },
};

/** Models pkg/cmd/apply ApplyOptions.applyOneObject. */
async function applyClientSide(
  invocation: Invocation,
  target: FileTarget,
  flags: FlagSet,
  dryRun: DryRun,
): Promise<Applied> {
  const { factory } = invocation;
  const { mapping, namespace, name, manifest } = target;
  const source = manifest!.source;
  const own = recorded(manifest!.object, invocation, []);
  const modified = withLastApplied(placed(own, mapping, namespace));
  const helper = new Helper(factory.client(), mapping);
  const parameters = writeParameters(flags, dryRun, MANAGER);
  let current: KubeObject;
  try {
    current = await helper.get(namespace, name);
  } catch (error) {
    if (!isReason(error, 'NotFound')) {
      throw withSource(
        `retrieving current configuration of:\nResource: "${resourceLine(target)}\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace)}\nfrom server for:`,
        source,
        error,
      );
    }
    if (dryRun === 'client') return { object: modified, operation: 'created' };
    try {
      return { object: await helper.create(namespace, modified, parameters), operation: 'created' };
    } catch (failure) {
      throw withSource('creating', source, failure);
    }
  }
  const { changeStored } = await invocation.environment.clock.outside(import('./change.ts'));
  return changeStored(invocation, target, { current, modified, parameters, dryRun, flags });
}

async function applyServerSide(
  { factory }: Invocation,
  { mapping, namespace, name, manifest }: FileTarget,
  flags: FlagSet,
  dryRun: DryRun,
): Promise<Applied> {
  const { object } = manifest!;
  const manager = flags.changed('field-manager') ? flags.string('field-manager') : 'kubectl';
  const body = placed(
    { ...object, apiVersion: apiVersionText(mapping), kind: mapping.kind },
    mapping,
    namespace,
  );
  try {
    const applied = await new Helper(factory.client(), mapping).patch(
      namespace,
      name,
      'apply',
      goJson(body),
      {
        ...writeParameters(flags, dryRun, manager),
        fieldManager: manager,
        force: String(flags.bool('force-conflicts')),
      },
    );
    return { object: applied, operation: 'serverside-applied' };
  } catch (error) {
    if (!isReason(error, 'Conflict')) throw error;
    throw new Error(
      `${error.message}\nPlease review the fields above--they currently have other managers. Here\n` +
        'are the ways you can resolve this warning:\n' +
        '* If you intend to manage all of these fields, please re-run the apply\n' +
        '  command with the `--force-conflicts` flag.\n' +
        '* If you do not intend to manage all of the fields, please edit your\n' +
        '  manifest to remove references to the fields that should keep their\n' +
        '  current managers.\n' +
        '* You may co-own fields by updating your manifest to match the existing\n' +
        "  value; in this case, you'll become the manager if the other manager(s)\n" +
        '  stop managing the field (remove it from their configuration).\n' +
        'See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts',
    );
  }
}
