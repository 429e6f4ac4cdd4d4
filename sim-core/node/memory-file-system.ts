import type { Clock } from '../clock/clock.ts';
import type { AnyFormat, FileFormat, SavedContent } from './file-content.ts';
import { FileContent, utf8Length } from './file-content.ts';
import { deviceInput } from './device.ts';
import type { FileErrorCode, FileListener, FileStat, FileSystem } from './file-system.ts';
import { FileError } from './file-system.ts';
import { baseName, directoryName, normalizePath, pathSegments, resolvePath } from './path.ts';
import { textInput } from './pipe.ts';
import type { InputStream } from './program.ts';

interface Meta {
  mode: number;
  owner: string;
  group: string;
  modified: number;
}
type FileNode = Meta & { readonly type: 'file'; content: FileContent };
type DirectoryNode = Meta & { readonly type: 'directory'; readonly entries: Map<string, Node> };
type LinkNode = Meta & { readonly type: 'symlink'; readonly target: string };
type DeviceNode = Meta & { readonly type: 'device' };
type Node = FileNode | DirectoryNode | LinkNode | DeviceNode;

interface Watch {
  readonly path: string;
  /** How the paths begin of what lies in it. */
  readonly below: string;
  readonly listener: FileListener;
}

/** As in Linux: after so many links a path counts as a loop. */
const MAX_LINKS = 40;
const DIRECTORY_SIZE = 4096;

/** A file of a saved file system; `content` is a file's, or a link's target. Directories stand before what is in them. */
export type SavedFile = readonly [
  path: string,
  type: Node['type'],
  mode: number,
  owner: string,
  group: string,
  modified: number,
  content?: SavedContent,
];

/** The files of one machine, held in memory and owned by root unless told otherwise. */
export class MemoryFileSystem implements FileSystem {
  readonly #clock: Clock;
  readonly #root: DirectoryNode;
  readonly #watches = new Set<Watch>();

  /** How many devices were opened: no two give the same random bytes. */
  #opened = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#root = { type: 'directory', entries: new Map(), ...this.#meta({ mode: 0o755 }) };
  }

  /** All files, as they can be put into another machine's memory. */
  save(): SavedFile[] {
    const saved: SavedFile[] = [];
    const visit = (path: string, node: Node): void => {
      const { type, mode, owner, group, modified } = node;
      const row = [path, type, mode, owner, group, modified] as const;
      if (node.type === 'file') saved.push([...row, node.content.save()]);
      else if (node.type === 'symlink') saved.push([...row, node.target]);
      else saved.push(row);
      if (node.type === 'directory') {
        for (const [name, entry] of node.entries) visit(path === '/' ? `/${name}` : `${path}/${name}`, entry);
      }
    };
    visit('/', this.#root);
    return saved;
  }

  /** The file system that {@link save} was asked of; see {@link FileContent.restore} for `formats`. */
  static restore(clock: Clock, saved: readonly SavedFile[], formats: readonly AnyFormat[]): MemoryFileSystem {
    const files = new MemoryFileSystem(clock);
    const directories = new Map<string, DirectoryNode>([['/', files.#root]]);
    for (const [path, type, mode, owner, group, modified, content = ''] of saved) {
      const meta = { mode, owner, group, modified };
      if (path === '/') {
        Object.assign(files.#root, meta);
        continue;
      }
      const node = savedNode(type, content, formats, meta);
      if (node.type === 'directory') directories.set(path, node);
      const parent = directories.get(directoryName(path));
      if (parent === undefined) throw new Error(`the saved file ${path} comes before its directory`);
      parent.entries.set(path.slice(path.lastIndexOf('/') + 1), node);
    }
    return files;
  }

  exists(path: string): boolean {
    const found = this.#find(path, true);
    return typeof found !== 'string' && found.node !== undefined;
  }

  stat(path: string): FileStat {
    const node = this.#node(path, { follow: false });
    const { type, mode, owner, group, modified } = node;
    return {
      type,
      mode,
      owner,
      group,
      // Worked out when somebody asks: it may take the file's text.
      get size() {
        return sizeOf(node);
      },
      modified,
    };
  }

  readLink(path: string): string {
    const node = this.#node(path, { follow: false });
    if (node.type !== 'symlink') throw new FileError('EINVAL', path);
    return node.target;
  }

  realPath(path: string): string {
    return this.#locate(path, { follow: true }).path;
  }

  read(path: string): string {
    return this.#content(path).text;
  }

  readAs<T>(path: string, format: FileFormat<T>): T {
    return this.#content(path).as(format);
  }

  write(path: string, text: string, options: { mode?: number; owner?: string; group?: string } = {}): void {
    this.#put(path, () => FileContent.ofText(text), options);
  }

  writeAs<T>(
    path: string,
    format: FileFormat<T>,
    value: T,
    options: { mode?: number; owner?: string; group?: string } = {},
  ): void {
    this.#put(path, () => FileContent.ofValue(format, value), options);
  }

  append(path: string, text: string): void {
    this.#put(path, (old) => FileContent.ofText((old?.text ?? '') + text), {});
  }

  list(path: string): string[] {
    return [...this.#directory(path).entries.keys()].sort(byCodePoint);
  }

  makeDirectory(
    path: string,
    options: { parents?: boolean; mode?: number; owner?: string; group?: string } = {},
  ): void {
    const place = options.parents === true ? this.#placeFor(path) : this.#locate(path, { follow: false });
    if (place.node === undefined) this.#insert(place, this.#newDirectory(options));
    else if (options.parents !== true || !this.#isDirectory(path, place.node))
      throw new FileError('EEXIST', path);
  }

  remove(path: string, options: { recursive?: boolean } = {}): void {
    const { parent, name, node, path: real } = this.#locate(path, { follow: false });
    if (node === undefined) throw new FileError('ENOENT', path);
    if (parent === undefined) throw new FileError('EINVAL', path);
    if (node.type === 'directory' && node.entries.size > 0 && options.recursive !== true) {
      throw new FileError('ENOTEMPTY', path);
    }
    parent.entries.delete(name);
    parent.modified = this.#clock.now();
    this.#changed(real);
  }

  rename(from: string, to: string): void {
    const source = this.#locate(from, { follow: false });
    if (source.node === undefined) throw new FileError('ENOENT', from);
    if (source.parent === undefined) throw new FileError('EINVAL', from);
    const target = this.#locate(to, { follow: false });
    if (target.parent === undefined) throw new FileError('EINVAL', to);
    if (target.node === source.node) return;
    if (source.node.type === 'directory' && `${target.path}/`.startsWith(`${source.path}/`)) {
      throw new FileError('EINVAL', to);
    }
    if (target.node?.type === 'directory') {
      if (source.node.type !== 'directory') throw new FileError('EISDIR', to);
      if (target.node.entries.size > 0) throw new FileError('ENOTEMPTY', to);
    } else if (target.node !== undefined && source.node.type === 'directory') {
      throw new FileError('ENOTDIR', to);
    }
    source.parent.entries.delete(source.name);
    target.parent.entries.set(target.name, source.node);
    source.parent.modified = target.parent.modified = this.#clock.now();
    this.#changed(source.path);
    this.#changed(target.path);
  }

  link(target: string, path: string): void {
    this.#add(path, { type: 'symlink', target, ...this.#meta({ mode: 0o777 }) });
  }

  open(path: string): InputStream {
    if (this.#node(path).type !== 'device') return textInput(this.read(path));
    return deviceInput(this.realPath(path), this.#clock, `${this.#clock.now()} ${this.#opened++}`);
  }

  /** Makes a device that everybody may write to; see {@link FileStat.type}. */
  makeDevice(path: string): void {
    this.#add(path, { type: 'device', ...this.#meta({ mode: 0o666 }) });
  }

  changeMode(path: string, mode: number): void {
    this.#node(path).mode = mode;
    this.#changed(this.realPath(path));
  }

  changeOwner(path: string, { owner, group }: { owner?: string; group?: string }): void {
    const node = this.#node(path);
    node.owner = owner ?? node.owner;
    node.group = group ?? node.group;
    this.#changed(this.realPath(path));
  }

  touch(path: string, time?: number): void {
    if (!this.exists(path)) this.write(path, '');
    this.#node(path).modified = time ?? this.#clock.now();
    this.#changed(this.realPath(path));
  }

  /** Root may do everything. */
  denial(): undefined {
    return undefined;
  }

  watch(path: string, listener: FileListener): () => void {
    const watched = normalizePath(path);
    const watch = { path: watched, below: watched === '/' ? '/' : `${watched}/`, listener };
    this.#watches.add(watch);
    return () => this.#watches.delete(watch);
  }

  #meta({ mode, owner, group }: { mode: number; owner?: string; group?: string }): Meta {
    return { mode, owner: owner ?? 'root', group: group ?? owner ?? 'root', modified: this.#clock.now() };
  }

  #put(
    path: string,
    contentOf: (old: FileContent | undefined) => FileContent,
    options: { mode?: number; owner?: string; group?: string },
  ): void {
    if (path.endsWith('/')) throw new FileError('EISDIR', path);
    const { parent, name, node, path: real } = this.#locate(path, { follow: true });
    if (node?.type === 'directory' || parent === undefined) throw new FileError('EISDIR', path);
    if (node?.type === 'device') return;
    if (node?.type === 'file') {
      node.content = contentOf(node.content);
      node.modified = this.#clock.now();
      node.mode = options.mode ?? node.mode;
      node.owner = options.owner ?? node.owner;
      node.group = options.group ?? node.group;
    } else {
      parent.entries.set(name, {
        type: 'file',
        content: contentOf(undefined),
        ...this.#meta({ mode: 0o644, ...options }),
      });
      parent.modified = this.#clock.now();
    }
    this.#changed(real);
  }

  #add(path: string, node: Node): void {
    const place = this.#locate(path, { follow: false });
    if (place.node !== undefined) throw new FileError('EEXIST', path);
    this.#insert(place, node);
  }

  /** Puts `node` where nothing is. */
  #insert({ parent, name, path }: Location, node: Node): void {
    parent!.entries.set(name, node);
    parent!.modified = this.#clock.now();
    this.#changed(path);
  }

  #newDirectory(options: { mode?: number; owner?: string; group?: string } = {}): DirectoryNode {
    return { type: 'directory', entries: new Map(), ...this.#meta({ mode: 0o755, ...options }) };
  }

  /** Whether `node`, which lies at `path`, is a directory or a link to one. */
  #isDirectory(path: string, node: Node): boolean {
    if (node.type !== 'symlink') return node.type === 'directory';
    const found = this.#find(path, true);
    return typeof found !== 'string' && found.node?.type === 'directory';
  }

  /** Where `path` lies, or can lie: the directories above it are made. */
  #placeFor(path: string): Location {
    const found = this.#find(path, false);
    if (typeof found !== 'string') return found;
    if (found !== 'ENOENT') throw new FileError(found, path);
    const directory = directoryName(path);
    const above = this.#placeFor(directory);
    // A link to nowhere.
    if (above.node !== undefined) throw new FileError('EEXIST', directory);
    const parent = this.#newDirectory();
    this.#insert(above, parent);
    return new Location(parent, undefined, [...above.names, baseName(path)]);
  }

  #content(path: string): FileContent {
    const node = this.#node(path);
    if (node.type === 'device') return FileContent.ofText('');
    if (node.type !== 'file') throw new FileError('EISDIR', path);
    return node.content;
  }

  #directory(path: string): DirectoryNode {
    const node = this.#node(path);
    if (node.type !== 'directory') throw new FileError('ENOTDIR', path);
    return node;
  }

  #node(path: string): Exclude<Node, LinkNode>;
  #node(path: string, options: { follow: false }): Node;
  #node(path: string, options: { follow: boolean } = { follow: true }): Node {
    const { node } = this.#locate(path, options);
    if (node === undefined) throw new FileError('ENOENT', path);
    return node;
  }

  #locate(path: string, { follow }: { follow: boolean }): Location {
    const found = this.#find(path, follow);
    if (typeof found === 'string') throw new FileError(found, path);
    return found;
  }

  /**
   * Walks to `path`. All but the last name must lead to directories; links among them are followed,
   * a link at the end only if `follow`. `node` is undefined if the last name does not exist,
   * `parent` for the root.
   */
  #find(path: string, follow: boolean): Location | FileErrorCode {
    let links = 0;
    let names = pathSegments(path);
    let parent: DirectoryNode | undefined;
    let node: Node | undefined = this.#root;
    for (let index = 0; index < names.length; index++) {
      if (node === undefined) return 'ENOENT';
      if (node.type !== 'directory') return 'ENOTDIR';
      parent = node;
      node = parent.entries.get(names[index]!);
      if (node?.type === 'symlink' && (follow || index < names.length - 1)) {
        if (++links > MAX_LINKS) return 'ELOOP';
        const target = resolvePath(`/${names.slice(0, index).join('/')}`, node.target);
        names = [...pathSegments(target), ...names.slice(index + 1)];
        index = -1;
        parent = undefined;
        node = this.#root;
      }
    }
    return new Location(parent, node, names);
  }

  #changed(path: string): void {
    for (const { path: watched, below, listener } of [...this.#watches]) {
      if (path === watched || path.startsWith(below)) listener(path);
    }
  }
}

function savedNode(
  type: Node['type'],
  content: SavedContent,
  formats: readonly AnyFormat[],
  meta: Meta,
): Node {
  switch (type) {
    case 'file':
      return { type, content: FileContent.restore(content, formats), ...meta };
    case 'directory':
      return { type, entries: new Map(), ...meta };
    case 'symlink':
      return { type, target: content as string, ...meta };
    case 'device':
      return { type, ...meta };
  }
}

/** Where a path leads, links followed. */
class Location {
  readonly parent: DirectoryNode | undefined;
  readonly node: Node | undefined;
  readonly names: readonly string[];

  constructor(parent: DirectoryNode | undefined, node: Node | undefined, names: readonly string[]) {
    this.parent = parent;
    this.node = node;
    this.names = names;
  }

  get name(): string {
    return this.names.at(-1) ?? '';
  }

  get path(): string {
    return `/${this.names.join('/')}`;
  }
}

function sizeOf(node: Node): number {
  switch (node.type) {
    case 'file':
      return node.content.size;
    case 'directory':
      return DIRECTORY_SIZE;
    case 'symlink':
      return utf8Length(node.target);
    case 'device':
      return 0;
  }
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
