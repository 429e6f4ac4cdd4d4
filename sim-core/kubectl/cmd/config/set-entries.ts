import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import type { FlagSet } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';
import { encodeBase64 } from '../../util/base64.ts';
import { HelpError } from '../../util/errors.ts';
import { accessOf } from './access.ts';

type Fields = Record<string, unknown>;

/** Flags that name a file: its path, or with --embed-certs what it holds, goes into the entry. */
const FILE_FLAGS = ['certificate-authority', 'client-certificate', 'client-key'];
const EMBED_FLAG = { name: 'embed-certs', type: 'bool', default: 'false' } as const;

/** Models pkg/cmd/config/set_cluster.go. */
export const setCluster: CommandDefinition = {
  name: 'set-cluster',
  use: 'NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com] [options]',
  short: 'Set a cluster entry in kubeconfig',
  flags: [
    { name: 'certificate-authority', type: 'string' },
    EMBED_FLAG,
    { name: 'insecure-skip-tls-verify', type: 'bool', default: 'false' },
    { name: 'proxy-url', type: 'string' },
    { name: 'server', type: 'string' },
    { name: 'tls-server-name', type: 'string' },
  ],
  async run(invocation, { args, flags }) {
    const [name] = args;
    if (name === undefined || args.length > 1) throw new HelpError(`Unexpected args: [${args.join(' ')}]`);
    if (flags.bool('insecure-skip-tls-verify') && flags.string('certificate-authority') !== '')
      throw new Error('you cannot specify a certificate authority and insecure mode at the same time');
    const access = accessOf(invocation, flags);
    const entry: Fields = { server: '', ...access.entry('clusters', name) };
    setTexts(entry, flags, ['server', 'tls-server-name', 'proxy-url']);
    setFiles(entry, flags, invocation);
    if (flags.changed('insecure-skip-tls-verify')) {
      delete entry['insecure-skip-tls-verify'];
      if (flags.bool('insecure-skip-tls-verify')) {
        entry['insecure-skip-tls-verify'] = true;
        delete entry['certificate-authority'];
        delete entry['certificate-authority-data'];
      }
    }
    access.setEntry('clusters', name, entry);
    invocation.io.stdout(`Cluster ${JSON.stringify(name)} set.\n`);
    return 0;
  },
};

/** Models pkg/cmd/config/set_credentials.go. */
export const setCredentials: CommandDefinition = {
  name: 'set-credentials',
  use: 'NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value] [options]',
  short: 'Set a user entry in kubeconfig',
  flags: [
    { name: 'auth-provider', type: 'string' },
    { name: 'auth-provider-arg', type: 'stringSlice' },
    { name: 'client-certificate', type: 'string' },
    { name: 'client-key', type: 'string' },
    EMBED_FLAG,
    { name: 'exec-api-version', type: 'string' },
    { name: 'exec-arg', type: 'stringSlice' },
    { name: 'exec-command', type: 'string' },
    { name: 'exec-env', type: 'stringArray' },
    { name: 'exec-interactive-mode', type: 'string' },
    { name: 'exec-provide-cluster-info', type: 'bool', default: 'false' },
    { name: 'password', type: 'string' },
    { name: 'token', type: 'string' },
    { name: 'username', type: 'string' },
  ],
  async run(invocation, { args, flags }) {
    const [name] = args;
    if (name === undefined || args.length > 1) throw new HelpError(`unexpected args: [${args.join(' ')}]`);
    const methods = [
      ...(flags.string('token') === '' ? [] : ['token']),
      ...(flags.string('username') === '' && flags.string('password') === '' ? [] : ['username/password']),
    ];
    if (methods.length > 1) {
      throw new Error(
        `you cannot specify more than one authentication method at the same time: --token, --username/--password`,
      );
    }
    if (
      flags.bool('embed-certs') &&
      flags.string('client-certificate') === '' &&
      flags.string('client-key') === ''
    )
      throw new Error('you must specify a --client-certificate or --client-key to embed');
    const access = accessOf(invocation, flags);
    const entry: Fields = { ...access.entry('users', name) };
    setTexts(entry, flags, ['token', 'username', 'password']);
    setFiles(entry, flags, invocation);
    if (flags.string('token') !== '') {
      delete entry.username;
      delete entry.password;
    } else if (flags.string('username') !== '' || flags.string('password') !== '') delete entry.token;
    if (flags.changed('exec-command')) entry.exec = execOf(entry.exec as Fields | undefined, flags);
    access.setEntry('users', name, entry);
    invocation.io.stdout(`User ${JSON.stringify(name)} set.\n`);
    return 0;
  },
};

function execOf(existing: Fields | undefined, flags: FlagSet): Fields {
  const env = flags.list('exec-env').map((pair) => {
    const equals = pair.indexOf('=');
    return { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
  });
  return {
    ...existing,
    apiVersion: flags.string('exec-api-version'),
    args: flags.list('exec-arg').length > 0 ? flags.list('exec-arg') : null,
    command: flags.string('exec-command'),
    env: env.length > 0 ? env : null,
    interactiveMode: flags.string('exec-interactive-mode') || 'IfAvailable',
    provideClusterInfo: flags.bool('exec-provide-cluster-info'),
  };
}

function setTexts(entry: Fields, flags: FlagSet, names: readonly string[]): void {
  for (const name of names) {
    if (!flags.changed(name)) continue;
    if (flags.string(name) === '' && name !== 'server') delete entry[name];
    else entry[name] = flags.string(name);
  }
}

function setFiles(entry: Fields, flags: FlagSet, { environment }: Invocation): void {
  const { machine, cwd } = environment;
  for (const name of FILE_FLAGS) {
    if (!flags.has(name) || !flags.changed(name)) continue;
    const path = resolvePath(cwd, flags.string(name));
    delete entry[name];
    delete entry[`${name}-data`];
    if (!flags.bool('embed-certs')) {
      entry[name] = path;
      continue;
    }
    try {
      entry[`${name}-data`] = encodeBase64(machine.files.read(path));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const shown = flags.string(name);
      throw new Error(`could not stat ${name} file ${shown}: stat ${shown}: ${error.message.toLowerCase()}`);
    }
  }
}
