import { DEVICES } from '../../node/device.ts';
import type { FileFormat } from '../../node/file-content.ts';
import type { FileListener, FileStat, FileSystem } from '../../node/file-system.ts';
import { FileError } from '../../node/file-system.ts';
import { directoryName, normalizePath } from '../../node/path.ts';
import { textInput } from '../../node/pipe.ts';
import type { InputStream } from '../../node/program.ts';
import type { Mount } from '../runtime-service.ts';

export interface ContainerFilesConfig {
  /** Where the container's own files lie on the machine. */
  readonly root: string;
  readonly readonlyRoot: boolean;
  readonly mounts: readonly Mount[];
  /** Files of the image by path; made when the container first looks. */
  readonly image: Readonly<Record<string, string>>;
}

const DIRECTORIES = [
  '/bin', '/dev', '/etc', '/home', '/lib', '/mnt', '/opt', '/proc', '/root', '/run', '/sbin', '/srv', '/sys',
  '/tmp', '/usr/bin', '/usr/local/bin', '/usr/sbin', '/var/log', '/var/run', '/var/tmp',
]; // prettier-ignore

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
    return this.#act(path, false, (real) => this.#files.read(real));
  }

  open(path: string): InputStream {
    const known = this.#ofImage(path);
    if (typeof known === 'string') return textInput(known);
    return this.#act(path, false, (real) => this.#files.open(real));
  }

  write(path: string, text: string, options?: { mode?: number; owner?: string; group?: string }): void {
    this.#act(path, true, (real) => this.#files.write(real, text, options));
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
    this.#act(path, true, (real) => this.#files.writeAs(real, format, value, options));
  }

  append(path: string, text: string): void {
    this.#act(path, true, (real) => this.#files.append(real, text));
  }

  list(path: string): string[] {
    const known = this.#ofImage(path);
    if (typeof known === 'object') return known;
    return this.#act(path, false, (real) => this.#files.list(real));
  }

  makeDirectory(
    path: string,
    options?: { parents?: boolean; mode?: number; owner?: string; group?: string },
  ): void {
    this.#act(path, true, (real) => this.#files.makeDirectory(real, options));
  }

  rename(from: string, to: string): void {
    const target = this.#writable(to);
    this.#act(from, true, (real) => this.#files.rename(real, target));
  }

  link(target: string, path: string): void {
    this.#act(path, true, (real) => this.#files.link(target, real));
  }

  changeMode(path: string, mode: number): void {
    this.#act(path, true, (real) => this.#files.changeMode(real, mode));
  }

  changeOwner(path: string, owner: { owner?: string; group?: string }): void {
    this.#act(path, true, (real) => this.#files.changeOwner(real, owner));
  }

  touch(path: string, time?: number): void {
    this.#act(path, true, (real) => this.#files.touch(real, time));
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

  #writable(path: string): string {
    const mount = this.#mountOf(normalizePath(path));
    if (mount?.readonly ?? this.#config.readonlyRoot) throw new FileError('EROFS', path);
    return this.#locate(path);
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
