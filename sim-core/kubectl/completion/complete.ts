import type { KubeObject } from '../../apimachinery/object.ts';
import { groupResourceText } from '../../apimachinery/object.ts';
import type { Clock } from '../../clock/clock.ts';
import { resourcesOf } from '../cmd/api-resources.ts';
import { type CommandDefinition, findCommand } from '../cobra/command.ts';
import { type CompletionFunction, type CompletionHints, subcommandsOf } from '../cobra/completions.ts';
import { type Completions, DIRECTIVE } from '../cobra/directive.ts';
import type { Flag, FlagSet, ParsedArguments } from '../cobra/flags.ts';
import type { Factory } from '../factory.ts';
import { TEXTS } from '../help/generated/texts.ts';
import { Helper } from '../resource/helper.ts';
import { selectorOf } from '../polymorphichelpers/attachable-pod.ts';

/** What completion asks of the server and the configuration. */
export interface CompletionConfig {
  /** A factory with the flags that were given. */
  factory(flags: FlagSet): Promise<Factory>;
  readonly clock: Clock;
}

const nothing: Completions = { values: [], directive: DIRECTIVE.noFiles };
const only = (values: readonly string[], partial: string): Completions => ({
  values: values.filter((value) => value.startsWith(partial)),
  directive: DIRECTIVE.noFiles,
});

const WORKLOADS = ['deployment', 'daemonset', 'statefulset'];
const SCALABLE = ['deployment', 'replicaset', 'replicationcontroller', 'statefulset'];
/** The types that a command takes. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  autoscale: SCALABLE,
  expose: ['pod', 'service', 'replicationcontroller', 'deployment', 'replicaset'],
  'rollout history': WORKLOADS,
  'rollout pause': ['deployment'],
  'rollout restart': WORKLOADS,
  'rollout resume': ['deployment'],
  'rollout status': WORKLOADS,
  'rollout undo': WORKLOADS,
  scale: SCALABLE,
  'set image': [
    ...['daemonsets', 'deployments', 'pods', 'cronjobs', 'replicasets'],
    ...['replicationcontrollers', 'statefulsets'],
  ],
  taint: ['node'],
};
/** Commands that take one object. */
const SINGLE = new Set(['rollout status', 'set image']);
/** Commands that take any type. */
const ANY_TYPE = new Set([
  ...['annotate', 'apply edit-last-applied', 'apply view-last-applied', 'debug', 'delete', 'describe'],
  ...['edit', 'get', 'label', 'patch'],
]);
/** Commands whose only argument is the name of an object of one type. */
const NAMES: Readonly<Record<string, string>> = {
  cordon: 'node',
  'create token': 'serviceaccount',
  drain: 'node',
  'top node': 'node',
  'top pod': 'pod',
  uncordon: 'node',
};
const CONTEXTS = new Set([
  ...['config delete-context', 'config rename-context', 'config set-context', 'config use-context'],
]);
const WITH_PODS = [
  ...['daemonsets', 'deployments', 'pods', 'jobs', 'replicasets', 'replicationcontrollers'],
  ...['services', 'statefulsets'],
];
/** Commands whose --filename is a manifest. */
const MANIFEST = ['json', 'yaml', 'yml'];

const nameOf = (path: readonly CommandDefinition[]) =>
  path
    .slice(1)
    .map(({ name }) => name)
    .join(' ');

/** What kubectl knows of its arguments. Models pkg/util/completion and the ValidArgsFunction of commands. */
export function kubectlHints(config: CompletionConfig): CompletionHints {
  const completer = new Completer(config);
  return {
    usage(path, flag) {
      const usages = TEXTS[nameOf(path)]?.usages ?? {};
      if (path[1]?.name === 'config' && flag.name === 'kubeconfig') return 'use a particular kubeconfig file';
      return usages[flag.name] ?? TEXTS.options?.usages[flag.name];
    },
    validArguments: (path) =>
      nameOf(path) === 'completion' ? ['bash', 'zsh', 'fish', 'powershell'] : undefined,
    forArguments: (path) =>
      nameOf(path) === 'help'
        ? async ({ args }, partial) => {
            const { path: asked } = await findCommand(path[0]!, args, [], config.clock);
            return { values: subcommandsOf(asked.at(-1)!, partial), directive: DIRECTIVE.noFiles };
          }
        : completer.forArguments(nameOf(path)),
    forFlag: (path, flag) => completer.forFlag(nameOf(path), flag),
    extensions: (path, flag) =>
      flag.name === 'filename' && path.at(-1)!.flags?.includes(flag) === true ? MANIFEST : undefined,
  };
}

class Completer {
  readonly #config: CompletionConfig;

  constructor(config: CompletionConfig) {
    this.#config = config;
  }

  forArguments(command: string): CompletionFunction | undefined {
    if (ANY_TYPE.has(command) || TYPES[command] !== undefined)
      return (given, partial) => this.#typeAndName(given, partial, TYPES[command], !SINGLE.has(command));
    const type = NAMES[command];
    if (type !== undefined) {
      return async ({ args, flags }, partial) =>
        args.length > 0 ? nothing : only(await this.#names(flags, type), partial);
    }
    if (CONTEXTS.has(command)) return this.#fromConfig(({ contexts }) => contexts, true);
    switch (command) {
      case 'config delete-cluster':
        return this.#fromConfig(({ clusters }) => clusters, true);
      case 'config delete-user':
        return this.#fromConfig(({ users }) => users, true);
      case 'attach':
      case 'exec':
        return async (given, partial) => (given.args.length > 0 ? nothing : this.#pods(given, partial));
      case 'logs':
        return async (given, partial) => {
          if (given.args.length > 1) return nothing;
          return given.args.length === 0
            ? this.#pods(given, partial)
            : only(await this.#containers(given), partial);
        };
      case 'port-forward':
        return async (given, partial) => {
          if (given.args.length > 1) return nothing;
          return given.args.length === 0
            ? this.#pods(given, partial)
            : only(await this.#ports(given, partial), partial);
        };
      case 'cp':
        return (given, partial) => this.#copy(given, partial);
      default:
        return undefined;
    }
  }

  forFlag(command: string, { name }: Flag): CompletionFunction | undefined {
    switch (name) {
      case 'namespace':
        return async ({ flags }, partial) => only(await this.#names(flags, 'namespace'), partial);
      case 'context':
        return this.#fromConfig(({ contexts }) => contexts);
      case 'cluster':
        return command === 'config set-context' ? undefined : this.#fromConfig(({ clusters }) => clusters);
      case 'user':
        return command === 'config set-context' || command.startsWith('create ')
          ? undefined
          : this.#fromConfig(({ users }) => users);
      case 'container':
        return command === 'exec'
          ? async (given, partial) =>
              given.args.length === 0 ? nothing : only(await this.#containers(given), partial)
          : undefined;
      case 'output':
        return command === 'get' ? (_, partial) => only(GET_FORMATS, partial) : undefined;
      case 'subresource':
        return () => ({ values: ['status', 'scale', 'resize'], directive: DIRECTIVE.noFiles });
      case 'clusterrole':
        return command === 'create clusterrolebinding'
          ? async ({ flags }, partial) => only(await this.#names(flags, 'clusterrole'), partial)
          : undefined;
      default:
        return undefined;
    }
  }

  #fromConfig(
    pick: (config: ReturnType<Factory['kubeconfig']>) => ReadonlyMap<string, unknown>,
    asArgument = false,
  ): CompletionFunction {
    return async ({ args, flags }, partial) => {
      if (asArgument && args.length > 0) return nothing;
      const factory = await this.#config.factory(flags);
      return only([...pick(factory.kubeconfig()).keys()], partial);
    };
  }

  async #names(flags: FlagSet, type: string, namespace = ''): Promise<readonly string[]> {
    const found = await this.#objects(flags, type, namespace);
    return found.map(({ metadata }) => metadata.name ?? '');
  }

  async #objects(
    flags: FlagSet,
    type: string,
    wanted = '',
    labelSelector?: string,
  ): Promise<readonly KubeObject[]> {
    try {
      const factory = await this.#config.factory(flags);
      const mapping = await factory.lookup((mapper) => mapper.mappingFor(type));
      const { namespace } = factory.namespace();
      const place = mapping.namespaced ? wanted || namespace : '';
      const list = await new Helper(factory.client(), mapping).list(place, {
        limit: '500',
        ...(labelSelector !== undefined && { labelSelector }),
      });
      return list.items as KubeObject[];
    } catch {
      // A server that does not answer has nothing to offer.
      return [];
    }
  }

  /** The types that can be read, behind the last comma of `partial`. */
  async #types(flags: FlagSet, partial: string): Promise<readonly string[]> {
    const comma = partial.lastIndexOf(',') + 1;
    try {
      const { server } = await (await this.#config.factory(flags)).mapper();
      return resourcesOf(server)
        .filter(({ verbs }) => verbs.includes('get'))
        .map(({ group, name }) => groupResourceText({ group, resource: name }))
        .filter((name) => name.startsWith(partial.slice(comma)))
        .map((name) => partial.slice(0, comma) + name);
    } catch {
      return [];
    }
  }

  async #typeAndName(
    { args, flags }: ParsedArguments,
    partial: string,
    allowed: readonly string[] | undefined,
    repeats: boolean,
  ): Promise<Completions> {
    const types = async () =>
      allowed?.filter((type) => type.startsWith(partial)) ?? this.#types(flags, partial);
    const without = (values: readonly string[], known: readonly string[]) => ({
      values: values.filter((value) => !known.includes(value)),
      directive: DIRECTIVE.noFiles,
    });
    const [first] = args;
    if (first !== undefined && !first.includes('/')) {
      if (!repeats && args.length > 1) return nothing;
      return without(only(await this.#names(flags, first), partial).values, args.slice(1));
    }
    const slash = partial.indexOf('/');
    if (slash < 0) {
      if (first === undefined) return { values: await types(), directive: DIRECTIVE.noFiles };
      if (!repeats) return nothing;
      return {
        values: (await types()).map((type) => `${type}/`),
        directive: DIRECTIVE.noSpace | DIRECTIVE.noFiles,
      };
    }
    if (!repeats && first !== undefined) return nothing;
    const type = partial.slice(0, slash);
    const names = (await this.#names(flags, type)).map((name) => `${type}/${name}`);
    return without(only(names, partial).values, args);
  }

  /** Pods, and types that have pods. */
  async #pods({ flags }: ParsedArguments, partial: string): Promise<Completions> {
    const slash = partial.indexOf('/');
    if (slash >= 0) {
      const type = partial.slice(0, slash);
      const names = (await this.#names(flags, type)).map((name) => `${type}/${name}`);
      return only(names, partial);
    }
    const { values: pods } = only(await this.#names(flags, 'pod'), partial);
    const types = WITH_PODS.filter((type) => type.startsWith(partial)).map((type) => `${type}/`);
    return {
      values: [...pods, ...types],
      directive: DIRECTIVE.noFiles | (pods.length === 0 ? DIRECTIVE.noSpace : 0),
    };
  }

  async #pod({ args, flags }: ParsedArguments): Promise<KubeObject | undefined> {
    const [name = ''] = args;
    if (!name.includes('/'))
      return (await this.#objects(flags, 'pod')).find(({ metadata }) => metadata.name === name);
    const [type = '', object = ''] = name.split('/');
    const owner = (await this.#objects(flags, type)).find(({ metadata }) => metadata.name === object);
    const labelSelector = owner && selectorOf(owner);
    return labelSelector === undefined
      ? undefined
      : (await this.#objects(flags, 'pod', '', labelSelector))[0];
  }

  async #containers(given: ParsedArguments): Promise<readonly string[]> {
    const { initContainers = [], containers = [] } = ((await this.#pod(given))?.spec ?? {}) as Record<
      string,
      readonly { readonly name: string }[] | undefined
    >;
    return [...initContainers, ...containers].map(({ name }) => name);
  }

  async #ports(given: ParsedArguments, partial: string): Promise<readonly string[]> {
    const [type, name] = given.args[0]!.split('/');
    const local = (port: number) => `${partial === '' ? port : partial.split(':')[0]}:${port}`;
    if (name !== undefined && /^(?:service|services|svc)$/.test(type!)) {
      const service = (await this.#objects(given.flags, 'service')).find(
        ({ metadata }) => metadata.name === name,
      );
      const { ports = [] } = (service?.spec ?? {}) as { ports?: readonly { port: number }[] };
      return ports.map(({ port }) => local(port));
    }
    const { containers = [] } = ((await this.#pod(given))?.spec ?? {}) as {
      containers?: readonly { ports?: readonly { containerPort: number }[] }[];
    };
    return containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => local(containerPort)));
  }

  async #copy({ args, flags }: ParsedArguments, partial: string): Promise<Completions> {
    const values: string[] = [];
    const slash = partial.indexOf('/');
    if (args.length === 0 && !/^[/.~]/.test(partial) && !partial.includes(':')) {
      if (slash > 0) {
        const namespace = partial.slice(0, slash);
        const pods = await this.#names(flags, 'pod', namespace);
        values.push(...pods.map((pod) => `${namespace}/${pod}:`));
      } else {
        const namespaces = await this.#names(flags, 'namespace');
        values.push(...namespaces.map((name) => `${name}/`));
        values.push(...(await this.#names(flags, 'pod')).map((name) => `${name}:`));
        if (partial === '') values.push('./', '/');
      }
    }
    return { values: values.filter((value) => value.startsWith(partial)), directive: DIRECTIVE.noSpace };
  }
}

const GET_FORMATS = [
  ...['json', 'yaml', 'kyaml', 'name', 'go-template', 'go-template-file', 'template', 'templatefile'],
  ...['jsonpath', 'jsonpath-as-json', 'jsonpath-file', 'custom-columns', 'custom-columns-file', 'wide'],
];
