import { FileError } from '../node/file-system.ts';
import { resolvePath } from '../node/path.ts';
import { keyPair, KeyPairError } from '../crypto/tls/key-pair.ts';
import type { Pem } from '../crypto/x509/pem.ts';
import { PEM_FILE } from '../crypto/x509/pem.ts';
import type { CommandEnvironment, CommandIo } from '../shell/command.ts';
import { ExitError } from './cobrautl/exit.ts';
import type { Flags } from './cobrautl/flags.ts';
import type { EtcdDial, EtcdTls } from './network.ts';

/** No endpoint answered before --command-timeout. */
export class ConnectionTimeout extends Error {
  override readonly name = 'ConnectionTimeout';

  constructor() {
    super('context deadline exceeded');
  }
}

/** How etcdctl speaks TLS, or undefined for not at all. Models clientv3 newTLSConfig. */
export function tlsOf(flags: Flags, environment: CommandEnvironment): EtcdTls | undefined {
  const [certificate, key, authority] = ['cert', 'key', 'cacert'].map((name) => {
    const path = flags.text(name);
    if (path === '' && flags.changed(name))
      throw new ExitError('badArgs', `empty string is passed to --${name} option`);
    return path;
  }) as [string, string, string];
  const skip = flags.bool('insecure-skip-tls-verify');
  const wanted =
    certificate !== '' || key !== '' || authority !== '' || skip || !flags.bool('insecure-transport');
  if (!wanted) return undefined;
  if ((certificate === '') !== (key === '')) {
    const present = `[key: ${key}, cert: ${certificate}]`;
    throw new ExitError('badArgs', `KeyFile and CertFile must both be present${present}`);
  }
  return {
    ...(certificate !== '' && { keyPair: pairOf(read(environment, certificate), read(environment, key)) }),
    ...(authority !== '' && { rootCAs: read(environment, authority).pool }),
    ...(skip && { insecureSkipVerify: true }),
  };
}

/**
 * Who --user and --password say we are; a password that is missing comes from stdin. Without a password
 * we are nobody. Models authCfgFromCmd and clientv3 newClient.
 */
export async function userOf(flags: Flags, { stdin }: CommandIo): Promise<Pick<EtcdDial, 'user'>> {
  const given = flags.text('user');
  if (given === '') return {};
  const flag = flags.text('password');
  const colon = flag === '' ? given.indexOf(':') : -1;
  const name = colon < 0 ? given : given.slice(0, colon);
  const password = flag || (colon < 0 ? ((await stdin.readLine()) ?? '') : given.slice(colon + 1));
  return name === '' || password === '' ? {} : { user: { name, password } };
}

/**
 * The endpoint as a URL, and what TLS it is spoken to with: one without a scheme takes TLS if there is
 * any. Models client/v3/internal/endpoint.
 */
export function addressOf(endpoint: string, tls: EtcdTls | undefined): { url: string; tls: EtcdTls } {
  const url = endpoint.includes('://') ? endpoint : `${tls === undefined ? 'http' : 'https'}://${endpoint}`;
  return { url, tls: tls ?? {} };
}

function read({ machine, cwd }: CommandEnvironment, path: string): Pem {
  try {
    return machine.files.readAs(resolvePath(cwd, path), PEM_FILE);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new ExitError('badArgs', `open ${path}: ${error.message.toLowerCase()}`);
  }
}

function pairOf(certificate: Pem, key: Pem): EtcdTls['keyPair'] & object {
  try {
    return keyPair(certificate, key);
  } catch (error) {
    if (error instanceof KeyPairError) throw new ExitError('badArgs', error.message);
    throw error;
  }
}
