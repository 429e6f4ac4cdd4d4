import { deepCopy } from '../../apimachinery/copy.ts';
import type { Json, KubeObject } from '../../apimachinery/object.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import type { Flag, ParsedArguments } from '../cobra/flags.ts';
import {
  DRY_RUN_FLAG,
  fieldManagerFlag,
  FILENAME_FLAGS,
  PRINT_FLAGS,
  SELECTOR_FLAG,
} from '../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter, writeParameters } from '../genericclioptions/print-flags.ts';
import type { Invocation } from '../invocation.ts';
import { builderOptions, fetchTarget, resolveTargets } from '../resource/builder.ts';
import { Helper } from '../resource/helper.ts';
import { throwAll } from '../util/errors.ts';
import { goJson } from '../util/json.ts';
import { resourcesAndPairs } from '../util/pairs.ts';
import { schemaOfKind } from '../util/schema.ts';
import { threeWayPatch } from './apply/three-way-patch.ts';

interface Container {
  name: string;
  image?: string;
  env?: { name: string; value?: string }[];
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
}
interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  serviceAccountName?: string;
  serviceAccount?: string;
}

/** A verb that changes the pod template of each object that the arguments name. */
function templateVerb(config: {
  name: string;
  aliases?: readonly string[];
  use: string;
  short: string;
  operation: string;
  flags?: readonly Flag[];
  /** Gives the resources among the arguments and what to do to a pod spec. */
  prepare(
    parsed: ParsedArguments,
    invocation: Invocation,
  ): { resources: readonly string[]; change: (spec: PodSpec, object: KubeObject) => void };
}): CommandDefinition {
  return {
    name: config.name,
    ...(config.aliases !== undefined && { aliases: config.aliases }),
    use: config.use,
    short: config.short,
    flags: [
      ...PRINT_FLAGS,
      ...FILENAME_FLAGS,
      { name: 'all', type: 'bool', default: 'false' },
      DRY_RUN_FLAG,
      fieldManagerFlag('kubectl-set'),
      { name: 'local', type: 'bool', default: 'false' },
      SELECTOR_FLAG,
      ...(config.flags ?? []),
    ],
    async run(invocation, parsed) {
      const { flags } = parsed;
      const dryRun = dryRunOf(flags);
      const print = resultPrinter(invocation, dryRun);
      const { resources, change } = config.prepare(parsed, invocation);
      const { targets } = await resolveTargets(invocation, resources, builderOptions(parsed, false));
      const errors: Error[] = [];
      for (const target of targets) {
        try {
          for (const { mapping, object } of await fetchTarget(invocation, target, { chunkSize: 500 })) {
            const { apiVersion = '' } = object;
            const objects =
              target.type === 'name'
                ? [object]
                : (object.items as KubeObject[]).map((item) => ({ ...item, apiVersion, kind: mapping.kind }));
            for (const one of objects) {
              const changed = deepCopy(one) as KubeObject;
              change(podSpecOf(changed), changed);
              const json = (value: KubeObject) => value as unknown as { [key: string]: Json };
              const patch = threeWayPatch(json(one), json(changed), json(one), schemaOfKind(mapping));
              if (Object.keys(patch).length === 0) continue;
              if (dryRun === 'client' || flags.bool('local')) {
                print(changed, config.operation);
                continue;
              }
              const { name = '', namespace = '' } = one.metadata;
              const parameters = writeParameters(flags, dryRun, 'kubectl-set');
              print(
                await new Helper(invocation.factory.client(), mapping).patch(
                  namespace,
                  name,
                  'strategic',
                  goJson(patch),
                  parameters,
                ),
                config.operation,
              );
            }
          }
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          errors.push(error);
        }
      }
      throwAll(errors);
      return 0;
    },
  };
}

function podSpecOf(object: KubeObject): PodSpec {
  const spec = object.spec as
    { template?: { spec: PodSpec }; jobTemplate?: { spec: { template: { spec: PodSpec } } } } | undefined;
  const found =
    spec?.template?.spec ??
    spec?.jobTemplate?.spec.template.spec ??
    (object.kind === 'Pod' ? (spec as unknown as PodSpec) : undefined);
  if (found === undefined)
    throw new Error(
      `${(object.kind ?? '').toLowerCase()}/${object.metadata.name} does not have a pod template`,
    );
  return found;
}

function containersOf(spec: PodSpec, pattern: string): Container[] {
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  const matches = new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  return all.filter(({ name }) => matches.test(name));
}

const image = templateVerb({
  name: 'image',
  use: '(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N [options]',
  short: 'Update the image of a pod template',
  operation: 'image updated',
  prepare({ args, flags }) {
    const { resources, set } = resourcesAndPairs(args, 'label');
    const errors: Error[] = [];
    if (resources.length === 0 && flags.list('filename').length === 0) {
      errors.push(
        new Error('one or more resources must be specified as <resource> <name> or <resource>/<name>'),
      );
    }
    if (set.size === 0) errors.push(new Error('at least one image update is required'));
    throwAll(errors);
    return {
      resources,
      change(spec) {
        for (const [name, value] of set) {
          const containers = containersOf(spec, name);
          if (containers.length === 0)
            throw new Error(`unable to find container named ${JSON.stringify(name)}`);
          for (const container of containers) container.image = value;
        }
      },
    };
  },
});

const environment = templateVerb({
  name: 'env',
  use: 'RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N [options]',
  short: 'Update environment variables on a pod template',
  operation: 'env updated',
  flags: [{ name: 'containers', shorthand: 'c', type: 'string', default: '*' }],
  prepare({ args, flags }) {
    const { resources, set, remove } = resourcesAndPairs(args, 'label');
    if (resources.length === 0)
      throw new Error('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    return {
      resources,
      change(spec) {
        for (const container of containersOf(spec, flags.string('containers'))) {
          let variables = container.env ?? [];
          for (const [name, value] of set) {
            variables = variables.some((variable) => variable.name === name)
              ? variables.map((variable) => (variable.name === name ? { name, value } : variable))
              : [...variables, { name, value }];
          }
          variables = variables.filter(({ name }) => !remove.includes(name));
          if (variables.length > 0) container.env = variables;
          else delete container.env;
        }
      },
    };
  },
});

const resources = templateVerb({
  name: 'resources',
  use: '(-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS] [options]',
  short: 'Update resource requests/limits on objects with pod templates',
  operation: 'resource requirements updated',
  flags: [
    { name: 'containers', shorthand: 'c', type: 'string', default: '*' },
    { name: 'limits', type: 'string' },
    { name: 'requests', type: 'string' },
  ],
  prepare({ args, flags }) {
    const [limits, requests] = ['limits', 'requests'].map((name) => quantities(flags.string(name))) as [
      Record<string, string>,
      Record<string, string>,
    ];
    if (Object.keys(limits).length + Object.keys(requests).length === 0) {
      throw new Error(
        'you must specify an update to requests or limits (in the form of --requests/--limits)',
      );
    }
    return {
      resources: args,
      change(spec) {
        for (const container of containersOf(spec, flags.string('containers'))) {
          container.resources = {
            ...container.resources,
            ...(Object.keys(limits).length > 0 && { limits: { ...container.resources?.limits, ...limits } }),
            ...(Object.keys(requests).length > 0 && {
              requests: { ...container.resources?.requests, ...requests },
            }),
          };
        }
      },
    };
  },
});

function quantities(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(',')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const [name, value, ...more] = pair.split('=');
        if (!name || value === undefined || more.length > 0)
          throw new Error(`Invalid argument syntax ${pair}, expected <resource>=<value>`);
        return [name, value];
      }),
  );
}

const serviceAccount = templateVerb({
  name: 'serviceaccount',
  aliases: ['sa'],
  use: '(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT [options]',
  short: 'Update the service account of a resource',
  operation: 'serviceaccount updated',
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

/** Models pkg/cmd/set. */
export const set: CommandDefinition = {
  name: 'set',
  use: 'SUBCOMMAND [options]',
  short: 'Set specific features on objects',
  subcommands: [environment, image, resources, serviceAccount],
};
