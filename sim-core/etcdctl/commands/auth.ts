import { EtcdError } from '../../etcd/clientv3/client.ts';
import { ExitError } from '../cobrautl/exit.ts';
import type { EtcdctlCommand } from '../command.ts';
import { headerJson } from '../printer/values.ts';

const ROOT = 'root';
const ROOT_ROLE_MISSING = 'etcdserver: root user does not have root role';

function noArguments(name: string, args: readonly string[]): void {
  if (args.length > 0) throw new ExitError('badArgs', `auth ${name} command does not accept any arguments`);
}

const enable: EtcdctlCommand = {
  use: 'enable',
  short: 'Enables authentication',
  async run({ args, io, client }) {
    noArguments('enable', args);
    const connection = await client();
    try {
      await connection.authEnable();
    } catch (error) {
      if (!(error instanceof EtcdError) || error.message !== ROOT_ROLE_MISSING) throw error;
      await connection.roleAdd(ROOT);
      await connection.userGrantRole(ROOT, ROOT);
      await connection.authEnable();
    }
    io.stdout('Authentication Enabled\n');
  },
};

const disable: EtcdctlCommand = {
  use: 'disable',
  short: 'Disables authentication',
  async run({ args, io, client }) {
    noArguments('disable', args);
    await (await client()).authDisable();
    io.stdout('Authentication Disabled\n');
  },
};

const status: EtcdctlCommand = {
  use: 'status',
  short: 'Returns authentication status',
  async run({ args, client, display }) {
    noArguments('status', args);
    const { header, enabled, authRevision } = await (await client()).authStatus();
    display({
      simple: `Authentication Status: ${enabled}\nAuthRevision: ${authRevision}\n`,
      json: { header: headerJson(header), enabled: enabled || undefined, authRevision },
    });
  },
};

/** Models auth_command.go. */
export const auth: EtcdctlCommand = {
  use: 'auth <enable or disable>',
  short: 'Enable or disable authentication',
  subcommands: [enable, disable, status],
};
