import type { FileFormat } from '../node/file-content.ts';
import type { FileSystem } from '../node/file-system.ts';
import type { EtcdServer } from '../etcd/server/etcd-server.ts';
import type { Membership } from '../etcd/server/member.ts';
import { withChecksum, withoutChecksum } from '../etcd/server/snapshot.ts';

const WAL_BYTES = 64_000_000;
const WAL_NAMES = ['0000000000000000-0000000000000000.wal', '0.tmp'];

/** What a write-ahead log says of its member: its first record. */
export const WAL_FILE: FileFormat<Membership> = {
  parse: (text) => JSON.parse(text) as Membership,
  print: (membership) => `${JSON.stringify(membership)}\n`,
  size: () => WAL_BYTES,
  saved: { name: 'etcd-wal', restore: (text) => JSON.parse(text) as Membership },
};

/** The database of a data directory: that of a server, as long as it works on it, or a text. */
export class EtcdDatabase {
  #holder: EtcdServer | undefined;
  #text: string;

  private constructor(holder: EtcdServer | undefined, text: string) {
    this.#holder = holder;
    this.#text = text;
  }

  static ofText(text: string): EtcdDatabase {
    return new EtcdDatabase(undefined, text);
  }

  static of(server: EtcdServer): EtcdDatabase {
    return new EtcdDatabase(server, '');
  }

  get text(): string {
    return this.#holder === undefined ? this.#text : withoutChecksum(this.#holder.snapshot());
  }

  get size(): number {
    return this.#holder?.databaseSize ?? this.#text.length;
  }

  hold(server: EtcdServer): void {
    this.#holder = server;
  }

  /** The server turns to another directory; this one stays as it is now. */
  release(): void {
    this.#text = this.text;
    this.#holder = undefined;
  }
}

export const DATABASE_FILE: FileFormat<EtcdDatabase> = {
  parse: EtcdDatabase.ofText,
  print: (database) => database.text,
  size: (database) => database.size,
  live: true,
  // A checkpoint has the server's data beside the machine's files.
  saved: { name: 'etcd-db', save: () => '', restore: EtcdDatabase.ofText },
};

/** Where things lie below a data directory. Models server/storage/datadir. */
const paths = (directory: string) => ({
  snap: `${directory}/member/snap`,
  wal: `${directory}/member/wal`,
  database: `${directory}/member/snap/db`,
  log: `${directory}/member/wal/${WAL_NAMES[0]}`,
});

/** Where the database of a data directory lies. */
export const databaseOf = (directory: string): string => paths(directory).database;

/** Writes a data directory; it must not be there. */
export function writeDataDirectory(
  files: FileSystem,
  directory: string,
  membership: Membership,
  database: EtcdDatabase,
): void {
  const { snap, wal, database: path } = paths(directory);
  files.makeDirectory(directory, { parents: true });
  files.changeMode(directory, 0o700);
  for (const made of [`${directory}/member`, snap, wal])
    files.makeDirectory(made, { parents: true, mode: 0o700 });
  files.writeAs(path, DATABASE_FILE, database, { mode: 0o600 });
  for (const name of WAL_NAMES) files.writeAs(`${wal}/${name}`, WAL_FILE, membership, { mode: 0o600 });
}

/**
 * Lets the stopped `server` work on the data of a directory of its machine, or on new data if there are
 * none; `current` is what it worked on before. `resumed`: it has the data already, from a checkpoint. Gives what it works on now; throws if the
 * files are damaged.
 *
 * Models server/etcdserver bootstrap.
 */
export function openDataDirectory(
  files: FileSystem,
  directory: string,
  server: EtcdServer,
  { current, resumed }: { readonly current: EtcdDatabase | undefined; readonly resumed: boolean },
): EtcdDatabase {
  const { database: path, log } = paths(directory);
  const exists = files.exists(log) && files.exists(path);
  const found = exists ? files.readAs(path, DATABASE_FILE) : undefined;
  if (found !== undefined && found === current) return found;
  if (found !== undefined && resumed) {
    found.hold(server);
    return found;
  }
  current?.release();
  if (found === undefined) {
    server.replaceData();
    const made = EtcdDatabase.of(server);
    writeDataDirectory(files, directory, server.membership, made);
    return made;
  }
  server.replaceData(withChecksum(found.text), { membership: files.readAs(log, WAL_FILE) });
  found.hold(server);
  return found;
}
