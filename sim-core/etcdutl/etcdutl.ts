import type { CliProgram } from '../etcdctl/cobrautl/command.ts';
import { etcdWays, execute } from '../etcdctl/cobrautl/command.ts';
import { ExitError } from '../etcdctl/cobrautl/exit.ts';
import { usageText } from '../etcdctl/cobrautl/usage.ts';
import { display, formatOf } from '../etcdctl/printer/display.ts';
import { resolvePath } from '../node/path.ts';
import type { Command } from '../shell/command.ts';
import { ETCD_VERSION } from '../version.ts';
import type { EtcdutlCommand, EtcdutlInvocation } from './command.ts';
import { hashkv } from './commands/hashkv.ts';
import { restore } from './commands/restore.ts';
import { status } from './commands/status.ts';
import { databaseOf } from './data-directory.ts';
import { readText } from './files.ts';

const API_VERSION = ETCD_VERSION.split('.').slice(0, 2).join('.');

const version: EtcdutlCommand = {
  use: 'version',
  short: 'Prints the version of etcdutl',
  async run({ io }) {
    io.stdout(`etcdutl version: ${ETCD_VERSION}\nAPI version: ${API_VERSION}\n`);
  },
};

/** The files here carry no holes: there is nothing to give back, but a directory must be there. */
const defrag: EtcdutlCommand = {
  use: 'defrag',
  short: 'Defragments the storage of the etcd',
  flags: [
    {
      name: 'data-dir',
      type: 'string',
      default: '',
      usage: 'Required. Defragments a data directory not in use by etcd.',
      required: true,
    },
  ],
  async run({ flags, environment }) {
    const directory = flags.text('data-dir');
    try {
      readText(environment, databaseOf(resolvePath(environment.cwd, directory)));
    } catch (error) {
      if (!(error instanceof ExitError)) throw error;
      throw new ExitError('error', `Failed to defragment etcd data[${directory}] (${error.message})`);
    }
  },
};

const PROGRAM: CliProgram<EtcdutlInvocation> = {
  use: 'etcdutl',
  short: 'An administrative command line tool for etcd3.',
  version: ETCD_VERSION,
  apiVersion: API_VERSION,
  ...etcdWays('etcdutl', usageText, 'stderr'),
  flags: [
    {
      name: 'write-out',
      shorthand: 'w',
      type: 'string',
      default: 'simple',
      usage: 'set the output format (fields, json, protobuf, simple, table)',
    },
  ],
  subcommands: [
    defrag,
    { use: 'snapshot <subcommand>', short: 'Manages etcd node snapshots', subcommands: [restore, status] },
    hashkv,
    version,
  ],
};

/** etcdutl as a program of the lab's shell. Models etcdutl. */
export function createEtcdutl(): Command {
  return {
    name: 'etcdutl',
    run: (args, io, environment) =>
      execute(PROGRAM, args, io, (flags, rest) => {
        const format = formatOf(flags.text('write-out'));
        return {
          io,
          environment,
          flags,
          args: rest,
          display: (output) => display(io, format, output),
        };
      }),
  };
}
