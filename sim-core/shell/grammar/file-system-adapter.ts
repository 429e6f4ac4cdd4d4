import type { IFileSystem } from 'just-bash';
import { FileError, type FileSystem } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { bytesOf, fromByteString, textOf, toByteString } from './utf8.ts';

type Content = string | Uint8Array;
type Encoding = { encoding?: string | null } | string | undefined;

/** What a program looks like to whoever asks. */
const PROGRAM = {
  isFile: true,
  isDirectory: false,
  isSymbolicLink: false,
  mode: 0o755,
  size: 0,
  mtime: new Date(0),
};

/** A {@link FileError} in the words that just-bash looks for. */
class AdaptedFileError extends Error {
  readonly original: FileError;

  constructor(original: FileError, message: string) {
    super(message);
    this.original = original;
  }
}

/**
 * The machine's files as just-bash wants to see them; its errors begin with the errno's name.
 * `programs` lie in /usr/bin, so that it finds them on the PATH.
 */
export function adaptFileSystem(files: FileSystem, programs: ReadonlySet<string>): IFileSystem {
  const isProgram = (path: string) => programs.has(/^\/(?:usr\/)?bin\/([^/]+)$/.exec(path)?.[1] ?? '');
  const attempt = <T>(call: string, path: string, work: () => T): Promise<T> => {
    try {
      return Promise.resolve(work());
    } catch (error) {
      if (!(error instanceof FileError)) return Promise.reject(error as Error);
      const text = error.message.charAt(0).toLowerCase() + error.message.slice(1);
      return Promise.reject(new AdaptedFileError(error, `${error.code}: ${text}, ${call} '${path}'`));
    }
  };
  const statOf = (path: string) => {
    const { type, mode, size, modified } = files.stat(path);
    return {
      isFile: type === 'file',
      isDirectory: type === 'directory',
      isSymbolicLink: type === 'symlink',
      mode,
      size,
      mtime: new Date(modified),
    };
  };
  const copy = (from: string, to: string, recursive: boolean): void => {
    const stat = files.stat(from);
    if (stat.type === 'symlink') return files.link(files.readLink(from), to);
    if (stat.type !== 'directory') return files.write(to, files.read(from), { mode: stat.mode });
    if (!recursive) throw new FileError('EISDIR', from);
    files.makeDirectory(to, { parents: true, mode: stat.mode });
    for (const name of files.list(from)) copy(`${from}/${name}`, `${to}/${name}`, true);
  };
  const adapted = {
    readFile: (path: string, options?: Encoding) =>
      attempt('open', path, () => {
        const text = files.read(path);
        return isBinary(options) ? toByteString(text) : text;
      }),
    readFileBuffer: (path: string) => attempt('open', path, () => bytesOf(files.read(path))),
    writeFile: (path: string, content: Content, options?: Encoding) =>
      attempt('open', path, () => files.write(path, contentText(content, options))),
    appendFile: (path: string, content: Content, options?: Encoding) =>
      attempt('open', path, () => files.append(path, contentText(content, options))),
    exists: (path: string) => Promise.resolve(files.exists(path) || isProgram(path)),
    stat: (path: string) =>
      attempt('stat', path, () =>
        isProgram(path) && !files.exists(path) ? PROGRAM : statOf(files.realPath(path)),
      ),
    lstat: (path: string) => attempt('lstat', path, () => statOf(path)),
    mkdir: (path: string, options?: { recursive?: boolean }) =>
      attempt('mkdir', path, () => files.makeDirectory(path, { parents: options?.recursive ?? false })),
    readdir: (path: string) => attempt('scandir', path, () => files.list(path)),
    rm: (path: string, options?: { recursive?: boolean; force?: boolean }) =>
      attempt('rm', path, () => {
        try {
          files.remove(path, { recursive: options?.recursive ?? false });
        } catch (error) {
          if (options?.force !== true || !(error instanceof FileError) || error.code !== 'ENOENT')
            throw error;
        }
      }),
    cp: (from: string, to: string, options?: { recursive?: boolean }) =>
      attempt('cp', from, () => copy(from, to, options?.recursive ?? false)),
    mv: (from: string, to: string) => attempt('rename', from, () => files.rename(from, to)),
    resolvePath,
    getAllPaths: () => allPaths(files, '/'),
    chmod: (path: string, mode: number) => attempt('chmod', path, () => files.changeMode(path, mode)),
    symlink: (target: string, path: string) => attempt('symlink', path, () => files.link(target, path)),
    link: (from: string, to: string) => attempt('link', from, () => copy(from, to, false)),
    readlink: (path: string) => attempt('readlink', path, () => files.readLink(path)),
    realpath: (path: string) => attempt('realpath', path, () => files.realPath(path)),
    utimes: (path: string, _accessed: Date, modified: Date) =>
      attempt('utimes', path, () => files.touch(path, modified.getTime())),
  };
  return adapted as IFileSystem;
}

function isBinary(options: Encoding): boolean {
  const encoding = typeof options === 'string' ? options : options?.encoding;
  return encoding === 'binary' || encoding === 'latin1';
}

function contentText(content: Content, options: Encoding): string {
  if (typeof content !== 'string') return textOf(content);
  return isBinary(options) ? fromByteString(content) : content;
}

function allPaths(files: FileSystem, path: string): string[] {
  if (files.stat(path).type !== 'directory') return [path];
  const prefix = path === '/' ? '' : path;
  return [path, ...files.list(path).flatMap((name) => allPaths(files, `${prefix}/${name}`))];
}
