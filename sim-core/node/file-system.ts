import type { FileFormat } from './file-content.ts';
import type { InputStream } from './program.ts';

/** What lies at a path. Times are simulated milliseconds since the Unix epoch. */
export interface FileStat {
  /** A `device` swallows what is written, as /dev/null does. */
  readonly type: 'file' | 'directory' | 'symlink' | 'device';
  /** Permission bits: 0o600. */
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
  readonly size: number;
  readonly modified: number;
}

/** Tells that something under a watched directory was written, made or removed. */
export type FileListener = (path: string) => void;

/**
 * The files of one machine. Paths are absolute and normalised by the callee.
 * All methods throw {@link FileError} with the words of the C library.
 */
export interface FileSystem {
  /** True if something lies at `path`, links followed. */
  exists(path: string): boolean;
  /** Of the link itself if `path` is one, as lstat; with {@link realPath} of what it leads to. */
  stat(path: string): FileStat;
  /** Where the link at `path` points; EINVAL if it is none. */
  readLink(path: string): string;
  /** The absolute path with every link followed. */
  realPath(path: string): string;
  /** Text of a file. Of a device it is empty: who wants what comes out of that opens it. */
  read(path: string): string;
  /** What a file or a device gives to who reads it piece by piece; some devices have no end. */
  open(path: string): InputStream;
  /** What a file says in the form of `format`, read once for each time that it is written; throws what `format.parse` throws. */
  readAs<T>(path: string, format: FileFormat<T>): T;
  /** Makes or replaces a file; its directory must exist. Keeps the mode of a file that exists. */
  write(path: string, text: string, options?: { mode?: number; owner?: string; group?: string }): void;
  /** Writes `value`, printed when somebody first reads the file. */
  writeAs<T>(
    path: string,
    format: FileFormat<T>,
    value: T,
    options?: { mode?: number; owner?: string; group?: string },
  ): void;
  append(path: string, text: string): void;
  /** Names in a directory, sorted by code point. */
  list(path: string): string[];
  /** `parents` makes what is missing and accepts what is there, as mkdir -p. */
  makeDirectory(
    path: string,
    options?: { parents?: boolean; mode?: number; owner?: string; group?: string },
  ): void;
  remove(path: string, options?: { recursive?: boolean }): void;
  rename(from: string, to: string): void;
  link(target: string, path: string): void;
  changeMode(path: string, mode: number): void;
  /** Missing parts stay as they are. */
  changeOwner(path: string, owner: { owner?: string; group?: string }): void;
  /** Sets the time of last change: to `time`, or to now. Makes an empty file if there is none, as touch. */
  touch(path: string, time?: number): void;
  /** Why nothing can be made or changed at `path`: EROFS, EACCES; undefined where that is allowed. */
  denial(path: string): FileErrorCode | undefined;
  /** Calls `listener` after each change at or below `path`; returns a function that stops it. */
  watch(path: string, listener: FileListener): () => void;
}

export type FileErrorCode =
  'ENOENT' | 'EEXIST' | 'ENOTDIR' | 'EISDIR' | 'ENOTEMPTY' | 'EACCES' | 'EINVAL' | 'ELOOP' | 'EROFS';

const FILE_ERROR_TEXTS: Record<FileErrorCode, string> = {
  ENOENT: 'No such file or directory',
  EEXIST: 'File exists',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  ENOTEMPTY: 'Directory not empty',
  EACCES: 'Permission denied',
  EINVAL: 'Invalid argument',
  ELOOP: 'Too many levels of symbolic links',
  EROFS: 'Read-only file system',
};

/** `message` is what strerror says: "No such file or directory". */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: FileErrorCode;
  readonly path: string;

  constructor(code: FileErrorCode, path: string) {
    super(FILE_ERROR_TEXTS[code]);
    this.code = code;
    this.path = path;
  }
}
