import { resolvePath } from '../../node/path.ts';
import { ETCD_VERSION } from '../../version.ts';
import type { EtcdctlCommand } from '../command.ts';
import { UsageError } from '../flags.ts';
import { headerJson, json, RawNumber, sizeText, table } from '../printer.ts';

const hex = (id: string) => BigInt(id).toString(16);

export const version: EtcdctlCommand = {
  name: 'version',
  async run({ io }) {
    io.stdout(
      `etcdctl version: ${ETCD_VERSION}\nAPI version: ${ETCD_VERSION.split('.').slice(0, 2).join('.')}\n`,
    );
  },
};

export const health: EtcdctlCommand = {
  name: 'endpoint health',
  flags: { cluster: { value: false } },
  async run({ io, endpoints, clientOf, format }) {
    let exit = 0;
    const rows: { endpoint: string; health: boolean; took: string; error?: string }[] = [];
    for (const endpoint of endpoints) {
      try {
        await (await clientOf(endpoint)).get({ key: 'health' });
        rows.push({ endpoint, health: true, took: '0s' });
      } catch (error) {
        rows.push({ endpoint, health: false, took: '', error: (error as Error).message });
        exit = 1;
      }
    }
    if (format === 'json') io.stdout(`${json(rows)}\n`);
    else if (format === 'table') {
      io.stdout(
        table(
          ['ENDPOINT', 'HEALTH', 'TOOK', 'ERROR'],
          rows.map(({ endpoint, health: ok, took, error = '' }) => [endpoint, String(ok), took, error]),
        ),
      );
    } else {
      for (const { endpoint, took, error } of rows) {
        if (error === undefined)
          io.stdout(`${endpoint} is healthy: successfully committed proposal: took = ${took}\n`);
        else io.stderr(`${endpoint} is unhealthy: failed to commit proposal: ${error}\n`);
      }
    }
    if (exit !== 0) throw new UsageError('unhealthy cluster', exit);
  },
};

export const status: EtcdctlCommand = {
  name: 'endpoint status',
  flags: { cluster: { value: false } },
  async run({ io, endpoints, clientOf, format }) {
    const found = await Promise.all(
      endpoints.map(async (endpoint) => ({ endpoint, status: await (await clientOf(endpoint)).status() })),
    );
    if (format === 'json') {
      const list = found.map(({ endpoint, status: one }) => ({
        Endpoint: endpoint,
        Status: {
          header: headerJson(one.header),
          version: one.version,
          dbSize: one.dbSize,
          leader: new RawNumber(one.leader),
          raftIndex: one.raftIndex,
          raftTerm: one.raftTerm,
          raftAppliedIndex: one.raftAppliedIndex,
          dbSizeInUse: one.dbSizeInUse,
          storageVersion: one.storageVersion,
          dbSizeQuota: one.dbSizeQuota,
        },
      }));
      io.stdout(`${json(list)}\n`);
      return;
    }
    const rows = found.map(({ endpoint, status: one }) => [
      endpoint,
      hex(one.header.memberId),
      one.version,
      one.storageVersion,
      sizeText(one.dbSize),
      sizeText(one.dbSizeInUse),
      `${Math.round((1 - one.dbSizeInUse / Math.max(1, one.dbSize)) * 100)}%`,
      sizeText(one.dbSizeQuota),
      String(one.leader === one.header.memberId),
      String(one.isLearner),
      String(one.raftTerm),
      String(one.raftIndex),
      String(one.raftAppliedIndex),
      one.errors.join(', '),
      '',
      'false',
    ]);
    const headers = [
      'ENDPOINT',
      'ID',
      'VERSION',
      'STORAGE VERSION',
      'DB SIZE',
      'IN USE',
      'PERCENTAGE NOT IN USE',
      'QUOTA',
      'IS LEADER',
      'IS LEARNER',
      'RAFT TERM',
      'RAFT INDEX',
      'RAFT APPLIED INDEX',
      'ERRORS',
      'DOWNGRADE TARGET VERSION',
      'DOWNGRADE ENABLED',
    ];
    io.stdout(format === 'table' ? table(headers, rows) : rows.map((row) => `${row.join(', ')}\n`).join(''));
  },
};

export const memberList: EtcdctlCommand = {
  name: 'member list',
  flags: { consistency: { value: true }, hex: { value: false } },
  async run({ io, client, format }) {
    const { header, members } = await (await client()).memberList();
    if (format === 'json') {
      const list = members.map(({ id, name, peerUrls, clientUrls }) => ({
        ID: new RawNumber(id),
        name,
        peerURLs: peerUrls,
        clientURLs: clientUrls,
      }));
      io.stdout(`${json({ header: headerJson(header), members: list })}\n`);
      return;
    }
    const rows = members.map(({ id, name, peerUrls, clientUrls, isLearner }) => [
      hex(id),
      'started',
      name,
      peerUrls.join(','),
      clientUrls.join(','),
      String(isLearner),
    ]);
    const headers = ['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'];
    io.stdout(format === 'table' ? table(headers, rows) : rows.map((row) => `${row.join(', ')}\n`).join(''));
  },
};

export const alarmList: EtcdctlCommand = {
  name: 'alarm list',
  async run({ io, client }) {
    for (const { memberId, alarm } of (await (await client()).alarmList()).alarms)
      io.stdout(`memberID:${memberId} alarm:${alarm} \n`);
  },
};

export const alarmDisarm: EtcdctlCommand = {
  name: 'alarm disarm',
  async run({ io, client }) {
    for (const { memberId, alarm } of (await (await client()).alarmDisarm()).alarms)
      io.stdout(`memberID:${memberId} alarm:${alarm} \n`);
  },
};

export const defrag: EtcdctlCommand = {
  name: 'defrag',
  flags: { cluster: { value: false } },
  async run({ io, endpoints, clientOf }) {
    for (const endpoint of endpoints) {
      await (await clientOf(endpoint)).defragment();
      io.stdout(`Finished defragmenting etcd member[${endpoint}]\n`);
    }
  },
};

export const snapshotSave: EtcdctlCommand = {
  name: 'snapshot save',
  async run({ flags, io, client, environment }) {
    const [path, ...more] = flags.args;
    if (path === undefined || more.length > 0) throw new UsageError('snapshot save expects one argument');
    const { snapshot } = await (await client()).snapshot();
    const { files } = environment.machine;
    files.write(resolvePath(environment.cwd, path), snapshot, { mode: 0o600 });
    io.stdout(`Snapshot saved at ${path}\n`);
  },
};

/** Users and roles: this etcd has none, and authentication is off. */
const nothing = (name: string): EtcdctlCommand => ({
  name,
  run: async ({ client }) => void (await client()),
});
export const roleList = nothing('role list');
export const userList = nothing('user list');

export const authStatus: EtcdctlCommand = {
  name: 'auth status',
  async run({ io, client }) {
    await client();
    io.stdout('Authentication Status: false\nAuthRevision: 1\n');
  },
};
