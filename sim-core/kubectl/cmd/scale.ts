import type { KubeObject } from '../../apimachinery/object.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import type { FlagSet, ParsedArguments } from '../cobra/flags.ts';
import {
  DRY_RUN_FLAG,
  FILENAME_FLAGS,
  PRINT_FLAGS,
  RECORD_FLAG,
  SELECTOR_FLAG,
} from '../genericclioptions/common-flags.ts';
import { type DryRun, dryRunOf, resultPrinter } from '../genericclioptions/print-flags.ts';
import type { Invocation } from '../invocation.ts';
import { builderOptions, resolveTargets } from '../resource/builder.ts';
import { Helper } from '../resource/helper.ts';
import { type Fetched, objectsOf } from '../resource/objects.ts';
import { throwAll } from '../util/errors.ts';
import { CHANGE_CAUSE, changeCause } from '../util/record.ts';
import { untilObject } from '../util/until.ts';

/** Models pkg/cmd/scale. */
export const scale: CommandDefinition = {
  name: 'scale',
  use: '[--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME) [options]',
  short: 'Set a new size for a deployment, replica set, or replication controller',
  flags: [
    ...PRINT_FLAGS,
    ...FILENAME_FLAGS,
    { name: 'all', type: 'bool', default: 'false' },
    { name: 'current-replicas', type: 'int', default: '-1' },
    DRY_RUN_FLAG,
    { name: 'replicas', type: 'int', default: '0', required: true },
    RECORD_FLAG,
    { name: 'resource-version', type: 'string' },
    SELECTOR_FLAG,
    { name: 'timeout', type: 'duration', default: '0s' },
  ],
  async run(invocation, parsed) {
    const { args, flags } = parsed;
    const replicas = flags.number('replicas');
    if (replicas < 0)
      throw new Error('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    const dryRun = dryRunOf(flags, invocation.factory.log);
    const print = await resultPrinter(invocation, dryRun);
    const timeout = flags.duration('timeout');
    const errors: Error[] = [];
    let count = 0;
    // A name is enough: --all beside it changes nothing.
    const options = builderOptions(
      args.length > 1 ? { ...parsed, flags: flags.without('all') } : parsed,
      false,
    );
    const { targets } = await resolveTargets(invocation, args, options, errors);
    for (const target of targets) {
      try {
        for (const found of await objectsOf(invocation, target)) {
          const { mapping, object } = found;
          count++;
          checkPreconditions(object, flags);
          if (dryRun !== 'client') await setReplicas(invocation, parsed, found, dryRun);
          print(object, 'scaled');
          if (timeout <= 0 || dryRun !== 'none') continue;
          const { name = '', namespace = '' } = object.metadata;
          const isOver = (now?: KubeObject) => now === undefined || hasScaled(now, replicas);
          await untilObject(invocation, { mapping, namespace, name }, timeout, isOver);
        }
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        errors.push(error);
      }
    }
    throwAll(errors);
    if (count === 0) throw new Error('no objects passed to scale');
    return 0;
  },
};

/** --resource-version and --current-replicas. Models ScalePrecondition.Validate. */
function checkPreconditions({ metadata, spec }: KubeObject, flags: FlagSet): void {
  const version = flags.string('resource-version');
  const { resourceVersion = '' } = metadata;
  if (version !== '' && version !== resourceVersion)
    throw new Error(`Expected resource version to be ${version}, was ${resourceVersion}`);
  const replicas = flags.number('current-replicas');
  const { replicas: actual = 0 } = (spec ?? {}) as { replicas?: number };
  if (replicas >= 0 && replicas !== actual)
    throw new Error(`Expected replicas to be ${replicas}, was ${actual}`);
}

/** Changes the scale of a workload, and notes by what command if --record asks for it. */
async function setReplicas(
  invocation: Invocation,
  { args, flags }: ParsedArguments,
  { mapping, object }: Fetched,
  dryRun: DryRun,
): Promise<void> {
  const { name = '', namespace = '' } = object.metadata;
  const helper = new Helper(invocation.factory.client(), mapping);
  const size = JSON.stringify({ spec: { replicas: flags.number('replicas') } });
  const parameters = { dryRun: dryRun === 'server' ? 'All' : undefined };
  await helper.patch(namespace, name, 'merge', size, parameters, 'scale');
  const cause = changeCause(invocation, args);
  if (cause === undefined) return;
  const record = JSON.stringify({ metadata: { annotations: { [CHANGE_CAUSE]: cause } } });
  await helper.patch(namespace, name, 'merge', record);
}

/** Models ScaleHasDesiredReplicas. */
function hasScaled({ metadata, status }: KubeObject, replicas: number): boolean {
  const { observedGeneration = 0, replicas: running = 0 } = (status ?? {}) as {
    observedGeneration?: number;
    replicas?: number;
  };
  return observedGeneration >= (metadata.generation ?? 0) && running === replicas;
}
