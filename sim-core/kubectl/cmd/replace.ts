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
import { builderOptions, resolveTargets } from '../resource/builder.ts';
import { Helper } from '../resource/helper.ts';
import { isReason } from '../../apimachinery/status.ts';
import { throwAll, together, withSource } from '../util/errors.ts';
import { sendRaw } from '../util/raw-body.ts';
import { untilObject } from '../util/until.ts';
import { placed } from '../util/placed.ts';
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
    const { factory, io } = invocation;
    const { flags } = parsed;
    if (flags.list('filename').length === 0 && flags.string('kustomize') === '')
      throw new Error('must specify one of -f and -k');
    if (flags.string('raw') !== '') return sendRaw(invocation, 'PUT', parsed);
    const dryRun = dryRunOf(flags, factory.log);
    const print = await resultPrinter(invocation, dryRun);
    const force = flags.bool('force');
    const errors: Error[] = [];
    const unread: Error[] = [];
    const { targets } = await resolveTargets(invocation, [], builderOptions(parsed, false), unread);
    for (const target of targets) {
      if (target.type !== 'name') continue;
      const { mapping, namespace, name, manifest } = target;
      const helper = new Helper(factory.client(), mapping);
      const parameters = writeParameters(flags, dryRun, 'kubectl-replace');
      const object = placed(
        flags.bool('save-config') ? withLastApplied(manifest!.object) : manifest!.object,
        mapping,
        namespace,
      );
      try {
        if (!force) {
          print(
            await helper.replace(
              namespace,
              name,
              object,
              parameters,
              flags.string('subresource') || undefined,
            ),
            'replaced',
          );
          continue;
        }
        const grace = flags.number('grace-period');
        const options = {
          kind: 'DeleteOptions',
          apiVersion: 'v1',
          gracePeriodSeconds: grace < 0 ? 0 : grace,
          propagationPolicy: 'Background',
        };
        try {
          await helper.delete(namespace, name, options);
          io.stdout(
            `${mapping.kind.toLowerCase()}${mapping.group === '' ? '' : `.${mapping.group}`} "${name}" deleted from ${namespace} namespace\n`,
          );
        } catch (error) {
          if (!isReason(error, 'NotFound')) throw error;
        }
        await untilObject(
          invocation,
          target,
          flags.duration('timeout') || FORCE_TIMEOUT,
          (now) => now === undefined,
        );
        print(await helper.create(namespace, object, parameters), 'replaced');
      } catch (error) {
        errors.push(withSource('replacing', manifest!.source, error) as Error);
      }
    }
    throwAll([...errors, ...together(unread)]);
    return 0;
  },
};
