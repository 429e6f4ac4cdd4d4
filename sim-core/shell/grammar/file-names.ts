import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { ShellSession } from '../session.ts';
import { patternMatcher } from './pattern.ts';

/** The files that a pattern matches, sorted; relative ones stay relative. */
export function matchFiles(pattern: string, { machine, cwd, options }: ShellSession): string[] {
  const { files } = machine;
  const segments = pattern.split('/');
  const absolute = segments[0] === '';
  let found = [absolute ? '/' : ''];
  for (const [index, segment] of (absolute ? segments.slice(1) : segments).entries()) {
    const join = (base: string, name: string) =>
      base === '' || base.endsWith('/') ? base + name : `${base}/${name}`;
    const list = (base: string): readonly string[] => {
      try {
        return files.list(resolvePath(cwd, base === '' ? '.' : base));
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        return [];
      }
    };
    if (segment === '') {
      if (index > 0) found = found.filter((base) => isDirectory(base)).map((base) => `${base}/`);
      continue;
    }
    if (segment === '**' && options.has('globstar')) {
      const walk = (base: string): string[] => [
        base,
        ...list(base)
          .filter((name) => !name.startsWith('.'))
          .flatMap((name) => (isDirectory(join(base, name)) ? walk(join(base, name)) : [join(base, name)])),
      ];
      found = found.flatMap(walk).filter((path) => path !== '');
      continue;
    }
    const plain = segment.replace(/\\(.)/g, '$1');
    if (!/[*?[]|[@+!]\(/.test(segment.replace(/\\./g, ''))) {
      found = found.map((base) => join(base, plain)).filter((path) => files.exists(resolvePath(cwd, path)));
      continue;
    }
    const matcher = patternMatcher(segment, options.has('nocaseglob') ? 'i' : '');
    const hidden = segment.startsWith('.') || options.has('dotglob');
    found = found.flatMap((base) =>
      list(base)
        .filter((name) => (hidden || !name.startsWith('.')) && matcher.test(name))
        .map((name) => join(base, name)),
    );
  }
  return found.sort();

  function isDirectory(path: string): boolean {
    const full = resolvePath(cwd, path);
    return files.exists(full) && files.stat(files.realPath(full)).type === 'directory';
  }
}
