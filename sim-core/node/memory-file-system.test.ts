import { beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { bytesOfText } from '../crypto/encoding/byte-text.ts';
import { DEVICES } from './device.ts';
import { FileError } from './file-system.ts';
import { MemoryFileSystem } from './memory-file-system.ts';

const START = Date.UTC(2026, 10, 23, 9);
let clock: VirtualClock;
let files: MemoryFileSystem;

beforeEach(() => {
  clock = new VirtualClock({ start: START, settle: () => Promise.resolve() });
  files = new MemoryFileSystem(clock);
  files.makeDirectory('/etc/kubernetes/manifests', { parents: true });
});

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof FileError) return error.code;
    throw error;
  }
}

test('devices give what they are for, and no two the same random bytes', async () => {
  files.makeDirectory('/dev');
  for (const device of DEVICES) files.makeDevice(device);
  files.write('/dev/zero', 'gone');
  const read = (path: string) => clock.until(files.open(path).read());
  expect(await read('/dev/null')).toBeUndefined();
  expect(await read('/dev/zero')).toMatch(/^\0+$/);
  const [one, other] = [await read('/dev/urandom'), await read('/dev/random')];
  expect(one).toHaveLength(other!.length);
  expect(one).not.toBe(other);
  expect(bytesOfText(one!)).toHaveLength(one!.length);
});

test('a device swallows what is written and reads as empty, also after it was saved', () => {
  files.makeDirectory('/dev');
  files.makeDevice('/dev/null');
  files.write('/dev/null', 'gone');
  files.append('/dev/null', 'gone too');
  for (const one of [files, MemoryFileSystem.restore(clock, files.save(), [])]) {
    expect(one.read('/dev/null')).toBe('');
    expect(one.stat('/dev/null')).toMatchObject({ type: 'device', mode: 0o666, size: 0 });
  }
});

describe('write and read', () => {
  test('a new file gets mode 0644, root and the time of the write', async () => {
    await clock.advance(5000);
    files.write('/etc/kubernetes/admin.conf', 'apiVersion: v1\n');
    expect(files.read('/etc/kubernetes/admin.conf')).toBe('apiVersion: v1\n');
    expect(files.stat('/etc/kubernetes/admin.conf')).toEqual({
      type: 'file',
      mode: 0o644,
      owner: 'root',
      group: 'root',
      size: 15,
      modified: START + 5000,
    });
  });

  test('replacing a file keeps its mode and counts bytes, not characters', () => {
    files.write('/etc/note', 'a', { mode: 0o600 });
    files.write('/etc/note', '노트');
    expect(files.stat('/etc/note')).toMatchObject({ mode: 0o600, size: 6 });
    files.append('/etc/note', '!');
    expect(files.read('/etc/note')).toBe('노트!');
  });

  test('dots and doubled slashes in a path do not matter', () => {
    files.write('/etc//kubernetes/./manifests/../a', 'x');
    expect(files.read('/etc/kubernetes/a')).toBe('x');
    expect(files.list('/etc/kubernetes/')).toEqual(['a', 'manifests']);
  });
});

describe('errors', () => {
  test.each([
    ['read of nothing', 'ENOENT', () => files.read('/etc/none')],
    ['write into a missing directory', 'ENOENT', () => files.write('/none/a', '')],
    ['read of a directory', 'EISDIR', () => files.read('/etc')],
    ['write to a directory', 'EISDIR', () => files.write('/etc', '')],
    ['list of nothing', 'ENOENT', () => files.list('/none')],
    ['making a directory twice', 'EEXIST', () => files.makeDirectory('/etc')],
    ['making a directory without its parent', 'ENOENT', () => files.makeDirectory('/a/b')],
    ['removing a full directory', 'ENOTEMPTY', () => files.remove('/etc')],
    ['moving a directory into itself', 'EINVAL', () => files.rename('/etc', '/etc/kubernetes/etc')],
    ['moving nothing', 'ENOENT', () => files.rename('/none', '/etc/none')],
    ['the link target of a directory', 'EINVAL', () => files.readLink('/etc')],
  ])('%s says %s', (_name, code, action) => {
    expect(codeOf(action)).toBe(code);
  });

  test('a file on the way says ENOTDIR', () => {
    files.write('/etc/file', '');
    expect(codeOf(() => files.read('/etc/file/a'))).toBe('ENOTDIR');
    expect(codeOf(() => files.list('/etc/file'))).toBe('ENOTDIR');
  });
});

describe('links', () => {
  test('are followed by read and write, shown by stat', () => {
    files.write('/etc/real', 'one');
    files.link('real', '/etc/alias');
    files.write('/etc/alias', 'two');
    expect(files.read('/etc/real')).toBe('two');
    expect(files.stat('/etc/alias').type).toBe('symlink');
    expect(files.readLink('/etc/alias')).toBe('real');
    expect(files.realPath('/etc/alias')).toBe('/etc/real');
  });

  test('in a circle end with ELOOP', () => {
    files.link('/b', '/a');
    files.link('/a', '/b');
    expect(codeOf(() => files.read('/a'))).toBe('ELOOP');
    expect(files.exists('/a')).toBe(false);
  });

  test('removing one leaves its target', () => {
    files.write('/etc/real', 'one');
    files.link('/etc/real', '/alias');
    files.remove('/alias');
    expect(files.read('/etc/real')).toBe('one');
  });
});

describe('watch', () => {
  test('tells of every change below the path and of nothing else', () => {
    const seen: string[] = [];
    const stop = files.watch('/etc/kubernetes/manifests', (path) => seen.push(path));
    files.write('/etc/kubernetes/manifests/etcd.yaml', '');
    files.write('/etc/kubernetes/manifests-old', '');
    files.rename('/etc/kubernetes/manifests/etcd.yaml', '/tmp.yaml');
    files.rename('/tmp.yaml', '/etc/kubernetes/manifests/etcd.yaml');
    files.remove('/etc/kubernetes/manifests/etcd.yaml');
    stop();
    files.write('/etc/kubernetes/manifests/etcd.yaml', '');
    expect(seen).toEqual(Array(4).fill('/etc/kubernetes/manifests/etcd.yaml'));
  });
});

test('rename replaces a file and keeps the mode of what it moves', () => {
  files.write('/etc/a', 'a', { mode: 0o600 });
  files.write('/etc/b', 'b');
  files.rename('/etc/a', '/etc/b');
  expect(files.read('/etc/b')).toBe('a');
  expect(files.stat('/etc/b').mode).toBe(0o600);
  expect(files.exists('/etc/a')).toBe(false);
});

test('makeDirectory with parents accepts what is there', () => {
  files.makeDirectory('/etc/kubernetes', { parents: true });
  files.makeDirectory('/var/lib/etcd', { parents: true, mode: 0o700 });
  expect(files.stat('/var/lib/etcd').mode).toBe(0o700);
  expect(files.stat('/var/lib').mode).toBe(0o755);
});

test('makeDirectory with parents goes through links to directories, and not through others', () => {
  files.link('/etc', '/linked');
  files.link('/nowhere', '/dangling');
  files.makeDirectory('/linked', { parents: true });
  files.makeDirectory('/linked/a/b', { parents: true });
  expect(files.stat('/etc/a/b').type).toBe('directory');
  expect(() => files.makeDirectory('/dangling', { parents: true })).toThrow(
    new FileError('EEXIST', '/dangling'),
  );
  expect(() => files.makeDirectory('/dangling/a', { parents: true })).toThrow(
    new FileError('EEXIST', '/dangling'),
  );
});

test('makeDirectory with parents tells of every directory that it makes, from the top', () => {
  const seen: string[] = [];
  files.watch('/', (path) => seen.push(path));
  files.makeDirectory('/var/new/a/b', { parents: true });
  expect(seen.slice(-3)).toEqual(['/var/new', '/var/new/a', '/var/new/a/b']);
});

test('the size of a file whose value lives on is that of what it says now', () => {
  const value = { text: 'a' };
  const format = {
    parse: (text: string) => ({ text }),
    print: (of: { text: string }) => of.text,
    live: true,
  };
  files.writeAs('/etc/live', format, value);
  expect(files.stat('/etc/live').size).toBe(1);
  value.text = '한😀';
  expect(files.stat('/etc/live').size).toBe(7);
  files.append('/etc/a-text', 'é');
  expect(files.stat('/etc/a-text').size).toBe(2);
  files.append('/etc/a-text', 'x');
  expect(files.stat('/etc/a-text').size).toBe(3);
});
