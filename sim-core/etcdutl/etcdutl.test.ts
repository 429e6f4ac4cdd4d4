import { beforeEach, expect, test } from 'vitest';
import { createEtcdLab } from '../cluster/etcd-only/create.ts';
import type { EtcdLab } from '../cluster/etcd-only/create.ts';
import { settle } from '../testing/settle.ts';

let lab: EtcdLab;

async function run(line: string) {
  const { stdout, stderr, exit } = await lab.clock.until(lab.shell.run(line));
  return { out: stdout, err: stderr, exit };
}

beforeEach(async () => {
  lab = createEtcdLab({ seed: 1, start: Date.UTC(2026, 10, 23, 9), settle });
  for (const line of ['put a 1', 'put a 2', 'put b 1', 'del b', 'snapshot save /tmp/snap.db'])
    await run(`etcdctl ${line}`);
});

test('snapshot status counts keys, not changes', async () => {
  expect((await run('etcdutl snapshot status /tmp/snap.db')).out).toMatch(
    /^[0-9a-f]+, 5, 1, \d+ B, 3\.6\.0\n$/,
  );
  const { out } = await run('etcdutl snapshot status /tmp/snap.db -w table');
  expect(out.split('\n')[1]).toMatch(/^│ +HASH +│ REVISION │ TOTAL KEYS │ TOTAL SIZE │ VERSION │$/);
  expect(out.split('\n')[3]).toMatch(/^│ +[0-9a-f]+ │ {8}5 │ {10}1 │ +\d+ B │ {3}3\.6\.0 │$/);
});

test('hashkv agrees with the server', async () => {
  const hash = /^[^,]+, (\d+), (\d+)\n$/.exec((await run('etcdctl endpoint hashkv')).out)!;
  expect((await run('etcdutl hashkv /tmp/snap.db')).out).toBe(`${hash[1]}, ${hash[2]}, -1\n`);
});

test('restore writes a data directory and names the new member', async () => {
  const { err, exit } = await run(
    'etcdutl snapshot restore /tmp/snap.db --data-dir /tmp/data --name m1 --initial-cluster m1=http://10.0.0.1:2380 --initial-advertise-peer-urls http://10.0.0.1:2380',
  );
  expect(exit).toBe(0);
  expect(err).toContain('\trestoring snapshot\t{"path": "/tmp/snap.db", "wal-dir": "/tmp/data/member/wal"');
  expect(err).toContain('"added-peer-peer-urls": ["http://10.0.0.1:2380"]');
  expect((await run('ls /tmp/data/member')).out).toBe('snap\nwal\n');
  expect((await run('ls -l /tmp/data/member/wal')).out).toContain(' 64000000 ');
  expect((await run('etcdutl snapshot status /tmp/data/member/snap/db')).out).toMatch(/, 5, 1, /);
});

test('a database that was copied has no checksum', async () => {
  await run('etcdutl snapshot restore /tmp/snap.db --data-dir /tmp/data');
  const restore = 'etcdutl snapshot restore /tmp/data/member/snap/db --data-dir /tmp/again';
  const { err, exit } = await run(restore);
  expect(err).toMatch(/\nError: snapshot missing hash but --skip-hash-check=false\n$/);
  expect(exit).toBe(1);
  expect((await run(`${restore} --skip-hash-check`)).exit).toBe(0);
});

test('revisions go on beyond those that clients have seen, if asked to', async () => {
  await run(
    'etcdutl snapshot restore /tmp/snap.db --data-dir /tmp/data --bump-revision 1000 --mark-compacted',
  );
  expect((await run('etcdutl snapshot status /tmp/data/member/snap/db')).out).toMatch(/, 1005, 1, /);
});

test.each([
  ['snapshot status', 'snapshot status requires exactly one argument', 128],
  ['snapshot status /none', 'stat /none: no such file or directory', 1],
  ['snapshot status /etc/hosts', 'invalid database', 1],
  ['snapshot restore', 'snapshot restore requires exactly one argument', 128],
  [
    'snapshot restore /tmp/snap.db --bump-revision 1',
    '--mark-compacted required if --revision-bump > 0',
    128,
  ],
  [
    'snapshot restore /tmp/snap.db --name m1',
    'couldn\'t find local name "m1" in the initial cluster configuration',
    1,
  ],
  [
    'snapshot restore /tmp/snap.db --initial-cluster default=http://a:2380',
    '--initial-cluster has default=http://a:2380 but missing from --initial-advertise-peer-urls=http://localhost:2380',
    1,
  ],
  ['snapshot restore /none --data-dir /tmp/new', 'open /none: no such file or directory', 1],
  [
    'defrag --data-dir /none',
    'Failed to defragment etcd data[/none] (stat /none/member/snap/db: no such file or directory)',
    1,
  ],
])('etcdutl %s is refused', async (args, message, exit) => {
  const { out, err, exit: code } = await run(`etcdutl ${args}`);
  // What is under way is logged before.
  expect({
    out,
    err: err
      .split('\n')
      .filter((line) => !line.includes('\tinfo\t'))
      .join('\n'),
    code,
  }).toEqual({
    out: '',
    err: `Error: ${message}\n`,
    code: exit,
  });
});

test('help and mistakes show the usage as cobra words it', async () => {
  const usage = `Usage:
  etcdutl defrag [flags]

Flags:
      --data-dir string   Required. Defragments a data directory not in use by etcd.
  -h, --help              help for defrag

Global Flags:
  -w, --write-out string   set the output format (fields, json, protobuf, simple, table) (default "simple")
`;
  expect(await run('etcdutl defrag --help')).toEqual({ out: usage, err: '', exit: 0 });
  for (const [args, message] of [
    ['defrag', 'required flag(s) "data-dir" not set'],
    ['defrag --nope', 'unknown flag: --nope'],
  ])
    expect(await run(`etcdutl ${args}`)).toEqual({
      out: '',
      err: `Error: ${message}\n${usage}\nError: ${message}\n`,
      exit: 1,
    });
  expect((await run('etcdutl')).out).toBe(`Usage:
  etcdutl [command]

Available Commands:
  defrag      Defragments the storage of the etcd
  hashkv      Prints the KV history hash of a given file
  help        Help about any command
  snapshot    Manages etcd node snapshots
  version     Prints the version of etcdutl

Flags:
  -h, --help               help for etcdutl
  -w, --write-out string   set the output format (fields, json, protobuf, simple, table) (default "simple")

Use "etcdutl [command] --help" for more information about a command.
`);
  expect((await run('etcdutl snapshot restore --help')).out).toContain(
    '      --initial-memory-map-size uint         Initial memory map size',
  );
});
