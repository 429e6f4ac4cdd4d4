import type { KubeObject } from '../../apimachinery/object.ts';
import { isReason, StatusError } from '../../apimachinery/status.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import {
  ALL_NAMESPACES_FLAG,
  FIELD_SELECTOR_FLAG,
  PRINT_FLAGS,
  SELECTOR_FLAG,
} from '../genericclioptions/common-flags.ts';
import { resultPrinter } from '../genericclioptions/print-flags.ts';
import type { Invocation } from '../invocation.ts';
import { findJsonPath } from '../../client-go/util/jsonpath/evaluate.ts';
import { parseJsonPath, relaxedJsonPath } from '../../client-go/util/jsonpath/parser.ts';
import { builderOptions, resolveTargets, type Target } from '../resource/builder.ts';
import { objectsOf } from '../resource/objects.ts';
import type { RestMapping } from '../resource/rest-mapper.ts';
import { ExitError, throwAll, together } from '../util/errors.ts';
import { type ObjectCondition, untilObject, WaitTimeoutError } from '../util/until.ts';

const WEEK = 168 * 3_600_000;
const POLL_INTERVAL = 500;

interface Waited {
  readonly mapping: RestMapping;
  readonly namespace: string;
  readonly name: string;
  readonly object: KubeObject | undefined;
}

/** Models pkg/cmd/wait. */
export const wait: CommandDefinition = {
  name: 'wait',
  use: "([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]] [options]",
  short: 'Wait for a specific condition on one or many resources',
  flags: [
    ...PRINT_FLAGS,
    { name: 'filename', shorthand: 'f', type: 'stringSlice' },
    { name: 'recursive', shorthand: 'R', type: 'bool', default: 'true' },
    { name: 'all', type: 'bool', default: 'false' },
    ALL_NAMESPACES_FLAG,
    FIELD_SELECTOR_FLAG,
    { name: 'for', type: 'stringArray' },
    { name: 'local', type: 'bool', default: 'false' },
    SELECTOR_FLAG,
    { name: 'timeout', type: 'duration', default: '30s' },
  ],
  async run(invocation, parsed) {
    const { args, flags } = parsed;
    const { clock } = invocation.environment;
    const wanted = flags.list('for');
    if (wanted.length === 0) throw new Error('unrecognized condition: []');
    const given = flags.duration('timeout');
    const end = clock.now() + (given < 0 ? WEEK : given);
    const conditions = wanted.filter((text) => text.toLowerCase() !== 'create').map(conditionOf);
    const print = await resultPrinter(invocation);
    const unread: Error[] = [];
    const targets = await resolveTargets(invocation, args, builderOptions(parsed, false), unread);
    if (wanted.length > conditions.length) await pollUntilCreated(invocation, targets.targets, end);
    const errors: Error[] = [];
    let found = 0;
    // What one of the arguments names is waited for before the next one is looked up.
    for (const target of targets.targets) {
      let objects: Waited[] = [];
      try {
        objects = await findObjects(invocation, target, wanted.includes('delete'));
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        errors.push(error);
      }
      found += objects.length;
      for (const waited of objects) {
        if (conditions.length === 0) print(waited.object!, 'condition met');
        for (const condition of conditions) {
          try {
            const left = Math.max(0, end - clock.now());
            // The time is for all of them together: once it is over, nobody looks at the rest.
            if (left === 0 && given !== 0) throw new WaitTimeoutError();
            const last = await untilObject(invocation, waited, left, condition);
            print(last ?? waited.object!, 'condition met');
          } catch (error) {
            if (!(error instanceof WaitTimeoutError)) throw error;
            const problem = given === 0 ? 'condition not met for' : `${error.message} on`;
            errors.push(new Error(`${problem} ${waited.mapping.resource}/${waited.name}`));
            break;
          }
        }
      }
    }
    throwAll([...errors, ...together(unread)]);
    if (found === 0 && !wanted.includes('delete')) throw new Error('no matching resources found');
    return 0;
  },
};

function conditionOf(text: string): ObjectCondition {
  if (text.toLowerCase() === 'delete') return (object) => object === undefined;
  if (text.startsWith('condition=')) {
    const [name = '', status = 'true'] = text.slice('condition='.length).split('=');
    return (object) => hasCondition(object, name, status);
  }
  if (text.startsWith('jsonpath=')) return jsonPathCondition(text.slice('jsonpath='.length));
  throw new Error(`unrecognized condition: ${JSON.stringify(text)}`);
}

/** Models ConditionalWait.checkCondition: a status that is older than the object does not count. */
function hasCondition(object: KubeObject | undefined, name: string, status: string): boolean {
  const { conditions, observedGeneration } = (object?.status ?? {}) as {
    conditions?: { type: string; status: string; observedGeneration?: number }[];
    observedGeneration?: number;
  };
  const condition = conditions?.find(({ type }) => type.toLowerCase() === name.toLowerCase());
  if (condition === undefined) return false;
  const observed = condition.observedGeneration ?? observedGeneration;
  if (observed !== undefined && observed < (object!.metadata.generation ?? 0)) return false;
  return condition.status.toLowerCase() === status.toLowerCase();
}

function jsonPathCondition(text: string): ObjectCondition {
  const parts = splitOnSingleEquals(text);
  if (parts.length > 2) {
    throw new Error(
      "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
    );
  }
  if (parts[0] === '') throw new Error('jsonpath expression cannot be empty');
  const path = parseJsonPath(relaxedJsonPath(parts[0]!));
  const value = parts[1]?.replace(/^['"]+|['"]+$/g, '');
  if (value === '') {
    throw new Error(
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    );
  }
  return (object) => {
    if (object === undefined) return false;
    const [found, ...more] = findJsonPath(path, object, { allowMissingKeys: true }).flat();
    if (found === undefined || more.length > 0) return false;
    return value === undefined || String(found) === value;
  };
}

function splitOnSingleEquals(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let index = 0; index < text.length; index++) {
    if (text[index] !== '=') part += text[index]!;
    else if (text[index + 1] === '=') {
      part += '==';
      index++;
    } else {
      parts.push(part);
      part = '';
    }
  }
  return [...parts, part];
}

async function findObjects(
  invocation: Invocation,
  target: Target,
  ignoreNotFound: boolean,
): Promise<Waited[]> {
  try {
    const objects = await objectsOf(invocation, target);
    return objects.map(({ mapping, object }): Waited => {
      const { namespace = '', name } = object.metadata;
      return { mapping, namespace, name: name!, object };
    });
  } catch (error) {
    if (ignoreNotFound && isReason(error, 'NotFound')) return [];
    throw error;
  }
}

/** Models WaitOptions.RunWait for --for=create: asks every half second. */
async function pollUntilCreated(
  invocation: Invocation,
  targets: readonly Target[],
  end: number,
): Promise<void> {
  const { clock, context } = invocation.environment;
  for (;;) {
    for (const target of targets) if ((await findObjects(invocation, target, true)).length > 0) return;
    if (clock.now() >= end) throw new Error('timed out waiting for the condition');
    await clock.sleep(POLL_INTERVAL, { context });
    if (context.cancelled) throw new ExitError(130);
  }
}
