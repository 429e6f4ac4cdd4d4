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
      if (!exists) files.makeDirectory(path, { parents: true });
      else if (kind !== 'directory') fail('a directory');
      return;
    case 'FileOrCreate':
      if (!exists) files.write(path, '');
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
