import type { Secret } from 'kubernetes-types/core/v1';
import { shortHumanDuration } from '../../../apimachinery/duration.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import { formatTime } from '../../../apimachinery/object.ts';
import { RESOURCES } from '../../../client-go/kubernetes/resources.ts';
import type { Rand } from '../../../clock/rand.ts';
import { hex } from '../../../crypto/encoding/bytes.ts';
import { digest } from '../../../crypto/keys/hash.ts';
import type { Flag } from '../../../etcdctl/cobrautl/flags.ts';
import { Tabwriter } from '../../../kubectl/printers/tabwriter.ts';
import { decodeBase64 } from '../../../kubectl/util/base64.ts';
import { KUBEADM_COLUMNS } from './certs.ts';
import { clientFromFile, kubeconfigPath } from './client.ts';
import type { KubeadmCommand, KubeadmInvocation } from './command.ts';
import { fail, group, kubeconfigFlag } from './command.ts';

const NAMESPACE = 'kube-system';
const TYPE = 'bootstrap.kubernetes.io/token';
const TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const TOKEN_ID = /^[a-z0-9]{6}$/;
const ID_PATTERN = '\\A([a-z0-9]{6})\\z';
const TOKEN_PATTERN = '\\A([a-z0-9]{6})\\.([a-z0-9]{16})\\z';
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const USAGES = ['signing', 'authentication'];
const GROUP = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

const CREATE_FLAGS: readonly Flag[] = [
  {
    name: 'description',
    type: 'string',
    default: '',
    usage: 'A human friendly description of how this token is used.',
  },
  {
    name: 'groups',
    type: 'stringSlice',
    default: 'system:bootstrappers:kubeadm:default-node-token',
    usage: `Extra groups that this token will authenticate as when used for authentication. Must match ${goQuote(GROUP.source)}`,
  },
  {
    name: 'print-join-command',
    type: 'bool',
    default: 'false',
    usage:
      "Instead of printing only the token, print the full 'kubeadm join' flag needed to join the cluster using the token.",
  },
  {
    name: 'ttl',
    type: 'duration',
    default: '24h0m0s',
    usage:
      "The duration before the token is automatically deleted (e.g. 1s, 2m, 3h). If set to '0', the token will never expire",
  },
  {
    name: 'usages',
    type: 'stringSlice',
    default: USAGES.join(','),
    usage:
      'Describes the ways in which this token can be used. You can pass --usages multiple times or provide a comma separated list of options. Valid options: [signing,authentication]',
  },
];

const create: KubeadmCommand = {
  use: 'create [token]',
  short: 'Create bootstrap tokens on the server',
  flags: CREATE_FLAGS,
  async run(invocation) {
    const { io, flags, args, rand } = invocation;
    const token = args[0] ?? newToken(rand);
    const match = TOKEN.exec(token);
    if (match === null)
      throw fail(`the bootstrap token ${goQuote(token)} was not of the form ${goQuote(TOKEN_PATTERN)}`);
    const secret = secretOf(invocation, match[1]!, match[2]!);
    const path = kubeconfigPath(invocation, flags.text('kubeconfig'));
    const { client, config } = await clientFromFile(invocation, path);
    await asked('', client.create(RESOURCES.secrets, secret, { namespace: NAMESPACE }));
    if (!flags.bool('print-join-command')) return io.stdout(`${token}\n`);
    const pins = (config.tls.rootCAs?.certificates ?? []).map(
      ({ publicKey }) => `--discovery-token-ca-cert-hash sha256:${hex(digest('sha256', publicKey.spki))} `,
    );
    io.stdout(`kubeadm join ${config.server.replace('https://', '')} --token ${token} ${pins.join('')}\n`);
  },
};

/** Models bootstraptoken.BootstrapTokenToSecret. */
function secretOf({ flags, environment }: KubeadmInvocation, id: string, secret: string) {
  const usages = flags.list('usages');
  const unknown = usages.filter((usage) => !USAGES.includes(usage));
  if (unknown.length > 0)
    throw fail(
      `invalid bootstrap token usage string: ${unknown.join(',')}, valid usage options: ${USAGES.join(',')}`,
    );
  const groups = flags.list('groups');
  const wrong = groups.find((group) => !GROUP.test(group));
  if (wrong !== undefined)
    throw fail(
      `bootstrap group ${goQuote(wrong)} is invalid (must match ${GROUP.source.replace(/^\^|\$$/g, '')})`,
    );
  const ttl = flags.duration('ttl');
  const description = flags.text('description');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `bootstrap-token-${id}`, namespace: NAMESPACE },
    type: TYPE,
    stringData: {
      'token-id': id,
      'token-secret': secret,
      ...(description !== '' && { description }),
      ...(ttl > 0 && { expiration: formatTime(environment.clock.now() + ttl) }),
      ...Object.fromEntries(usages.map((usage) => [`usage-bootstrap-${usage}`, 'true'])),
      ...(groups.length > 0 && { 'auth-extra-groups': groups.join(',') }),
    },
  };
}

const list: KubeadmCommand = {
  use: 'list',
  short: 'List bootstrap tokens on the server',
  async run(invocation) {
    const { io, environment } = invocation;
    const client = await clientOf(invocation);
    const options = { namespace: NAMESPACE, fieldSelector: `type=${TYPE}` };
    const { items } = await asked(
      'failed to list bootstrap tokens: ',
      client.list<Secret>(RESOURCES.secrets, options),
    );
    const table = new Tabwriter(KUBEADM_COLUMNS);
    const row = (cells: readonly string[]) => table.write(`${cells.join('\t')}\n`);
    row(['TOKEN', 'TTL', 'EXPIRES', 'USAGES', 'DESCRIPTION', 'EXTRA GROUPS']);
    for (const { data } of items) row(cellsOf(data ?? {}, environment.clock.now()));
    io.stdout(table.flush());
  },
};

/** Models humanReadableBootstrapToken. */
function cellsOf(data: Readonly<Record<string, string>>, now: number): string[] {
  const text = (key: string) => decodeBase64(data[key] ?? '');
  const expiration = text('expiration');
  const usages = Object.keys(data)
    .filter((key) => key.startsWith('usage-bootstrap-') && text(key) === 'true')
    .map((key) => key.slice('usage-bootstrap-'.length))
    .sort();
  return [
    `${text('token-id')}.${text('token-secret')}`,
    expiration === '' ? '<forever>' : shortHumanDuration(Date.parse(expiration) - now),
    expiration || '<never>',
    usages.join(',') || '<none>',
    text('description') || '<none>',
    text('auth-extra-groups') || '<none>',
  ];
}

const remove: KubeadmCommand = {
  use: 'delete [token-value] ...',
  short: 'Delete bootstrap tokens on the server',
  async run(invocation) {
    const { io, args } = invocation;
    if (args.length === 0)
      throw fail(`missing argument; 'token delete' is missing token of form ${goQuote(ID_PATTERN)}`);
    const client = await clientOf(invocation);
    for (const word of args) {
      const id = TOKEN_ID.test(word) ? word : TOKEN.exec(word)?.[1];
      if (id === undefined)
        throw fail(
          `given token ${goQuote(word)} didn't match pattern ${goQuote(ID_PATTERN)} or ${goQuote(TOKEN_PATTERN)}`,
        );
      const deleting = client.delete(RESOURCES.secrets, `bootstrap-token-${id}`, { namespace: NAMESPACE });
      await asked(`failed to delete bootstrap token ${goQuote(id)}: `, deleting);
      io.stdout(`bootstrap token ${goQuote(id)} deleted\n`);
    }
  },
};

const generate: KubeadmCommand = {
  use: 'generate',
  short: 'Generate and print a bootstrap token, but do not create it on the server',
  async run({ io, rand }) {
    io.stdout(`${newToken(rand)}\n`);
  },
};

async function clientOf(invocation: KubeadmInvocation) {
  const path = kubeconfigPath(invocation, invocation.flags.text('kubeconfig'));
  return (await clientFromFile(invocation, path)).client;
}

/** Ends kubeadm if the server refuses, or is not there. */
async function asked<T>(prefix: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw fail(`${prefix}${(error as Error).message}`);
  }
}

/** Models bootstraputil.GenerateBootstrapToken. */
function newToken(rand: Rand): string {
  const letters = (count: number) =>
    Array.from({ length: count }, () => ALPHABET[rand.int(ALPHABET.length)]).join('');
  return `${letters(6)}.${letters(16)}`;
}

export const token: KubeadmCommand = group(
  'token',
  'Manage bootstrap tokens',
  [create, remove, generate, list],
  { flags: [kubeconfigFlag('')] },
);
