import type { CommandDefinition } from '../../cobra/command.ts';
import type { Flag, ParsedArguments } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';
import { resourcesAndPairs } from '../../util/pairs.ts';
import { ContainerMissing, patchVerb, SET_FLAGS } from './patch-verb.ts';
import { containersOf, podSpecOf, type PodSpec } from './pod-spec.ts';

/** A verb that changes the pod template of each object that the arguments name. */
function templateVerb(config: {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly use: string;
  readonly short: string;
  readonly operation: string;
  readonly flags?: readonly Flag[];
  readonly namesFailures?: boolean;
  readonly always?: boolean;
  readonly failure?: string;
  /** Gives the resources among the arguments and what to do to a pod spec. */
  prepare(
    parsed: ParsedArguments,
    invocation: Invocation,
  ): {
    readonly resources: readonly string[];
    readonly mistakes?: readonly Error[];
    change(spec: PodSpec): Error | void;
  };
}): CommandDefinition {
  return patchVerb({
    ...config,
    flags: [
      ...SET_FLAGS.filter(({ name }) => name !== 'selector' || config.name !== 'serviceaccount'),
      ...(config.flags ?? []),
    ],
    prepare(parsed, invocation) {
      const { change, ...rest } = config.prepare(parsed, invocation);
      return { ...rest, change: (object) => change(podSpecOf(object)) };
    },
  });
}

export const image = templateVerb({
  name: 'image',
  use: '(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N [options]',
  short: 'Update the image of a pod template',
  operation: 'image updated',
  failure: 'failed to patch image update to pod template: ',
  prepare({ args }) {
    const { resources, set } = resourcesAndPairs(args, 'label');
    const mistakes = set.size === 0 ? [new Error('at least one image update is required')] : [];
    return {
      resources,
      mistakes,
      change(spec) {
        const missing: Error[] = [];
        for (const [name, value] of set) {
          const containers = containersOf(spec, name);
          if (containers.length === 0)
            missing.push(new Error(`error: unable to find container named ${JSON.stringify(name)}`));
          for (const container of containers) container.image = value;
        }
        return missing[0];
      },
    };
  },
});

export const resources = templateVerb({
  name: 'resources',
  use: '(-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS] [options]',
  short: 'Update resource requests/limits on objects with pod templates',
  operation: 'resource requirements updated',
  failure: 'failed to patch resources update to pod template ',
  namesFailures: true,
  flags: [
    { name: 'containers', shorthand: 'c', type: 'string', default: '*' },
    { name: 'limits', type: 'string' },
    { name: 'requests', type: 'string' },
  ],
  prepare({ args, flags }) {
    const mistakes: Error[] = [];
    const [limits, requests] = [flags.string('limits'), flags.string('requests')];
    if (limits === '' && requests === '') {
      mistakes.push(
        new Error('you must specify an update to requests or limits (in the form of --requests/--limits)'),
      );
    }
    const wanted = { limits: quantities(limits, mistakes), requests: quantities(requests, mistakes) };
    return {
      resources: args,
      mistakes,
      change(spec) {
        const containers = containersOf(spec, flags.string('containers'));
        if (containers.length === 0)
          throw new ContainerMissing(`unable to find container named ${flags.string('containers')}`);
        for (const container of containers) {
          container.resources = {
            ...container.resources,
            ...(limits !== '' && { limits: { ...container.resources?.limits, ...wanted.limits } }),
            ...(requests !== '' && { requests: { ...container.resources?.requests, ...wanted.requests } }),
          };
        }
      },
    };
  },
});

/** "cpu=200m,memory=1Gi"; what is wrong with it goes to `mistakes`. Models HandleResourceRequirementsV1. */
function quantities(text: string, mistakes: Error[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const pair of text.split(',').filter((part) => part !== '')) {
    const [name, value, ...more] = pair.split('=');
    if (!name || value === undefined || more.length > 0) {
      mistakes.push(new Error(`Invalid argument syntax ${pair}, expected <resource>=<value>`));
      return {};
    }
    if (!/^[+-]?\d*\.?\d+(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/.test(value)) {
      mistakes.push(
        new Error(
          "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        ),
      );
      return {};
    }
    found[name] = value;
  }
  return found;
}

export const serviceAccount = templateVerb({
  name: 'serviceaccount',
  aliases: ['sa'],
  use: '(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT [options]',
  short: 'Update the service account of a resource',
  operation: 'serviceaccount updated',
  failure: 'failed to patch ServiceAccountName ',
  always: true,
  prepare({ args }) {
    const account = args.at(-1);
    if (account === undefined) throw new Error('serviceaccount is required');
    return {
      resources: args.slice(0, -1),
      change(spec) {
        spec.serviceAccountName = account;
        spec.serviceAccount = account;
      },
    };
  },
});
