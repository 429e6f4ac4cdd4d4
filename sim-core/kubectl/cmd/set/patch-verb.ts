import { deepCopy } from '../../../apimachinery/copy.ts';
import type { Json, KubeObject } from '../../../apimachinery/object.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import type { Flag, ParsedArguments } from '../../cobra/flags.ts';
import {
  DRY_RUN_FLAG,
  fieldManagerFlag,
  FILENAME_FLAGS,
  PRINT_FLAGS,
  RECORD_FLAG,
  SELECTOR_FLAG,
} from '../../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter, writeParameters } from '../../genericclioptions/print-flags.ts';
import type { Invocation } from '../../invocation.ts';
import { builderOptions, resolveTargets } from '../../resource/builder.ts';
import { Helper } from '../../resource/helper.ts';
import { type Fetched, objectsOf } from '../../resource/objects.ts';
import type { RestMapping } from '../../resource/rest-mapper.ts';
import { throwAll } from '../../util/errors.ts';
import { goJson } from '../../../apimachinery/json/go-json.ts';
import { recorded } from '../../util/record.ts';
import { schemaOfKind } from '../../util/schema.ts';
import { withZeroFields } from '../../util/zero-fields.ts';
import { hasPodSpec } from './pod-spec.ts';
import { threeWayPatch } from '../apply/three-way-patch.ts';

export const ALL_FLAG: Flag = { name: 'all', type: 'bool', default: 'false' };
export const LOCAL_FLAG: Flag = { name: 'local', type: 'bool', default: 'false' };

/** What a verb under `set` shares with all of them. */
export const SET_FLAGS: readonly Flag[] = [
  ...PRINT_FLAGS,
  ...FILENAME_FLAGS,
  ALL_FLAG,
  DRY_RUN_FLAG,
  fieldManagerFlag('kubectl-set'),
  LOCAL_FLAG,
  RECORD_FLAG,
  SELECTOR_FLAG,
];

/** No container of an object is called so. */
export class ContainerMissing extends Error {}

/** What a verb does to the objects that its arguments name. */
export interface Change {
  readonly resources: readonly string[];
  /** What is wrong with the change itself: said once the objects were found. */
  readonly mistakes?: readonly Error[];
  /**
   * Changes the copy of an object that it is given. Throws an Error with kubectl's words; one that it gives is
   * reported after the rest of the change was sent.
   */
  change(object: KubeObject, mapping: RestMapping): Error | void | Promise<Error | void>;
  /** Nothing is sent or printed: the change itself printed what was asked for. */
  readonly listOnly?: boolean;
}

/** A verb that changes each object that the arguments name with a strategic merge patch. */
export function patchVerb(config: {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly use: string;
  readonly short: string;
  readonly operation: string;
  readonly flags: readonly Flag[];
  /** What stands before the server's refusal. */
  readonly failure?: string;
  /** A change that fails is reported with the object: "deployments/web …". */
  readonly namesFailures?: boolean;
  /** An object that is not changed is sent and printed all the same. */
  readonly always?: boolean;
  prepare(parsed: ParsedArguments, invocation: Invocation): Change | Promise<Change>;
}): CommandDefinition {
  const { name, aliases, use, short, flags: definitions, operation } = config;
  return {
    name,
    ...(aliases !== undefined && { aliases }),
    use,
    short,
    flags: definitions,
    async run(invocation, parsed) {
      const { flags } = parsed;
      const dryRun = dryRunOf(flags, invocation.factory.log);
      const print = await resultPrinter(invocation, dryRun, true);
      const { resources, mistakes = [], change, listOnly } = await config.prepare(parsed, invocation);
      const options = { ...builderOptions(parsed, false), typed: true };
      const errors: Error[] = [];
      const { targets } = await resolveTargets(invocation, resources, options, errors);
      const found: Fetched[] = [];
      for (const target of targets) {
        try {
          found.push(...(await objectsOf(invocation, target, { local: flags.bool('local') })));
        } catch (error) {
          errors.push(error as Error);
        }
      }
      throwAll(errors);
      throwAll(mistakes);
      const changeOne = async ({ mapping, object }: Fetched): Promise<void> => {
        let changed = deepCopy(object) as KubeObject;
        const named = config.namesFailures === true || !hasPodSpec(object);
        try {
          const problem = await change(changed, mapping);
          if (problem !== undefined) errors.push(problem);
          changed = recorded(changed, invocation, parsed.args);
        } catch (error) {
          if (!named || error instanceof ContainerMissing) throw error;
          const type = flags.bool('local') ? mapping.kind.toLowerCase() : mapping.resource;
          throw new Error(`${type}/${object.metadata.name} ${(error as Error).message}`);
        }
        if (listOnly === true) return;
        const json = (value: KubeObject) => value as unknown as { [key: string]: Json };
        const patch = threeWayPatch(json(object), json(changed), json(object), schemaOfKind(mapping));
        if (Object.keys(patch).length === 0 && config.always !== true) return;
        if (flags.bool('local')) return print(withZeroFields(changed), operation);
        if (dryRun === 'client') return print(changed, operation);
        const helper = new Helper(invocation.factory.client(), mapping);
        const parameters = writeParameters(flags, dryRun, 'kubectl-set');
        const { name: objectName = '', namespace = '' } = object.metadata;
        try {
          print(await helper.patch(namespace, objectName, 'strategic', goJson(patch), parameters), operation);
        } catch (error) {
          if (!(error instanceof Error) || config.failure === undefined) throw error;
          throw new Error(`${config.failure}${error.message}`);
        }
      };
      for (const one of found) await changeOne(one).catch((error: Error) => errors.push(error));
      throwAll(errors);
      return 0;
    },
  };
}
