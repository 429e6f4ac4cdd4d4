import { parse } from 'yaml';
import { FileError } from '../../../node/file-system.ts';
import { directoryName } from '../../../node/path.ts';
import { kubeconfigPaths } from '../../clientcmd/kubeconfig.ts';
import { encoded } from '../../clientcmd/kubeconfig-file.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import type { FlagSet } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';
import { Tabwriter, TABLE_COLUMNS } from '../../printers/tabwriter.ts';
import { toYaml } from '../../printers/yaml-printer.ts';
import { executeJsonPath } from '../../jsonpath/evaluate.ts';
import { parseJsonPath } from '../../jsonpath/parser.ts';
import { usageError } from '../../util/errors.ts';
import { goJson } from '../../util/json.ts';

interface Named {
  name: string;
  [kind: string]: unknown;
}
interface ConfigFile {
  apiVersion?: string;
  kind?: string;
  preferences?: object;
  clusters?: Named[] | null;
  users?: Named[] | null;
  contexts?: Named[] | null;
  'current-context'?: string;
}

/** The file that changes go to: the first that exists, or the last that is looked at. */
function configPath({ environment }: Invocation, flags: FlagSet): string {
  const { cwd, variables, machine } = environment;
  const paths = kubeconfigPaths({ cwd, variables, explicitPath: flags.string('kubeconfig') });
  return paths.find((path) => machine.files.exists(path)) ?? paths.at(-1)!;
}

function readConfig(invocation: Invocation, flags: FlagSet): ConfigFile {
  try {
    return (
      (parse(
        invocation.environment.machine.files.read(configPath(invocation, flags)),
      ) as ConfigFile | null) ?? {}
    );
  } catch (error) {
    if (error instanceof FileError && error.code === 'ENOENT') return {};
    throw error;
  }
}

/** Models k8s.io/client-go/tools/clientcmd ModifyConfig. */
function writeConfig(invocation: Invocation, flags: FlagSet, config: ConfigFile): void {
  const { files } = invocation.environment.machine;
  const path = configPath(invocation, flags);
  files.makeDirectory(directoryName(path), { parents: true });
  const complete = {
    apiVersion: 'v1',
    kind: 'Config',
    ...config,
    clusters: config.clusters ?? null,
    contexts: config.contexts ?? null,
    'current-context': config['current-context'] ?? '',
    users: config.users ?? null,
  };
  files.write(path, toYaml(complete), files.exists(path) ? {} : { mode: 0o600 });
}

const view: CommandDefinition = {
  name: 'view',
  use: '[flags] [options]',
  short: 'Display merged kubeconfig settings or a specified kubeconfig file',
  flags: [
    { name: 'allow-missing-template-keys', type: 'bool', default: 'true' },
    { name: 'flatten', type: 'bool', default: 'false' },
    { name: 'merge', type: 'string', default: 'true', noOptionDefault: 'true' },
    { name: 'minify', type: 'bool', default: 'false' },
    { name: 'output', shorthand: 'o', type: 'string', default: 'yaml' },
    { name: 'raw', type: 'bool', default: 'false' },
    { name: 'show-managed-fields', type: 'bool', default: 'false' },
    { name: 'template', type: 'string' },
  ],
  async run(invocation, { args, flags }) {
    const { io, factory, commandPath } = invocation;
    if (args.length > 0) throw usageError(commandPath, `unexpected arguments: [${args.join(' ')}]`);
    const { clusters, users, contexts, currentContext } = factory.kubeconfig();
    const raw = flags.bool('raw');
    const context = contexts.get(flags.string('context') || currentContext);
    const keep = (kind: 'cluster' | 'user' | 'context', name: string) =>
      !flags.bool('minify') || name === (kind === 'context' ? currentContext : context?.[kind]);
    const list = (kind: 'cluster' | 'user' | 'context', entries: ReadonlyMap<string, object>) => {
      const shown = [...entries].filter(([name]) => keep(kind, name)).sort(([a], [b]) => (a < b ? -1 : 1));
      return shown.length === 0
        ? null
        : shown.map(([name, entry]) => ({ [kind]: raw ? encoded(entry) : redacted(entry), name }));
    };
    const config = {
      apiVersion: 'v1',
      clusters: list('cluster', clusters),
      contexts: list('context', contexts),
      'current-context': currentContext,
      kind: 'Config',
      users: list('user', users),
    };
    const output = flags.string('output');
    if (output === 'json') io.stdout(`${goJson(config, 4)}\n`);
    else if (output.startsWith('jsonpath=')) {
      io.stdout(
        executeJsonPath(parseJsonPath(output.slice('jsonpath='.length)), config, { allowMissingKeys: true }),
      );
    } else if (output === 'yaml') io.stdout(toYaml(config));
    else
      throw new Error(
        `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml`,
      );
    return 0;
  },
};

/** Models clientcmdapi.ShortenConfig and RedactSecrets. */
function redacted(entry: object): object {
  return Object.fromEntries(
    Object.entries(entry).map(([key, value]) => {
      if (key === 'token' || key === 'password') return [key, 'REDACTED'];
      if (key === 'certificate-authority-data') return [key, 'DATA+OMITTED'];
      return [key, key.endsWith('-data') ? 'DATA+OMITTED' : value];
    }),
  );
}

const currentContextCommand: CommandDefinition = {
  name: 'current-context',
  use: '[flags] [options]',
  short: 'Display the current-context',
  async run({ io, factory }) {
    const { currentContext } = factory.kubeconfig();
    if (currentContext === '') throw new Error('current-context is not set');
    io.stdout(`${currentContext}\n`);
    return 0;
  },
};

const getContexts: CommandDefinition = {
  name: 'get-contexts',
  use: '[(-o|--output=)name)] [options]',
  short: 'Describe one or many contexts',
  flags: [
    { name: 'no-headers', type: 'bool', default: 'false' },
    { name: 'output', shorthand: 'o', type: 'string' },
  ],
  async run({ io, factory }, { args, flags }) {
    const { contexts, currentContext } = factory.kubeconfig();
    const names = args.length > 0 ? [...args] : [...contexts.keys()];
    names.sort();
    const nameOnly = flags.string('output') === 'name';
    const writer = new Tabwriter(TABLE_COLUMNS);
    if (!nameOnly && !flags.bool('no-headers')) writer.write('CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n');
    const missing: string[] = [];
    for (const name of names) {
      const context = contexts.get(name);
      if (context === undefined) {
        missing.push(name);
        continue;
      }
      if (nameOnly) writer.write(`${name}\n`);
      else
        writer.write(
          `${[name === currentContext ? '*' : '', name, context.cluster ?? '', context.user ?? '', context.namespace ?? ''].join('\t')}\n`,
        );
    }
    io.stdout(writer.flush());
    if (missing.length > 0)
      throw new Error(missing.map((name) => `context ${name} not found`).join('\nerror: '));
    return 0;
  },
};

function listNames(name: string, heading: string, of: 'clusters' | 'users'): CommandDefinition {
  return {
    name,
    use: '[flags] [options]',
    short: `Display ${of} defined in the kubeconfig`,
    async run({ io, factory }) {
      io.stdout(
        [heading, ...[...factory.kubeconfig()[of].keys()].sort()].map((line) => `${line}\n`).join(''),
      );
      return 0;
    },
  };
}

const useContext: CommandDefinition = {
  name: 'use-context',
  aliases: ['use'],
  use: 'CONTEXT_NAME [options]',
  short: 'Set the current-context in a kubeconfig file',
  async run(invocation, { args, flags }) {
    const [name] = args;
    if (name === undefined || args.length > 1)
      throw usageError(invocation.commandPath, `Unexpected args: [${args.join(' ')}]`);
    if (!invocation.factory.kubeconfig().contexts.has(name)) {
      throw new Error(`no context exists with the name: ${JSON.stringify(name)}`);
    }
    writeConfig(invocation, flags, { ...readConfig(invocation, flags), 'current-context': name });
    invocation.io.stdout(`Switched to context ${JSON.stringify(name)}.\n`);
    return 0;
  },
};

const setContext: CommandDefinition = {
  name: 'set-context',
  use: '[NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace] [options]',
  short: 'Set a context entry in kubeconfig',
  flags: [{ name: 'current', type: 'bool', default: 'false' }],
  async run(invocation, { args, flags }) {
    const { io, factory, commandPath } = invocation;
    const current = flags.bool('current');
    if (args.length > 1) throw usageError(commandPath, `Unexpected args: [${args.join(' ')}]`);
    const name = args[0] ?? (current ? factory.kubeconfig().currentContext : '');
    if (name === '')
      throw usageError(
        commandPath,
        current ? 'no current context is set' : 'you must specify a non-empty context name or --current',
      );
    const config = readConfig(invocation, flags);
    const contexts = config.contexts ?? [];
    const existing = contexts.find((context) => context.name === name);
    const entry: Record<string, unknown> = { ...(existing?.context as object | undefined) };
    for (const flag of ['cluster', 'user', 'namespace'])
      if (flags.changed(flag)) entry[flag] = flags.string(flag);
    const others = contexts.filter((context) => context !== existing);
    writeConfig(invocation, flags, {
      ...config,
      contexts: [...others, { context: entry, name }].sort((a, b) => (a.name < b.name ? -1 : 1)),
    });
    io.stdout(`Context ${JSON.stringify(name)} ${existing === undefined ? 'created' : 'modified'}.\n`);
    return 0;
  },
};

const deleteContext: CommandDefinition = {
  name: 'delete-context',
  use: 'NAME [options]',
  short: 'Delete the specified context from the kubeconfig',
  async run(invocation, { args, flags }) {
    const [name] = args;
    if (name === undefined || args.length > 1)
      throw usageError(invocation.commandPath, 'unexpected args: ' + `[${args.join(' ')}]`);
    const config = readConfig(invocation, flags);
    const path = configPath(invocation, flags);
    if (!config.contexts?.some((context) => context.name === name)) {
      throw new Error(`cannot delete context ${name}, not in ${path}`);
    }
    if (config['current-context'] === name) {
      invocation.io.stderr(
        'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
      );
    }
    writeConfig(invocation, flags, {
      ...config,
      contexts: config.contexts.filter((context) => context.name !== name),
    });
    invocation.io.stdout(`deleted context ${name} from ${path}\n`);
    return 0;
  },
};

/** Models pkg/cmd/config. */
export const config: CommandDefinition = {
  name: 'config',
  use: 'SUBCOMMAND [options]',
  short: 'Modify kubeconfig files',
  subcommands: [
    currentContextCommand,
    deleteContext,
    listNames('get-clusters', 'NAME', 'clusters'),
    getContexts,
    listNames('get-users', 'NAME', 'users'),
    setContext,
    useContext,
    view,
  ],
};
