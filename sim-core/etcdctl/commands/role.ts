import { goQuote } from '../../apimachinery/go-format.ts';
import type { Permission } from '../../etcd/clientv3/auth.ts';
import type { KeyRange, ResponseHeader } from '../../etcd/clientv3/client.ts';
import { prefixEnd } from '../../etcd/clientv3/client.ts';
import { ExitError } from '../cobrautl/exit.ts';
import type { Flag, Flags } from '../cobrautl/flags.ts';
import type { EtcdctlCommand } from '../command.ts';
import type { Output } from '../printer/display.ts';
import type { Style } from '../printer/responses.ts';
import { headerOutput } from '../printer/responses.ts';
import { headerFields, headerJson, keyText } from '../printer/values.ts';

const badArgs = (message: string) => new ExitError('badArgs', message);
const OPEN_ENDED = '\0';
const TYPE_NUMBERS = { READ: 0, WRITE: 1, READWRITE: 2 } as const;

/** What a role may do. Models simplePrinter RoleGet and its sisters. */
export function roleOutput(
  role: string,
  { header, permissions }: { readonly header: ResponseHeader; readonly permissions: readonly Permission[] },
  { isHex }: Style,
): Output {
  const everything = '\t[, <open ended>\n';
  const lines = (type: 'READ' | 'WRITE') =>
    role === 'root' && permissions.length === 0
      ? everything
      : permissions
          .filter((permission) => permission.type === type || permission.type === 'READWRITE')
          .map(rangeLine)
          .join('');
  return {
    simple: `Role ${role}\nKV Read:\n${lines('READ')}KV Write:\n${lines('WRITE')}`,
    fields:
      headerFields(header, isHex) +
      permissions
        .map(
          ({ type, key, rangeEnd = '' }) =>
            `"PermType" :  ${type}\n"Key" : ${goQuote(key)}\n"RangeEnd" : ${goQuote(rangeEnd)}\n`,
        )
        .join(''),
    json: {
      header: headerJson(header),
      perm:
        permissions.length === 0
          ? undefined
          : permissions.map(({ type, key, rangeEnd }) => ({
              permType: TYPE_NUMBERS[type] || undefined,
              key: keyText(key),
              range_end: rangeEnd ? keyText(rangeEnd) : undefined,
            })),
    },
  };
}

function rangeLine({ key, rangeEnd = '' }: Permission): string {
  if (rangeEnd === '') return `\t${key}\n`;
  const prefix = key !== '' && prefixEnd(key) === rangeEnd ? ` (prefix ${key})` : '';
  return `\t[${key}, ${rangeEnd === OPEN_ENDED ? '<open ended>' : `${rangeEnd})`}${prefix}\n`;
}

const rangeFlags = (verb: string): readonly Flag[] => [
  { name: 'prefix', type: 'bool', default: 'false', usage: `${verb} a prefix permission` },
  {
    name: 'from-key',
    type: 'bool',
    default: 'false',
    usage: `${verb} a permission of keys that are greater than or equal to the given key using byte compare`,
  },
];

/** Models permRange. */
function rangeOf([key = '', end]: readonly string[], flags: Flags): KeyRange {
  const [prefix, fromKey] = [flags.bool('prefix'), flags.bool('from-key')];
  if (prefix && fromKey && (key === '' || end === undefined))
    throw badArgs('--from-key and --prefix flags are mutually exclusive');
  if (key === '') return { key: '\0', ...((prefix || fromKey) && { rangeEnd: OPEN_ENDED }) };
  if (end !== undefined) {
    if (prefix) throw badArgs('unexpected endkey argument with --prefix flag');
    if (fromKey) throw badArgs('unexpected endkey argument with --from-key flag');
    return { key, rangeEnd: end };
  }
  if (prefix) return { key, rangeEnd: prefixEnd(key) };
  return fromKey ? { key, rangeEnd: OPEN_ENDED } : { key };
}

const add: EtcdctlCommand = {
  use: 'add <role name>',
  short: 'Adds a new role',
  async run({ args, style, client, display }) {
    const [name] = args;
    if (name === undefined || args.length > 1)
      throw badArgs('role add command requires role name as its argument');
    const { header } = await (await client()).roleAdd(name);
    display(headerOutput(`Role ${name} created\n`, header, style));
  },
};

const remove: EtcdctlCommand = {
  use: 'delete <role name>',
  short: 'Deletes a role',
  async run({ args, style, client, display }) {
    const [name] = args;
    if (name === undefined || args.length > 1)
      throw badArgs('role delete command requires role name as its argument');
    const { header } = await (await client()).roleDelete(name);
    display(headerOutput(`Role ${name} deleted\n`, header, style));
  },
};

const get: EtcdctlCommand = {
  use: 'get <role name>',
  short: 'Gets detailed information of a role',
  async run({ args, style, client, display }) {
    const [name] = args;
    if (name === undefined || args.length > 1)
      throw badArgs('role get command requires role name as its argument');
    display(roleOutput(name, await (await client()).roleGet(name), style));
  },
};

const list: EtcdctlCommand = {
  use: 'list',
  short: 'Lists all roles',
  async run({ args, style, client, display }) {
    if (args.length > 0) throw badArgs('role list command requires no arguments');
    const { header, roles } = await (await client()).roleList();
    display({
      simple: roles.map((role) => `${role}\n`).join(''),
      fields: `${headerFields(header, style.isHex)}"Roles" :${roles.map((role) => ` ${goQuote(role)}`).join('')}\n`,
      json: { header: headerJson(header), roles: roles.length === 0 ? undefined : roles },
    });
  },
};

const grantPermission: EtcdctlCommand = {
  use: 'grant-permission [options] <role name> <permission type> <key> [endkey]',
  short: 'Grants a key to a role',
  flags: rangeFlags('grant'),
  async run({ args, flags, style, client, display }) {
    const [name, typeText = '', ...range] = args;
    if (name === undefined || range.length === 0)
      throw badArgs(
        'role grant command requires role name, permission type, and key [endkey] as its argument',
      );
    const type = typeText.toUpperCase();
    if (!Object.hasOwn(TYPE_NUMBERS, type)) throw badArgs(`invalid permission type: ${typeText}`);
    const permission = { type: type as Permission['type'], ...rangeOf(range, flags) };
    const { header } = await (await client()).roleGrantPermission(name, permission);
    display(headerOutput(`Role ${name} updated\n`, header, style));
  },
};

const revokePermission: EtcdctlCommand = {
  use: 'revoke-permission <role name> <key> [endkey]',
  short: 'Revokes a key from a role',
  flags: rangeFlags('revoke'),
  async run({ args, flags, style, client, display }) {
    const [name, ...keys] = args;
    if (name === undefined || keys.length === 0)
      throw badArgs('role revoke-permission command requires role name and key [endkey] as its argument');
    const range = rangeOf(keys, flags);
    const { header } = await (await client()).roleRevokePermission(name, range);
    const { rangeEnd = '' } = range;
    const what =
      rangeEnd === ''
        ? `key ${keys[0]}`
        : `range [${keys[0]}, ${rangeEnd === OPEN_ENDED ? '<open ended>' : `${rangeEnd})`}`;
    display(headerOutput(`Permission of ${what} is revoked from role ${name}\n`, header, style));
  },
};

/** Models role_command.go. */
export const role: EtcdctlCommand = {
  use: 'role <subcommand>',
  short: 'Role related commands',
  subcommands: [add, remove, get, list, grantPermission, revokePermission],
};
