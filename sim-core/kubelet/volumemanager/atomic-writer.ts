import type { FileSystem } from '../../node/file-system.ts';

/** A file of a volume: its path below the volume, its text and its permission bits. */
export interface ProjectedFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  /** Missing: root. */
  readonly owner?: string;
  readonly group?: string;
}

/**
 * Writes the files of a volume so that readers see all of them change at once: they lie in a directory of
 * their own, to which a link leads.
 *
 *     ca.crt → ..data/ca.crt      ..data → ..2026_11_23_09_00_00.1234567890
 *
 * Does nothing if the files are there already. Models pkg/volume/util AtomicWriter.
 */
export function writeAtomically(
  files: FileSystem,
  directory: string,
  payload: readonly ProjectedFile[],
  now: number,
): void {
  const data = `${directory}/..data`;
  const old = files.exists(data) ? files.readLink(data) : undefined;
  if (old !== undefined && isSame(files, `${directory}/${old}`, payload)) return;
  const fresh = `..${timeText(now)}`;
  const target = `${directory}/${fresh}`;
  files.makeDirectory(target, { parents: true });
  for (const { path, text, mode, owner, group } of payload) {
    const slash = path.lastIndexOf('/');
    if (slash > 0) files.makeDirectory(`${target}/${path.slice(0, slash)}`, { parents: true });
    files.write(`${target}/${path}`, text, {
      mode,
      ...(owner !== undefined && { owner }),
      ...(group !== undefined && { group }),
    });
  }
  if (old !== undefined) files.remove(data);
  files.link(fresh, data);
  const shown = new Set(payload.map(({ path }) => path.split('/')[0]!));
  const present = files.list(directory);
  for (const name of present) {
    if (name.startsWith('..') || shown.has(name)) continue;
    files.remove(`${directory}/${name}`);
  }
  for (const name of shown) {
    if (!present.includes(name)) files.link(`..data/${name}`, `${directory}/${name}`);
  }
  if (old !== undefined && old !== fresh) files.remove(`${directory}/${old}`, { recursive: true });
}

function isSame(files: FileSystem, directory: string, payload: readonly ProjectedFile[]): boolean {
  if (!files.exists(directory)) return false;
  const present = new Set(filesBelow(files, directory));
  return (
    present.size === payload.length &&
    payload.every(({ path, text }) => present.has(path) && files.read(`${directory}/${path}`) === text)
  );
}

function filesBelow(files: FileSystem, directory: string, prefix = ''): string[] {
  return files.list(directory).flatMap((name) => {
    const path = `${directory}/${name}`;
    return files.stat(path).type === 'directory'
      ? filesBelow(files, path, `${prefix}${name}/`)
      : [`${prefix}${name}`];
  });
}

/** "2026_11_23_09_00_00.250000000". */
function timeText(now: number): string {
  const iso = new Date(now).toISOString();
  return `${iso.slice(0, 19).replace(/[-T:]/g, '_')}.${iso.slice(20, 23)}000000`;
}
