import type { KubeObject } from '../../apimachinery/object.ts';
import { isReason } from '../../apimachinery/status.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import {
  ALL_NAMESPACES_FLAG,
  CHUNK_SIZE_FLAG,
  FILENAME_FLAGS,
  SELECTOR_FLAG,
} from '../genericclioptions/common-flags.ts';
import type { Invocation } from '../invocation.ts';
import { builderOptions, resolveTargets } from '../resource/builder.ts';
import { type Fetched, objectsOf } from '../resource/objects.ts';
import type { RestMapping } from '../resource/rest-mapper.ts';
import { throwAll, together } from '../util/errors.ts';

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
    const unread: Error[] = [];
    const { targets } = await resolveTargets(invocation, args, builderOptions(parsed, true), unread);
    const errors = together(together(unread));
    const found: Fetched[] = [];
    for (const target of targets) {
      try {
        found.push(...(await objectsOf(invocation, target, { chunkSize: flags.number('chunk-size') })));
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        errors.push(error);
      }
    }
    // The events of one object are shown, not those of many, if nobody asks for them.
    const showEvents =
      flags.bool('show-events') &&
      (flags.changed('show-events') || (errors.length === 0 && found.length <= 1));
    if (errors.length === 1 && args.length === 2 && isReason(errors[0], 'NotFound')) {
      const matching = await describeMatching();
      if (!matching) throw errors[0];
      return 0;
    }
    let first = true;
    for (const { mapping, object } of found) {
      const text = await describeObject(object, mapping, invocation, showEvents);
      io.stdout(first ? text : `\n\n${text}`);
      first = false;
    }
    throwAll(errors);
    if (first) {
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
      let any = false;
      for (const target of all) {
        for (const { mapping, object } of await objectsOf(invocation, target)) {
          if (!object.metadata.name!.startsWith(args[1]!)) continue;
          io.stdout(`${await describeObject(object, mapping, invocation, showEvents)}\n`);
          any = true;
        }
      }
      return any;
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
