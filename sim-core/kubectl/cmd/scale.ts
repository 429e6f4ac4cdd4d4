import type { KubeObject } from '../../apimachinery/object.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import {
  DRY_RUN_FLAG,
  FILENAME_FLAGS,
  PRINT_FLAGS,
  RECORD_FLAG,
  SELECTOR_FLAG,
} from '../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter } from '../genericclioptions/print-flags.ts';
import { builderOptions, fetchTarget, resolveTargets } from '../resource/builder.ts';
import { Helper } from '../resource/helper.ts';
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
    const { factory } = invocation;
    const { args, flags } = parsed;
    const replicas = flags.number('replicas');
    if (replicas < 0)
      throw new Error('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    const dryRun = dryRunOf(flags, invocation.factory.log);
    const print = await resultPrinter(invocation, dryRun);
    const errors: Error[] = [];
    let count = 0;
    // A name is enough: --all beside it changes nothing.
    const options = builderOptions(
      args.length > 1 ? { ...parsed, flags: flags.without('all') } : parsed,
      false,
    );
    const { targets } = await resolveTargets(invocation, args, options, errors);
    for (const target of targets) {
      const { mapping } = target;
      try {
        for (const info of await fetchTarget(invocation, target, { chunkSize: 500 })) {
          const objects: KubeObject[] =
            target.type === 'name'
              ? [info.object]
              : (info.object.items as KubeObject[]).map((item): KubeObject => ({
                  ...item,
                  apiVersion: info.object.apiVersion!,
                  kind: mapping.kind,
                }));
          for (const object of objects) {
            count++;
            const { name = '', namespace = '', resourceVersion = '' } = object.metadata;
            const wanted = flags.string('resource-version');
            if (wanted !== '' && wanted !== resourceVersion)
              throw new Error(`Expected resource version to be ${wanted}, was ${resourceVersion}`);
            const expected = flags.number('current-replicas');
            const actual = (object.spec as { replicas?: number } | undefined)?.replicas ?? 0;
            if (expected >= 0 && expected !== actual) {
              throw new Error(`Expected replicas to be ${expected}, was ${actual}`);
            }
            if (dryRun !== 'client') {
              const helper = new Helper(factory.client(), mapping);
              await helper.patch(
                namespace,
                name,
                'merge',
                JSON.stringify({ spec: { replicas } }),
                { dryRun: dryRun === 'server' ? 'All' : undefined },
                'scale',
              );
              const cause = changeCause(invocation, args);
              if (cause !== undefined) {
                const patch = { metadata: { annotations: { [CHANGE_CAUSE]: cause } } };
                await helper.patch(namespace, name, 'merge', JSON.stringify(patch));
              }
            }
            print(object, 'scaled');
            if (flags.duration('timeout') > 0 && dryRun === 'none') {
              await untilObject(
                invocation,
                { mapping, namespace, name },
                flags.duration('timeout'),
                (now) => {
                  const { status, metadata }: KubeObject = now ?? { metadata: {} };
                  const { observedGeneration = 0, replicas: running = 0 } = (status ?? {}) as {
                    observedGeneration?: number;
                    replicas?: number;
                  };
                  return (
                    now === undefined ||
                    (observedGeneration >= (metadata.generation ?? 0) && running === replicas)
                  );
                },
              );
            }
          }
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
