import type { CommandDefinition } from '../cobra/command.ts';
import {
  DRY_RUN_FLAG,
  fieldManagerFlag,
  FILENAME_FLAGS,
  PRINT_FLAGS,
  SAVE_CONFIG_FLAG,
  VALIDATE_FLAG,
  RECORD_FLAG,
} from '../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter, writeParameters } from '../genericclioptions/print-flags.ts';
import { builderOptions, resolveTargets, type Target } from '../resource/builder.ts';
import { Helper } from '../resource/helper.ts';
import { isReason } from '../../apimachinery/status.ts';
import { throwAll, together, withSource } from '../util/errors.ts';
import { sendRaw } from '../util/raw-body.ts';
import { untilObject } from '../util/until.ts';
import { placed } from '../util/placed.ts';
import { deletedText, type NamedTarget } from './delete.ts';
import { propagationOf } from '../util/cascade.ts';
import type { FlagSet } from '../cobra/flags.ts';
import type { Invocation } from '../invocation.ts';
import { withLastApplied } from './apply/last-applied.ts';

const FORCE_TIMEOUT = 5 * 60_000;

/** Models pkg/cmd/replace. */
export const replace: CommandDefinition = {
  name: 'replace',
  use: '-f FILENAME [options]',
  short: 'Replace a resource by file name or stdin',
  flags: [
    RECORD_FLAG,
    ...PRINT_FLAGS,
    ...FILENAME_FLAGS,
    { name: 'cascade', type: 'string', default: 'background', noOptionDefault: 'background' },
    DRY_RUN_FLAG,
    fieldManagerFlag('kubectl-replace'),
    { name: 'force', type: 'bool', default: 'false' },
    { name: 'grace-period', type: 'int', default: '-1' },
    { name: 'raw', type: 'string' },
    SAVE_CONFIG_FLAG,
    { name: 'subresource', type: 'string' },
    { name: 'timeout', type: 'duration', default: '0s' },
    VALIDATE_FLAG,
    { name: 'wait', type: 'bool', default: 'false' },
  ],
  async run(invocation, parsed) {
    const { factory } = invocation;
    const { flags } = parsed;
    if (flags.list('filename').length === 0 && flags.string('kustomize') === '')
      throw new Error('must specify one of -f and -k');
    if (flags.string('raw') !== '') return sendRaw(invocation, 'PUT', parsed);
    const dryRun = dryRunOf(flags, factory.log);
    const print = await resultPrinter(invocation, dryRun);
    const force = flags.bool('force');
    if (flags.number('grace-period') >= 0 && !force)
      throw new Error('--grace-period must have --force specified');
    if (flags.duration('timeout') !== 0 && !force) throw new Error('--timeout must have --force specified');
    if (force && dryRun !== 'none') throw new Error('--dry-run can not be used when --force is set');
    const errors: Error[] = [];
    const unread: Error[] = [];
    const { targets } = await resolveTargets(invocation, [], builderOptions(parsed, false), unread);
    const isNamed = (target: Target): target is NamedTarget => target.type === 'name';
    const named = targets.filter(isNamed);
    if (force) await deleteAll(invocation, named, flags);
    for (const target of named) {
      const { mapping, namespace, name, manifest } = target;
      const helper = new Helper(factory.client(), mapping);
      const parameters = writeParameters(flags, dryRun, 'kubectl-replace');
      const own = placed(manifest!.object, mapping, namespace);
      const object = flags.bool('save-config') ? withLastApplied(own) : own;
      const subresource = flags.string('subresource') || undefined;
      try {
        const written = force
          ? await helper.create(namespace, object, parameters)
          : await helper.replace(namespace, name, object, parameters, subresource);
        print(written, 'replaced');
      } catch (error) {
        // What is made anew is not said to be replaced.
        errors.push((force ? error : withSource('replacing', manifest!.source, error)) as Error);
      }
    }
    throwAll([...errors, ...together(unread)]);
    return 0;
  },
};

/**
 * `--force`: deletes what the files name and waits until all of it is gone. No grace at all becomes one second.
 * Models ReplaceOptions.forceReplace.
 */
async function deleteAll(
  invocation: Invocation,
  named: readonly NamedTarget[],
  flags: FlagSet,
): Promise<void> {
  const { factory, io } = invocation;
  const given = flags.number('grace-period');
  const grace = given === 0 ? 1 : given;
  for (const target of named) {
    try {
      await new Helper(factory.client(), target.mapping).delete(target.namespace, target.name, {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        ...(grace > 0 && { gracePeriodSeconds: grace }),
        propagationPolicy: propagationOf(flags.string('cascade')),
      });
      io.stdout(deletedText(target, grace, 'none', flags.string('output')));
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw withSource('deleting', target.manifest!.source, error);
    }
  }
  const timeout = flags.duration('timeout') || FORCE_TIMEOUT;
  for (const target of named) await untilObject(invocation, target, timeout, (now) => now === undefined);
}
