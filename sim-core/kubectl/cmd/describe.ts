import type { KubeObject } from '../../apimachinery/object.ts';
import { StatusError } from '../../apimachinery/status.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import {
  ALL_NAMESPACES_FLAG,
  CHUNK_SIZE_FLAG,
  FILENAME_FLAGS,
  SELECTOR_FLAG,
} from '../genericclioptions/common-flags.ts';
import type { Invocation } from '../invocation.ts';
import { builderOptions, fetchTarget, resolveTargets } from '../resource/builder.ts';
import type { RestMapping } from '../resource/rest-mapper.ts';
import { throwAll } from '../util/errors.ts';

/** Models pkg/cmd/describe. */
export const describe: CommandDefinition = {
  name: 'describe',
  use: '(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME) [options]',
  short: 'Show details of a specific resource or group of resources',
  suggestFor: ['inspect'],
  flags: [
    ALL_NAMESPACES_FLAG,
    CHUNK_SIZE_FLAG,
    ...FILENAME_FLAGS,
    SELECTOR_FLAG,
    { name: 'show-events', type: 'bool', default: 'true' },
  ],
  async run(invocation, parsed) {
    const { io, factory } = invocation;
    const { args, flags } = parsed;
    if (args.length === 0 && flags.list('filename').length === 0) {
      throw new Error(
        'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n',
      );
    }
    const errors: Error[] = [];
    const { targets } = await resolveTargets(invocation, args, builderOptions(parsed, true), errors);
    let first = true;
    for (const target of targets) {
      try {
        for (const { mapping, object } of await fetchTarget(invocation, target, {
          chunkSize: flags.number('chunk-size'),
        })) {
          const objects = target.type === 'name' ? [object] : (object.items as KubeObject[]);
          for (const one of objects) {
            const text = await describeObject(
              { ...one, apiVersion: object.apiVersion!, kind: mapping.kind },
              mapping,
              invocation,
              flags.bool('show-events'),
            );
            io.stdout(first ? text : `\n\n${text}`);
            first = false;
          }
        }
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const matched =
          error instanceof StatusError && error.reason === 'NotFound' && args.length === 2
            ? await describeMatching()
            : false;
        if (!matched) errors.push(error);
      }
    }
    throwAll(errors);
    if (first && errors.length === 0) {
      const { namespace } = factory.namespace();
      io.stderr(
        flags.bool('all-namespaces')
          ? 'No resources found\n'
          : `No resources found in ${namespace} namespace.\n`,
      );
    }
    return 0;

    /** A name that is not there may be the beginning of others. Models DescribeMatchingResources. */
    async function describeMatching(): Promise<boolean> {
      const { targets: all } = await resolveTargets(invocation, [args[0]!], { allowEmptySelector: true });
      let found = false;
      for (const target of all) {
        for (const { mapping, object } of await fetchTarget(invocation, target, { chunkSize: 500 })) {
          for (const one of object.items as KubeObject[]) {
            if (!one.metadata.name!.startsWith(args[1]!)) continue;
            const text = await describeObject(
              { ...one, apiVersion: object.apiVersion!, kind: mapping.kind },
              mapping,
              invocation,
              flags.bool('show-events'),
            );
            io.stdout(`${text}\n`);
            found = true;
          }
        }
      }
      return found;
    }
  },
};

async function describeObject(
  object: KubeObject,
  mapping: RestMapping,
  invocation: Invocation,
  showEvents: boolean,
): Promise<string> {
  // Loaded on first use: nothing else needs it.
  const { describeKind } = await invocation.environment.clock.outside(import('../describe/describe.ts'));
  return describeKind(object, mapping, invocation, showEvents);
}
