import type { ResponseHeader } from '../../etcd/clientv3/client.ts';
import { ExitError } from '../cobrautl/exit.ts';
import type { Flag } from '../cobrautl/flags.ts';
import type { EtcdctlCommand, EtcdctlInvocation } from '../command.ts';
import type { EtcdctlClient } from '../network.ts';
import { headerOutput } from '../printer/responses.ts';
import { headerJson } from '../printer/values.ts';
import { roleOutput } from './role.ts';

const badArgs = (message: string) => new ExitError('badArgs', message);

const interactive: Flag = {
  name: 'interactive',
  type: 'bool',
  default: 'true',
  usage: 'Read password from stdin instead of interactive terminal',
};

/** A password from stdin: one line, or the same one twice where it is typed in. */
async function readPassword({ io, flags }: EtcdctlInvocation): Promise<string> {
  const [first = '', second] = (await io.stdin.readAll()).split('\n');
  if (!flags.bool('interactive')) return first.trim();
  if (first === '') throw badArgs('empty password');
  if (first !== second) throw badArgs('given passwords are different');
  return first;
}

/** Name and password of a new user, as they were given. */
async function newUser(
  invocation: EtcdctlInvocation,
): Promise<{ readonly name: string; readonly password: string }> {
  const { args, flags } = invocation;
  const [name = ''] = args;
  if (flags.bool('no-password')) return { name, password: '' };
  const given = flags.text('new-user-password');
  if (given !== '') return { name, password: given };
  const colon = name.indexOf(':');
  if (colon < 0) return { name, password: await readPassword(invocation) };
  if (colon === 0) throw badArgs('empty user name is not allowed');
  return { name: name.slice(0, colon), password: name.slice(colon + 1) };
}

const add: EtcdctlCommand = {
  use: 'add <user name or user:password> [options]',
  short: 'Adds a new user',
  flags: [
    interactive,
    {
      name: 'new-user-password',
      type: 'string',
      default: '',
      usage: 'Supply password from the command line flag',
    },
    {
      name: 'no-password',
      type: 'bool',
      default: 'false',
      usage: 'Create a user without password (CN based auth only)',
    },
  ],
  async run(invocation) {
    const { args, flags, style, client, display } = invocation;
    if (args.length !== 1) throw badArgs('user add command requires user name as its argument');
    const { name, password } = await newUser(invocation);
    const connection = await client();
    const { header } = await connection.userAdd(name, password, { noPassword: flags.bool('no-password') });
    display(headerOutput(`User ${name} created\n`, header, style));
  },
};

const passwd: EtcdctlCommand = {
  use: 'passwd <user name> [options]',
  short: 'Changes password of user',
  flags: [{ ...interactive, usage: 'If true, read password from stdin instead of interactive terminal' }],
  async run(invocation) {
    const { args, style, client, display } = invocation;
    const [name] = args;
    if (name === undefined || args.length > 1)
      throw badArgs('user passwd command requires user name as its argument');
    const password = await readPassword(invocation);
    const { header } = await (await client()).userChangePassword(name, password);
    display(headerOutput('Password updated\n', header, style));
  },
};

const get: EtcdctlCommand = {
  use: 'get <user name> [options]',
  short: 'Gets detailed information of a user',
  flags: [
    {
      name: 'detail',
      type: 'bool',
      default: 'false',
      usage: 'Show permissions of roles granted to the user',
    },
  ],
  async run({ args, flags, io, client, display, style }) {
    const [name] = args;
    if (name === undefined || args.length > 1)
      throw badArgs('user get command requires user name as its argument');
    const connection = await client();
    const { header, roles } = await connection.userGet(name);
    if (!flags.bool('detail')) {
      display({
        simple: `User: ${name}\nRoles:${roles.map((role) => ` ${role}`).join('')}\n`,
        json: { header: headerJson(header), roles: roles.length === 0 ? undefined : roles },
      });
      return;
    }
    io.stdout(`User: ${name}\n`);
    for (const role of roles) {
      io.stdout('\n');
      display(roleOutput(role, await connection.roleGet(role), style));
    }
  },
};

const list: EtcdctlCommand = {
  use: 'list',
  short: 'Lists all users',
  async run({ args, client, display }) {
    if (args.length > 0) throw badArgs('user list command requires no arguments');
    const { header, users } = await (await client()).userList();
    display({
      simple: users.map((user) => `${user}\n`).join(''),
      json: { header: headerJson(header), users: users.length === 0 ? undefined : users },
    });
  },
};

/** A command that does something to a user and says so. */
function change(
  use: string,
  short: string,
  complaint: string,
  count: number,
  act: (client: EtcdctlClient, args: readonly string[]) => Promise<{ header: ResponseHeader }>,
  said: (args: readonly string[]) => string,
): EtcdctlCommand {
  return {
    use,
    short,
    async run({ args, style, client, display }) {
      if (args.length !== count) throw badArgs(complaint);
      const { header } = await act(await client(), args);
      display(headerOutput(`${said(args)}\n`, header, style));
    },
  };
}

/** Models user_command.go. */
export const user: EtcdctlCommand = {
  use: 'user <subcommand>',
  short: 'User related commands',
  subcommands: [
    add,
    change(
      'delete <user name>',
      'Deletes a user',
      'user delete command requires user name as its argument',
      1,
      (client, [name]) => client.userDelete(name!),
      ([name]) => `User ${name} deleted`,
    ),
    get,
    list,
    passwd,
    change(
      'grant-role <user name> <role name>',
      'Grants a role to a user',
      'user grant command requires user name and role name as its argument',
      2,
      (client, [name, role]) => client.userGrantRole(name!, role!),
      ([name, role]) => `Role ${role} is granted to user ${name}`,
    ),
    change(
      'revoke-role <user name> <role name>',
      'Revokes a role from a user',
      'user revoke-role requires user name and role name as its argument',
      2,
      (client, [name, role]) => client.userRevokeRole(name!, role!),
      ([name, role]) => `Role ${role} is revoked from user ${name}`,
    ),
  ],
};
