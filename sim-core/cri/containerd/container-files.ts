import { DEVICES } from '../../node/device.ts';
import type { FileFormat } from '../../node/file-content.ts';
import type { FileErrorCode, FileListener, FileStat, FileSystem } from '../../node/file-system.ts';
import { FileError } from '../../node/file-system.ts';
import { directoryName, normalizePath } from '../../node/path.ts';
import { textInput } from '../../node/pipe.ts';
import type { InputStream } from '../../node/program.ts';
import type { ContainerUser, Mount } from '../runtime-service.ts';

export interface ContainerFilesConfig {
  /** Where the container's own files lie on the machine. */
  readonly root: string;
  readonly readonlyRoot: boolean;
  readonly mounts: readonly Mount[];
  /** Whose permissions and whose new files they are. */
  readonly user: ContainerUser;
  /** Files of the image by path; made when the container first looks. */
  readonly image: Readonly<Record<string, string>>;
}

const DIRECTORIES = [
  '/bin', '/dev', '/etc', '/home', '/lib', '/mnt', '/opt', '/proc', '/root', '/run', '/sbin', '/srv', '/sys',
  '/tmp', '/usr/bin', '/usr/local/bin', '/usr/sbin', '/var/log', '/var/run', '/var/tmp',
]; // prettier-ignore

/** Everybody may write here, and take away what is his own. */
const PUBLIC_DIRECTORIES = ['/tmp', '/var/tmp'];
const PUBLIC_MODE = 0o1777;

/** Permission bits of one class of users. */
const READ = 4;
const WRITE = 2;
const SETGID = 0o2000;

const BASE_FILES: Readonly<Record<string, string>> = {
  '/etc/passwd':
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
  '/etc/group': 'root:x:0:\nnogroup:x:65534:\n',
};

/** The machine's devices are the container's. */
const DEVICE_MOUNTS: readonly Mount[] = DEVICES.map((path) => ({
  hostPath: path,
  containerPath: path,
  readonly: false,
}));

/** The files that a container sees: its own, and what is mounted over them. */
export class ContainerFiles implements FileSystem {
  readonly #files: FileSystem;
  readonly #config: ContainerFilesConfig;
  /** The deepest first. */
  readonly #mounts: readonly Mount[];
  #made = false;

  constructor(files: FileSystem, config: ContainerFilesConfig) {
    this.#files = files;
    this.#config = config;
    this.#mounts = [...config.mounts, ...DEVICE_MOUNTS].sort(
      (a, b) => b.containerPath.length - a.containerPath.length,
    );
  }

  /** Where a path of the container lies on the machine. */
  hostPath(path: string): string {
    const mount = this.#mountOf(path);
    return mount === undefined
      ? `${this.#config.root}${path}`
      : mount.hostPath + path.slice(mount.containerPath.length);
  }

  remove(path: string, options?: { recursive?: boolean }): void {
    this.#refuseReadOnly(path);
    this.#need(directoryName(normalizePath(path)), WRITE, path);
    this.#act(path, true, (real) => this.#files.remove(real, options));
  }

  /** Takes the container's own files away. */
  discard(): void {
    if (this.#made && this.#files.exists(this.#config.root)) {
      this.#files.remove(this.#config.root, { recursive: true });
    }
  }

  exists(path: string): boolean {
    return this.#ofImage(path) !== undefined || this.#files.exists(this.#locate(path));
  }

  stat(path: string): FileStat {
    return this.#act(path, false, (real) => this.#files.stat(real));
  }

  readLink(path: string): string {
    return this.#act(path, false, (real) => this.#files.readLink(real));
  }

  realPath(path: string): string {
    const mount = this.#mountOf(path);
    const base = mount?.hostPath ?? this.#config.root;
    const real = this.#act(path, false, (located) => this.#files.realPath(located));
    const top = this.#files.exists(base) ? this.#files.realPath(base) : base;
    return real.startsWith(top) ? `${mount?.containerPath ?? ''}${real.slice(top.length)}` || '/' : path;
  }

  read(path: string): string {
    const known = this.#ofImage(path);
    if (typeof known === 'string') return known;
    this.#need(path, READ);
    return this.#act(path, false, (real) => this.#files.read(real));
  }

  open(path: string): InputStream {
    const known = this.#ofImage(path);
    if (typeof known === 'string') return textInput(known);
    this.#need(path, READ);
    return this.#act(path, false, (real) => this.#files.open(real));
  }

  write(path: string, text: string, options?: { mode?: number; owner?: string; group?: string }): void {
    const owner = this.#needWrite(path);
    this.#act(path, true, (real) => this.#files.write(real, text, { ...owner, ...options }));
  }

  readAs<T>(path: string, format: FileFormat<T>): T {
    return this.#act(path, false, (real) => this.#files.readAs(real, format));
  }

  writeAs<T>(
    path: string,
    format: FileFormat<T>,
    value: T,
    options?: { mode?: number; owner?: string; group?: string },
  ): void {
    const owner = this.#needWrite(path);
    this.#act(path, true, (real) => this.#files.writeAs(real, format, value, { ...owner, ...options }));
  }

  append(path: string, text: string): void {
    const owner = this.#needWrite(path);
    this.#act(path, true, (real) =>
      owner === undefined ? this.#files.append(real, text) : this.#files.write(real, text, owner),
    );
  }

  list(path: string): string[] {
    const known = this.#ofImage(path);
    if (typeof known === 'object') return known;
    this.#need(path, READ);
    return this.#act(path, false, (real) => this.#files.list(real));
  }

  makeDirectory(
    path: string,
    options?: { parents?: boolean; mode?: number; owner?: string; group?: string },
  ): void {
    const owner = this.#needWrite(path, false);
    this.#act(path, true, (real) => this.#files.makeDirectory(real, { ...owner, ...options }));
  }

  rename(from: string, to: string): void {
    const target = this.#writable(to);
    for (const place of [from, to]) this.#need(directoryName(normalizePath(place)), WRITE, place);
    this.#act(from, true, (real) => this.#files.rename(real, target));
  }

  link(target: string, path: string): void {
    this.#needWrite(path);
    this.#act(path, true, (real) => this.#files.link(target, real));
  }

  changeMode(path: string, mode: number): void {
    this.#act(path, true, (real) => this.#files.changeMode(real, mode));
  }

  changeOwner(path: string, owner: { owner?: string; group?: string }): void {
    this.#act(path, true, (real) => this.#files.changeOwner(real, owner));
  }

  touch(path: string, time?: number): void {
    const owner = this.#needWrite(path);
    this.#act(path, true, (real) => {
      if (owner !== undefined) this.#files.write(real, '', owner);
      this.#files.touch(real, time);
    });
  }

  denial(path: string): FileErrorCode | undefined {
    try {
      this.#needWrite(path);
      return undefined;
    } catch (error) {
      if (error instanceof FileError) return error.code;
      throw error;
    }
  }

  watch(path: string, listener: FileListener): () => void {
    return this.#files.watch(this.#locate(path), () => listener(path));
  }

  #act<T>(path: string, writes: boolean, act: (real: string) => T): T {
    try {
      return act(writes ? this.#writable(path) : this.#locate(path));
    } catch (error) {
      if (error instanceof FileError) throw new FileError(error.code, path);
      throw error;
    }
  }

  /** Throws EACCES of `subject` where the user may not do this to what lies at `path`. */
  #need(path: string, right: number, subject = path): void {
    const { uid, groups } = this.#config.user;
    if (uid === 0) return;
    const located = this.#locate(path);
    if (!this.#files.exists(located)) return;
    const { mode, owner, group } = this.#files.stat(this.#files.realPath(located));
    const shift = owner === nameOf(uid) ? 6 : groups.some((own) => nameOf(own) === group) ? 3 : 0;
    if (((mode >> shift) & right) === 0) throw new FileError('EACCES', subject);
  }

  /**
   * The same for a file that is to be written, or made: then it gives whose the new file is, if not root's. A directory
   * that exists is left to be complained of.
   */
  #needWrite(path: string, writesWhatExists = true): { owner: string; group: string } | undefined {
    const { uid, gid, groups } = this.#config.user;
    this.#refuseReadOnly(path);
    // Most containers run as root, and what they make is root's.
    if (uid === 0 && groups.length === 1 && gid === 0) return undefined;
    if (this.exists(path)) {
      if (writesWhatExists) this.#need(path, WRITE);
      return undefined;
    }
    let parent = directoryName(normalizePath(path));
    while (parent !== '/' && !this.exists(parent)) parent = directoryName(parent);
    this.#need(parent, WRITE, path);
    const located = this.#locate(parent);
    if (!this.#files.exists(located)) return undefined;
    const { mode, group } = this.#files.stat(this.#files.realPath(located));
    return { owner: nameOf(uid), group: (mode & SETGID) === 0 ? nameOf(gid) : group };
  }

  #writable(path: string): string {
    this.#refuseReadOnly(path);
    return this.#locate(path);
  }

  #refuseReadOnly(path: string): void {
    const mount = this.#mountOf(normalizePath(path));
    if (mount?.readonly ?? this.#config.readonlyRoot) throw new FileError('EROFS', path);
  }

  #locate(path: string): string {
    const normal = normalizePath(path);
    if (!this.#made) this.#make();
    return this.hostPath(normal === '/' ? '' : normal);
  }

  #mountOf(path: string): Mount | undefined {
    return this.#mounts.find(
      ({ containerPath }) => path === containerPath || path.startsWith(`${containerPath}/`),
    );
  }

  /**
   * The text of a file of the image, or the names in a directory of it, while nothing is laid out and nothing
   * mounted there: most containers never look further.
   */
  #ofImage(path: string): string | string[] | undefined {
    if (this.#made) return undefined;
    const normal = normalizePath(path);
    const below = normal === '/' ? '/' : `${normal}/`;
    const isMounted = ({ containerPath }: Mount) =>
      normal === containerPath || normal.startsWith(`${containerPath}/`) || containerPath.startsWith(below);
    if (this.#mounts.some(isMounted)) return undefined;
    const { image } = this.#config;
    if (Object.hasOwn(image, normal)) return image[normal];
    if (Object.hasOwn(BASE_FILES, normal)) return BASE_FILES[normal];
    const names = [...DIRECTORIES, ...Object.keys(BASE_FILES), ...Object.keys(image)]
      .filter((known) => known.startsWith(below))
      .map((known) => known.slice(below.length).split('/')[0]!);
    return names.length === 0 ? undefined : [...new Set(names)].sort();
  }

  /** Lays the image out, and the places where something is mounted. */
  #make(): void {
    this.#made = true;
    const { root, image } = this.#config;
    for (const path of DIRECTORIES) this.#files.makeDirectory(root + path, { parents: true });
    for (const path of PUBLIC_DIRECTORIES) this.#files.changeMode(root + path, PUBLIC_MODE);
    for (const [path, text] of Object.entries({ ...BASE_FILES, ...image })) {
      this.#files.makeDirectory(root + directoryName(path), { parents: true });
      this.#files.write(root + path, text);
    }
    for (const { hostPath, containerPath } of this.#mounts) {
      const above = this.hostPath(directoryName(containerPath));
      if (this.#files.exists(root + containerPath) || this.#files.exists(`${above}/${containerPath}`))
        continue;
      if (!above.startsWith(root)) continue;
      const isFile =
        this.#files.exists(hostPath) && this.#files.stat(this.#files.realPath(hostPath)).type !== 'directory';
      if (isFile) {
        this.#files.makeDirectory(root + directoryName(containerPath), { parents: true });
        this.#files.write(root + containerPath, '');
      } else this.#files.makeDirectory(root + containerPath, { parents: true });
    }
  }
}

/** How the machine's files name a user or a group. */
const nameOf = (id: number): string => (id === 0 ? 'root' : String(id));
