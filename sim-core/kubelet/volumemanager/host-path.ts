import { FileError } from '../../node/file-system.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { MountError } from './mount-error.ts';

/** Makes sure that what lies at `path` is of the type that the volume asks for. Models pkg/volume/hostpath checkType. */
export function checkHostPath(files: FileSystem, path: string, type: string): void {
  const exists = files.exists(path);
  const kind = exists ? files.stat(files.realPath(path)).type : undefined;
  const fail = (what: string) => {
    throw new MountError(`hostPath type check failed: ${path} is not ${what}`);
  };
  switch (type) {
    case 'DirectoryOrCreate':
      if (!exists) make('mkdir', path, () => files.makeDirectory(path, { parents: true }));
      else if (kind !== 'directory') fail('a directory');
      return;
    case 'FileOrCreate':
      // Unlike mkdir -p, this makes no directory on the way.
      if (!exists) make('open', path, () => files.write(path, ''));
      else if (kind !== 'file') fail('a file');
      return;
    case 'Directory':
      if (kind !== 'directory') fail('a directory');
      return;
    case 'File':
      if (kind !== 'file') fail('a file');
      return;
    case 'Socket':
      fail('a socket file');
      return;
    case 'CharDevice':
      fail('a character device');
      return;
    case 'BlockDevice':
      fail('a block device');
      return;
    default:
  }
}

/** Does what may fail as a system call does: the kubelet tells the name of the call and the path. */
function make(call: string, path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new MountError(
      `${call} ${path}: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`,
    );
  }
}
