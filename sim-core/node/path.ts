/** The path without ".", ".." and doubled slashes; `path` must be absolute. */
export function normalizePath(path: string): string {
  return `/${pathSegments(path).join('/')}`;
}

/** The names on the way from the root, "." and ".." taken away by words alone. */
export function pathSegments(path: string): string[] {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(segment);
  }
  return segments;
}

/** "/etc/kubernetes" of "/etc/kubernetes/admin.conf"; "/" of what lies at the root. */
export function directoryName(path: string): string {
  return normalizePath(`${path}/..`);
}

/** "admin.conf" of "/etc/kubernetes/admin.conf"; "" of the root. */
export function baseName(path: string): string {
  return pathSegments(path).at(-1) ?? '';
}

/** `path` seen from `directory`, normalised; an absolute path stays. */
export function resolvePath(directory: string, path: string): string {
  return normalizePath(path.startsWith('/') ? path : `${directory}/${path}`);
}
