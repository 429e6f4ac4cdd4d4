import type { FileSystem } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { expandWord } from '../../shell/expand.ts';

/** The paths that -f means: itself, or those that match it as a pattern. Models cli-runtime expandIfFilePattern. */
export function matchingPaths(pattern: string, files: FileSystem, cwd: string): string[] {
  if (files.exists(resolvePath(cwd, pattern))) return [pattern];
  if (!/[*?[]/.test(pattern)) return [];
  return expandWord([{ type: 'text', text: pattern, quoted: false }], {
    ...{ files, cwd, home: '' },
    variable: () => undefined,
  }).filter((path) => files.exists(resolvePath(cwd, path)));
}
