import { goQuote } from '../../apimachinery/go-format.ts';
import { formatGoDuration } from '../../apimachinery/duration.ts';
import { EtcdError } from '../../etcd/clientv3/client.ts';
import type { HashKVResponse, StatusResponse } from '../../etcd/clientv3/maintenance.ts';
import { ExitError } from '../cobrautl/exit.ts';
import type { EtcdctlCommand, EtcdctlInvocation } from '../command.ts';
import { ConnectionTimeout } from '../connection.ts';
import type { EtcdctlClient } from '../network.ts';
import { commaLines } from '../printer/display.ts';
import { headerFields, headerJson, hexId, RawNumber, sizeText } from '../printer/values.ts';

/** What went wrong with one endpoint; anything but a refusal or a timeout is thrown on. */
function messageOf(error: unknown): string {
  if (error instanceof EtcdError || error instanceof ConnectionTimeout || error instanceof ExitError)
    return error.message;
  throw error;
}

interface Health {
  readonly endpoint: string;
  readonly health: boolean;
  readonly took: string;
  readonly error?: string;
}

const health: EtcdctlCommand = {
  use: 'health',
  short: 'Checks the healthiness of endpoints specified in `--endpoints` flag',
  async run(invocation) {
    const found = await Promise.all(
      (await invocation.clusterEndpoints()).map((one) => probe(invocation, one)),
    );
    const rows = found.map(({ endpoint, health: ok, took, error }) => [
      endpoint,
      String(ok),
      took,
      error ?? '',
    ]);
    const sick = found.filter(({ error }) => error !== undefined);
    invocation.display({
      simple: found
        .filter(({ error }) => error === undefined)
        .map(
          ({ endpoint, took }) => `${endpoint} is healthy: successfully committed proposal: took = ${took}\n`,
        )
        .join(''),
      toStderr: sick
        .map(({ endpoint, error }) => `${endpoint} is unhealthy: failed to commit proposal: ${error}\n`)
        .join(''),
      fields: found
        .map(
          ({ endpoint, health: ok, took, error }) =>
            `"Endpoint" : ${goQuote(endpoint)}\n"Health" : ${ok}\n"Took" : ${took}\n"Error" : ${error ?? ''}\n\n`,
        )
        .join(''),
      json: found,
      table: { headers: ['ENDPOINT', 'HEALTH', 'TOOK', 'ERROR'], rows },
    });
    if (sick.length > 0) throw new ExitError('error', 'unhealthy cluster');
  },
};

/** An endpoint is healthy if it answers for any key and no alarm is on. */
async function probe({ clientOf, environment }: EtcdctlInvocation, endpoint: string): Promise<Health> {
  const { clock } = environment;
  const started = clock.now();
  const took = () => formatGoDuration(clock.now() - started);
  try {
    const client = await clientOf(endpoint, 'client');
    try {
      await client.get({ key: 'health' });
    } catch (error) {
      // To refuse it the members had to agree.
      if ((error as EtcdError).code !== 'PermissionDenied') throw error;
    }
    const { alarms } = await client.alarmList();
    const names = alarms.map(({ alarm }) => `${alarm} `).join('');
    return {
      endpoint,
      health: alarms.length === 0,
      took: took(),
      ...(alarms.length > 0 && { error: `Active Alarm(s): ${names}` }),
    };
  } catch (error) {
    return { endpoint, health: false, took: took(), error: messageOf(error) };
  }
}

/** Asks every endpoint; says on stderr which failed. The exit code is that of the whole. */
async function askAll<T>(
  { clusterEndpoints, clientOf, io }: EtcdctlInvocation,
  what: string,
  ask: (client: EtcdctlClient) => Promise<T>,
): Promise<{ readonly found: { endpoint: string; response: T }[]; readonly failure: string | undefined }> {
  const found: { endpoint: string; response: T }[] = [];
  let failure: string | undefined;
  for (const endpoint of await clusterEndpoints()) {
    try {
      found.push({ endpoint, response: await ask(await clientOf(endpoint)) });
    } catch (error) {
      failure = messageOf(error);
      io.stderr(`Failed to get the ${what} of endpoint ${endpoint} (${failure})\n`);
    }
  }
  return { found, failure };
}

const STATUS_HEADERS = [
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

const status: EtcdctlCommand = {
  use: 'status',
  short: 'Prints out the status of endpoints specified in `--endpoints` flag',
  long: `When --write-out is set to simple, this command prints out comma-separated status lists for each endpoint.
The items in the lists are endpoint, ID, version, db size, is leader, is learner, raft term, raft index, raft applied index, errors.
`,
  async run(invocation) {
    const { display, style } = invocation;
    const { found, failure } = await askAll(invocation, 'status', (client) => client.status());
    const rows = found.map(({ endpoint, response }) => statusRow(endpoint, response));
    display({
      simple: commaLines(rows),
      fields: found.map(({ endpoint, response }) => statusFields(endpoint, response, style.isHex)).join(''),
      json:
        found.length === 0
          ? null
          : found.map(({ endpoint, response }) => ({ Endpoint: endpoint, Status: statusJson(response) })),
      table: { headers: STATUS_HEADERS, rows },
    });
    return failure === undefined ? 0 : 1;
  },
};

function statusRow(endpoint: string, status: StatusResponse): string[] {
  const { header, dbSize, dbSizeInUse } = status;
  return [
    endpoint,
    hexId(header.memberId),
    status.version,
    status.storageVersion,
    sizeText(dbSize),
    sizeText(dbSizeInUse),
    `${100 - Math.floor((dbSizeInUse * 100) / dbSize)}%`,
    sizeText(status.dbSizeQuota),
    String(status.leader === header.memberId),
    String(status.isLearner),
    String(status.raftTerm),
    String(status.raftIndex),
    String(status.raftAppliedIndex),
    status.errors.join(', '),
    '',
    'false',
  ];
}

function statusFields(endpoint: string, status: StatusResponse, isHex: boolean): string {
  return `${headerFields(status.header, isHex)}"Version" : ${goQuote(status.version)}
"StorageVersion" : ${goQuote(status.storageVersion)}
"DBSize" : ${status.dbSize}
"DBSizeInUse" : ${status.dbSizeInUse}
"DBSizeQuota" : ${status.dbSizeQuota}
"Leader" : ${status.leader}
"IsLearner" : ${status.isLearner}
"RaftIndex" : ${status.raftIndex}
"RaftAppliedIndex" : ${status.raftAppliedIndex}
"Errors" : [${status.errors.join(' ')}]
"Endpoint" : ${goQuote(endpoint)}
"DowngradeTargetVersion" : ""
"DowngradeEnabled" : false

`;
}

function statusJson(status: StatusResponse): object {
  return {
    header: headerJson(status.header),
    version: status.version,
    dbSize: status.dbSize,
    leader: new RawNumber(status.leader),
    raftIndex: status.raftIndex,
    raftTerm: status.raftTerm,
    raftAppliedIndex: status.raftAppliedIndex,
    errors: status.errors.length === 0 ? undefined : status.errors,
    dbSizeInUse: status.dbSizeInUse,
    isLearner: status.isLearner || undefined,
    storageVersion: status.storageVersion,
    dbSizeQuota: status.dbSizeQuota,
    downgradeInfo: {},
  };
}

const hashkv: EtcdctlCommand = {
  use: 'hashkv',
  short: 'Prints the KV history hash for each endpoint in --endpoints',
  flags: [
    { name: 'rev', type: 'int', default: '0', usage: 'maximum revision to hash (default: latest revision)' },
  ],
  async run(invocation) {
    const { display, flags, style } = invocation;
    const revision = flags.number('rev');
    const { found, failure } = await askAll(invocation, 'hash', (client) => client.hashKV(revision));
    const rows = found.map(({ endpoint, response: { hash, hashRevision } }) => [
      endpoint,
      String(hash),
      String(hashRevision),
    ]);
    display({
      simple: commaLines(rows),
      fields: found
        .map(
          ({ endpoint, response: { header, hash, hashRevision } }) =>
            `${headerFields(header, style.isHex)}"Endpoint" : ${goQuote(endpoint)}\n"Hash" : ${hash}\n"HashRevision" : ${hashRevision}\n\n`,
        )
        .join(''),
      json:
        found.length === 0
          ? null
          : found.map(({ endpoint, response }) => ({ Endpoint: endpoint, HashKV: hashJson(response) })),
      table: { headers: ['ENDPOINT', 'HASH', 'HASH REVISION'], rows },
    });
    if (failure !== undefined) throw new ExitError('error', failure);
  },
};

function hashJson({ header, hash, compactRevision, hashRevision }: HashKVResponse): object {
  return { header: headerJson(header), hash, compact_revision: compactRevision, hash_revision: hashRevision };
}

/** Models ep_command.go. */
export const endpoint: EtcdctlCommand = {
  use: 'endpoint <subcommand>',
  short: 'Endpoint related commands',
  flags: [
    {
      name: 'cluster',
      type: 'bool',
      default: 'false',
      usage: 'use all endpoints from the cluster member list',
    },
  ],
  subcommands: [health, status, hashkv],
};
