import { KeyPairError, keyPair } from '../../../crypto/tls/key-pair.ts';
import { Pem } from '../../../crypto/x509/pem.ts';
import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import type { Invocation } from '../../invocation.ts';
import { encodeBase64 } from '../../util/base64.ts';
import { createSubcommand, type Creator } from './create.ts';
import { keyValueSources, SOURCE_FLAGS, withHash } from './key-values.ts';
import { MAPPINGS } from './mappings.ts';

function secretObject(name: string, data: Readonly<Record<string, string>>, type: string) {
  const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encodeBase64(value)]));
  return {
    apiVersion: 'v1',
    ...(Object.keys(encoded).length > 0 && { data: encoded }),
    kind: 'Secret',
    metadata: { name },
    ...(type !== '' && { type }),
  };
}

const generic: Creator = {
  name: 'generic',
  use: 'NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none] [options]',
  short: 'Create a secret from a local file, directory, or literal value',
  failure: 'failed to create secret ',
  mapping: MAPPINGS.secret,
  flags: [...SOURCE_FLAGS, { name: 'type', type: 'string' }],
  build(name, parsed, invocation) {
    const data = keyValueSources(name, parsed, invocation, 'Secret');
    return withHash(secretObject(name, data, parsed.flags.string('type')), parsed.flags, invocation);
  },
};

const tls: Creator = {
  name: 'tls',
  use: 'NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none] [options]',
  short: 'Create a TLS secret',
  failure: 'failed to create secret ',
  mapping: MAPPINGS.secret,
  flags: [
    { name: 'append-hash', type: 'bool', default: 'false' },
    { name: 'cert', type: 'string' },
    { name: 'key', type: 'string' },
  ],
  build(name, { flags }, invocation) {
    if (flags.string('key') === '' || flags.string('cert') === '')
      throw new Error('key and cert must be specified');
    const data = {
      'tls.crt': readFile(invocation, flags.string('cert')),
      'tls.key': readFile(invocation, flags.string('key')),
    };
    checkKeyPair(data['tls.crt'], data['tls.key']);
    return withHash(secretObject(name, data, 'kubernetes.io/tls'), flags, invocation);
  },
};

const dockerRegistry: Creator = {
  name: 'docker-registry',
  use: 'NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none] [options]',
  short: 'Create a secret for use with a Docker registry',
  failure: 'failed to create secret ',
  mapping: MAPPINGS.secret,
  flags: [
    { name: 'append-hash', type: 'bool', default: 'false' },
    { name: 'docker-email', type: 'string' },
    { name: 'docker-password', type: 'string' },
    { name: 'docker-server', type: 'string', default: 'https://index.docker.io/v1/' },
    { name: 'docker-username', type: 'string' },
    { name: 'from-file', type: 'stringSlice' },
  ],
  build(name, parsed, invocation) {
    const { flags } = parsed;
    const type = 'kubernetes.io/dockerconfigjson';
    const [file] = flags.list('from-file');
    if (file !== undefined) {
      const data = { '.dockerconfigjson': readFile(invocation, file.slice(file.indexOf('=') + 1)) };
      return withHash(secretObject(name, data, type), flags, invocation);
    }
    const [username, password, email] = ['username', 'password', 'email'].map((key) =>
      flags.string(`docker-${key}`),
    );
    if (username === '' || password === '') {
      throw new Error(
        'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
      );
    }
    const auth = encodeBase64(`${username}:${password}`);
    const entry = { username, password, ...(email !== '' && { email }), auth };
    const config = JSON.stringify({ auths: { [flags.string('docker-server')]: entry } });
    return withHash(secretObject(name, { '.dockerconfigjson': config }, type), flags, invocation);
  },
};

/** What can be told of a certificate and its key without their arithmetic: keys of other kinds than ours are taken as they are. */
function checkKeyPair(certificate: string, key: string): void {
  try {
    keyPair(Pem.ofText(certificate), Pem.ofText(key));
  } catch (error) {
    if (!(error instanceof KeyPairError)) throw error;
    if (/failed to find|did find|found a certificate|does not match public key$/.test(error.message))
      throw error;
  }
}

function readFile({ environment }: Invocation, path: string): string {
  try {
    return environment.machine.files.read(resolvePath(environment.cwd, path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new Error(`Cannot read file ${path}, open ${path}: ${error.message.toLowerCase()}`);
  }
}

export const secret: CommandDefinition = {
  name: 'secret',
  use: '(docker-registry | generic | tls) [options]',
  short: 'Create a secret using a specified subcommand',
  helpTo: 'stderr',
  subcommands: [dockerRegistry, generic, tls].map(createSubcommand),
};
