import { Rand } from '../../clock/rand.ts';
import { EtcdError } from '../../etcd/clientv3/client.ts';
import { EtcdServer } from '../../etcd/server/etcd-server.ts';
import { hasChecksum, withChecksum } from '../../etcd/server/snapshot.ts';
import { ExitError } from '../../etcdctl/cobrautl/exit.ts';
import { FlagError } from '../../etcdctl/cobrautl/flags.ts';
import { commaLines } from '../../etcdctl/printer/display.ts';
import type { EtcdutlCommand } from '../command.ts';
import { readText } from '../files.ts';

/** Models etcdutl hashkv: the hash that `etcdctl endpoint hashkv` gives, from a file. */
export const hashkv: EtcdutlCommand = {
  use: 'hashkv <filename>',
  short: 'Prints the KV history hash of a given file',
  flags: [
    {
      name: 'rev',
      type: 'int',
      default: '0',
      usage: 'maximum revision to hash (default: latest revision)',
    },
  ],
  async run({ args, flags, environment, display }) {
    const [path] = args;
    if (path === undefined || args.length > 1)
      throw new FlagError(`accepts 1 arg(s), received ${args.length}`);
    const text = readText(environment, path);
    const server = new EtcdServer(
      { clock: environment.clock, rand: new Rand('etcdutl') },
      { name: 'etcdutl' },
    );
    try {
      server.replaceData(hasChecksum(text) ? text : withChecksum(text));
    } catch (error) {
      throw new ExitError('error', (error as Error).message);
    }
    server.start();
    try {
      const { hash, hashRevision, compactRevision } = server.maintenance.hashKV(flags.number('rev'));
      const row = [String(hash), String(hashRevision), String(compactRevision)];
      display({
        simple: commaLines([row]),
        fields: `"Hash" : ${hash}\n"Hash revision" : ${hashRevision}\n"Compact revision" : ${compactRevision}\n`,
        json: { hash, hashRevision, compactRevision },
        table: { headers: ['HASH', 'HASH REVISION', 'COMPACT REVISION'], rows: [row], align: 'right' },
      });
    } catch (error) {
      if (error instanceof EtcdError)
        throw new ExitError('error', error.message.replace(/^etcdserver: /, ''));
      throw error;
    } finally {
      server.stop();
    }
  },
};
