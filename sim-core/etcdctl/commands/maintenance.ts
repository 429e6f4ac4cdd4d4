import { EtcdError } from '../../etcd/clientv3/client.ts';
import type { AlarmResponse } from '../../etcd/clientv3/maintenance.ts';
import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { ETCD_VERSION } from '../../version.ts';
import { ExitError } from '../cobrautl/exit.ts';
import type { EtcdctlCommand } from '../command.ts';
import { ConnectionTimeout } from '../connection.ts';
import { logLine } from '../log.ts';
import type { Output } from '../printer/display.ts';
import { headerFields, headerJson, hexId, RawNumber, sizeText } from '../printer/values.ts';

export const version: EtcdctlCommand = {
  use: 'version',
  short: 'Prints the version of etcdctl',
  async run({ io }) {
    const api = ETCD_VERSION.split('.').slice(0, 2).join('.');
    io.stdout(`etcdctl version: ${ETCD_VERSION}\nAPI version: ${api}\n`);
  },
};

const ALARM_NUMBERS = { NOSPACE: 1, CORRUPT: 2 } as const;

function alarmOutput({ header, alarms }: AlarmResponse, isHex: boolean): Output {
  return {
    simple: alarms.map(({ memberId, alarm: name }) => `memberID:${memberId} alarm:${name} \n`).join(''),
    fields:
      headerFields(header, isHex) +
      alarms
        .map(
          ({ memberId, alarm: name }) =>
            `"MemberID" : ${isHex ? hexId(memberId) : memberId}\n"AlarmType" : ${name}\n\n`,
        )
        .join(''),
    json: {
      header: headerJson(header),
      alarms:
        alarms.length === 0
          ? undefined
          : alarms.map(({ memberId, alarm: name }) => ({
              memberID: new RawNumber(memberId),
              alarm: ALARM_NUMBERS[name],
            })),
    },
  };
}

/** Models alarm_command.go. */
export const alarm: EtcdctlCommand = {
  use: 'alarm <subcommand>',
  short: 'Alarm related commands',
  subcommands: [
    {
      use: 'disarm',
      short: 'Disarms all alarms',
      async run({ args, client, display, style }) {
        if (args.length > 0) throw new ExitError('badArgs', 'alarm disarm command accepts no arguments');
        display(alarmOutput(await (await client()).alarmDisarm(), style.isHex));
      },
    },
    {
      use: 'list',
      short: 'Lists all alarms',
      async run({ args, client, display, style }) {
        if (args.length > 0) throw new ExitError('badArgs', 'alarm list command accepts no arguments');
        display(alarmOutput(await (await client()).alarmList(), style.isHex));
      },
    },
  ],
};

export const defrag: EtcdctlCommand = {
  use: 'defrag',
  short: 'Defragments the storage of the etcd members with given endpoints',
  flags: [
    {
      name: 'cluster',
      type: 'bool',
      default: 'false',
      usage: 'use all endpoints from the cluster member list',
    },
  ],
  async run({ io, clusterEndpoints, clientOf }) {
    let exit = 0;
    for (const endpoint of await clusterEndpoints()) {
      try {
        await (await clientOf(endpoint)).defragment();
        io.stdout(`Finished defragmenting etcd member[${endpoint}]\n`);
      } catch (error) {
        if (!(error instanceof EtcdError) && !(error instanceof ConnectionTimeout)) throw error;
        io.stderr(`Failed to defragment etcd member[${endpoint}] (${error.message})\n`);
        exit = 1;
      }
    }
    return exit;
  },
};

const SAVE_CALLER = 'snapshot/v3_snapshot.go';
const CLIENT_CALLER = `v3@v${ETCD_VERSION}/maintenance.go`;

/** Models client/v3/snapshot SaveWithVersion. */
const save: EtcdctlCommand = {
  use: 'save <filename>',
  short: 'Stores an etcd node backend snapshot to a given file',
  async run({ args, io, endpoints, client, environment }) {
    const [path] = args;
    if (path === undefined || args.length > 1)
      throw new ExitError('badArgs', 'snapshot save expects one argument <filename>');
    const [endpoint] = endpoints;
    if (endpoint === undefined || endpoints.length > 1)
      throw new ExitError(
        'interrupted',
        `snapshot must be requested to one selected node, not multiple [${endpoints.join(' ')}]`,
      );
    const { clock, machine, cwd } = environment;
    const { files } = machine;
    const log = (caller: string, message: string, fields: object = {}) =>
      io.stderr(logLine(clock.now(), 'info', { ...fields, caller, message }));
    const part = resolvePath(cwd, `${path}.part`);
    const target = resolvePath(cwd, path);
    try {
      files.write(part, '', { mode: 0o600 });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const reason = `open ${path}.part: ${error.message.toLowerCase()}`;
      throw new ExitError('interrupted', `could not open ${path}.part (${reason})`);
    }
    log(`${SAVE_CALLER}:83`, 'created temporary db file', { path: `${path}.part` });
    try {
      const { snapshot, version: server } = await (await client()).snapshot();
      log(`${CLIENT_CALLER}:236`, 'opened snapshot stream; downloading', { logger: 'client' });
      log(`${SAVE_CALLER}:96`, 'fetching snapshot', { endpoint });
      log(`${CLIENT_CALLER}:302`, 'completed snapshot read; closing', { logger: 'client' });
      files.write(part, snapshot);
      log(`${SAVE_CALLER}:111`, 'fetched snapshot', {
        endpoint,
        size: sizeText(snapshot.length),
        took: '0s',
        'etcd-version': server,
      });
      files.rename(part, target);
      log(`${SAVE_CALLER}:121`, 'saved', { path });
      io.stdout(`Snapshot saved at ${path}\n`);
    } catch (error) {
      if (!(error instanceof EtcdError) && !(error instanceof ConnectionTimeout)) throw error;
      throw new ExitError('interrupted', error.message);
    } finally {
      if (files.exists(part)) files.remove(part);
    }
  },
};

/** Models snapshot_command.go: since 3.6, etcdutl has status and restore. */
export const snapshot: EtcdctlCommand = {
  use: 'snapshot <subcommand>',
  short: 'Manages etcd node snapshots',
  subcommands: [save],
};
