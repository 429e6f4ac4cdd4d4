import type { Flag } from './cobrautl/flags.ts';

const bool = (name: string, fallback: boolean, usage: string): Flag => ({
  name,
  type: 'bool',
  default: String(fallback),
  usage,
});
const string = (name: string, usage: string): Flag => ({ name, type: 'string', default: '', usage });
const duration = (name: string, fallback: string, usage: string): Flag => ({
  name,
  type: 'duration',
  default: fallback,
  usage,
});

/** Flags of all commands; each is also an environment variable. Models ctlv3/ctl.go. */
export const GLOBAL_FLAGS: readonly Flag[] = [
  { name: 'endpoints', type: 'stringSlice', default: '127.0.0.1:2379', usage: 'gRPC endpoints' },
  bool('debug', false, 'enable client-side debug logging'),
  {
    name: 'write-out',
    shorthand: 'w',
    type: 'string',
    default: 'simple',
    usage: 'set the output format (fields, json, protobuf, simple, table)',
  },
  bool('hex', false, 'print byte strings as hex encoded strings'),
  duration('dial-timeout', '2s', 'dial timeout for client connections'),
  duration('command-timeout', '5s', 'timeout for short running command (excluding dial timeout)'),
  duration('keepalive-time', '2s', 'keepalive time for client connections'),
  duration('keepalive-timeout', '6s', 'keepalive timeout for client connections'),
  {
    name: 'max-request-bytes',
    type: 'int',
    default: '0',
    usage: 'client-side request send limit in bytes (if 0, it defaults to 2.0 MiB (2 * 1024 * 1024).)',
  },
  {
    name: 'max-recv-bytes',
    type: 'int',
    default: '0',
    usage: 'client-side response receive limit in bytes (if 0, it defaults to "math.MaxInt32")',
  },
  bool('insecure-transport', true, 'disable transport security for client connections'),
  bool('insecure-discovery', true, 'accept insecure SRV records describing cluster endpoints'),
  bool(
    'insecure-skip-tls-verify',
    false,
    'skip server certificate verification (CAUTION: this option should be enabled only for testing purposes)',
  ),
  string('cert', 'identify secure client using this TLS certificate file'),
  string('key', 'identify secure client using this TLS key file'),
  string('cacert', 'verify certificates of TLS-enabled secure servers using this CA bundle'),
  string('user', 'username[:password] for authentication (prompt if password is not supplied)'),
  string(
    'password',
    "password for authentication (if this option is used, --user option shouldn't include password)",
  ),
  {
    name: 'discovery-srv',
    shorthand: 'd',
    type: 'string',
    default: '',
    usage: 'domain name to query for SRV records describing cluster endpoints',
  },
  string('discovery-srv-name', 'service name to query when using DNS discovery'),
];
