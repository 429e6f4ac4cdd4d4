import { bootstrapIdentity } from '../../etcd/server/member.ts';
import {
  bumpRevision,
  hasChecksum,
  snapshotStatus,
  withChecksum,
  withoutChecksum,
} from '../../etcd/server/snapshot.ts';
import { ExitError } from '../../etcdctl/cobrautl/exit.ts';
import type { Flags } from '../../etcdctl/cobrautl/flags.ts';
import { hexId } from '../../etcdctl/printer/values.ts';
import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { EtcdutlCommand } from '../command.ts';
import { EtcdDatabase, writeDataDirectory } from '../data-directory.ts';
import { readText } from '../files.ts';

const DEFAULT_NAME = 'default';
const DEFAULT_PEER_URLS = 'http://localhost:2380';
const MMAP_BYTES = '10737418240';

/** Makes a data directory from a snapshot. Models etcdutl/snapshot v3Manager.Restore. */
export const restore: EtcdutlCommand = {
  use: 'restore <filename> --data-dir {output dir} [options]',
  short: 'Restores an etcd member snapshot to an etcd directory',
  flags: [
    { name: 'data-dir', type: 'string', default: '', usage: 'Path to the output data directory' },
    {
      name: 'wal-dir',
      type: 'string',
      default: '',
      usage: 'Path to the WAL directory (use --data-dir if none given)',
    },
    {
      name: 'initial-cluster',
      type: 'string',
      default: `${DEFAULT_NAME}=${DEFAULT_PEER_URLS}`,
      usage: 'Initial cluster configuration for restore bootstrap',
    },
    {
      name: 'initial-cluster-token',
      type: 'string',
      default: 'etcd-cluster',
      usage: 'Initial cluster token for the etcd cluster during restore bootstrap',
    },
    {
      name: 'initial-advertise-peer-urls',
      type: 'string',
      default: DEFAULT_PEER_URLS,
      usage: "List of this member's peer URLs to advertise to the rest of the cluster",
    },
    { name: 'name', type: 'string', default: DEFAULT_NAME, usage: 'Human-readable name for this member' },
    {
      name: 'skip-hash-check',
      type: 'bool',
      default: 'false',
      usage: 'Ignore snapshot integrity hash value (required if copied from data directory)',
    },
    {
      name: 'initial-memory-map-size',
      type: 'uint',
      default: MMAP_BYTES,
      usage:
        'Initial memory map size of the database in bytes. It uses the default value if not defined or defined to 0',
    },
    {
      name: 'bump-revision',
      type: 'uint',
      default: '0',
      usage: 'How much to increase the latest revision after restore',
    },
    {
      name: 'mark-compacted',
      type: 'bool',
      default: 'false',
      usage:
        'Mark the latest revision after restore as the point of scheduled compaction (required if --bump-revision > 0, disallowed otherwise)',
    },
  ],
  async run({ args, flags, io, environment }) {
    const [path] = args;
    if (path === undefined || args.length > 1)
      throw new ExitError('badArgs', 'snapshot restore requires exactly one argument');
    const bump = flags.number('bump-revision');
    if (bump > 0 !== flags.bool('mark-compacted'))
      throw new ExitError('badArgs', '--mark-compacted required if --revision-bump > 0');
    const peerUrls = peerUrlsOf(flags);
    const directory = flags.text('data-dir') || `${flags.text('name')}.etcd`;
    const { machine, cwd, clock } = environment;
    const target = resolvePath(cwd, directory);
    if (machine.files.exists(target) && !isEmpty(() => machine.files.list(target)))
      throw new ExitError('error', `data-dir ${JSON.stringify(directory)} not empty or could not be read`);
    const fields = {
      path,
      'wal-dir': flags.text('wal-dir') || `${directory}/member/wal`,
      'data-dir': directory,
      'snap-dir': `${directory}/member/snap`,
      'initial-memory-map-size': flags.number('initial-memory-map-size'),
    };
    const log = (caller: string, message: string, what: object) =>
      io.stderr(consoleLine(clock.now(), caller, message, what));
    log('snapshot/v3_snapshot.go:305', 'restoring snapshot', fields);
    const snapshot = checked(readText(environment, path, 'open'), flags.bool('skip-hash-check'));
    const membership = { peerUrls, clusterToken: flags.text('initial-cluster-token') };
    const { clusterId, memberId } = bootstrapIdentity(peerUrls, membership.clusterToken);
    const database = EtcdDatabase.ofText(withoutChecksum(bump > 0 ? bumpRevision(snapshot, bump) : snapshot));
    writeDataDirectory(machine.files, target, membership, database);
    log('membership/cluster.go:424', 'added member', {
      'cluster-id': hexId(clusterId),
      'local-member-id': '0',
      'added-peer-id': hexId(memberId),
      'added-peer-peer-urls': peerUrls,
      'added-peer-is-learner': false,
    });
    log('snapshot/v3_snapshot.go:333', 'restored snapshot', fields);
  },
};

/** This member's addresses, which --initial-cluster must have too. Models ServerConfig.VerifyBootstrap. */
function peerUrlsOf(flags: Flags): string[] {
  const name = flags.text('name');
  const advertised = flags.list('initial-advertise-peer-urls');
  const members = flags.list('initial-cluster').map((entry) => entry.split('=') as [string, string?]);
  const own = members.filter(([member]) => member === name).map(([, url]) => url ?? '');
  if (own.length === 0)
    throw new ExitError(
      'error',
      `couldn't find local name ${JSON.stringify(name)} in the initial cluster configuration`,
    );
  const missing = own.filter((url) => !advertised.includes(url));
  if (missing.length > 0)
    throw new ExitError(
      'error',
      `--initial-cluster has ${missing.map((url) => `${name}=${url}`).join(',')} but missing from --initial-advertise-peer-urls=${advertised.join(',')}`,
    );
  return advertised;
}

function isEmpty(list: () => readonly string[]): boolean {
  try {
    return list().length === 0;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

/** The snapshot with its checksum; refused if that is missing or wrong. Models copyAndVerifyDB. */
function checked(text: string, skip: boolean): string {
  try {
    if (!hasChecksum(text) && !skip) throw new Error('snapshot missing hash but --skip-hash-check=false');
    const snapshot =
      hasChecksum(text) && !skip ? text : withChecksum(hasChecksum(text) ? withoutChecksum(text) : text);
    snapshotStatus(snapshot);
    return snapshot;
  } catch (error) {
    throw new ExitError('error', (error as Error).message);
  }
}

/** A line of zap's console encoder. */
function consoleLine(now: number, caller: string, message: string, fields: object): string {
  const time = `${new Date(now).toISOString().slice(0, 19)}Z`;
  const text = Object.entries(fields).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `${time}\tinfo\t${caller}\t${message}\t{${text.join(', ')}}\n`;
}
