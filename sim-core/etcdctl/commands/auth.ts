import type { EtcdctlCommand } from '../command.ts';
import { headerFields, headerJson } from '../printer/values.ts';

/** Users and roles: this etcd has none, and authentication is off. */
const nothing = (short: string): EtcdctlCommand => ({
  use: 'list',
  short,
  run: async ({ client }) => void (await client()),
});

export const role: EtcdctlCommand = {
  use: 'role <subcommand>',
  short: 'Role related commands',
  subcommands: [nothing('Lists all roles')],
};

export const user: EtcdctlCommand = {
  use: 'user <subcommand>',
  short: 'User related commands',
  subcommands: [nothing('Lists all users')],
};

/** Models auth_command.go. */
export const auth: EtcdctlCommand = {
  use: 'auth <enable or disable>',
  short: 'Enable or disable authentication',
  subcommands: [
    {
      use: 'status',
      short: 'Returns authentication status',
      async run({ client, display, style }) {
        const { header } = await (await client()).memberList();
        display({
          simple: 'Authentication Status: false\nAuthRevision: 1\n',
          fields: headerFields(header, style.isHex),
          json: { header: headerJson(header), authRevision: 1 },
        });
      },
    },
  ],
};
