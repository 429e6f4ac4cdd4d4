import type { SnapshotStatus } from '../../etcd/server/snapshot.ts';
import { snapshotStatus } from '../../etcd/server/snapshot.ts';
import { ExitError } from '../../etcdctl/cobrautl/exit.ts';
import { commaLines } from '../../etcdctl/printer/display.ts';
import { sizeText } from '../../etcdctl/printer/values.ts';
import { ETCD_VERSION } from '../../version.ts';
import type { EtcdutlCommand } from '../command.ts';
import { readText } from '../files.ts';

const STORAGE_VERSION = `${ETCD_VERSION.split('.').slice(0, 2).join('.')}.0`;

/** Models etcdutl snapshot status. */
export const status: EtcdutlCommand = {
  use: 'status <filename>',
  short: 'Gets backend snapshot status of a given file',
  long: `When --write-out is set to simple, this command prints out comma-separated status lists for each endpoint.
The items in the lists are hash, revision, total keys, total size.
`,
  async run({ args, environment, display }) {
    const [path] = args;
    if (path === undefined || args.length > 1)
      throw new ExitError('badArgs', 'snapshot status requires exactly one argument');
    const found = statusOf(readText(environment, path));
    const { hash, revision, totalKey, totalSize } = found;
    const row = [hash.toString(16), String(revision), String(totalKey), sizeText(totalSize), STORAGE_VERSION];
    display({
      simple: commaLines([row]),
      fields: `"Hash" : ${hash}\n"Revision" : ${revision}\n"Keys" : ${totalKey}\n"Size" : ${totalSize}\n"Version" : ${STORAGE_VERSION}\n`,
      json: { ...found, version: STORAGE_VERSION },
      table: {
        headers: ['HASH', 'REVISION', 'TOTAL KEYS', 'TOTAL SIZE', 'VERSION'],
        rows: [row],
        align: 'right',
      },
    });
  },
};

function statusOf(text: string): SnapshotStatus {
  try {
    return snapshotStatus(text);
  } catch (error) {
    throw new ExitError('error', (error as Error).message);
  }
}
