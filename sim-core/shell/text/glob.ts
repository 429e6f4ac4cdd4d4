import { quote } from './posix-pattern.ts';

/** A name's pattern as fnmatch takes it ("*.yaml", "[ab]?"), for the whole name; * goes over slashes too. */
export function globPattern(glob: string, ignoreCase = false): RegExp {
  let source = '';
  for (let at = 0; at < glob.length; at++) {
    const character = glob[at]!;
    const close = character === '[' ? glob.indexOf(']', at + 2) : -1;
    if (character === '*') source += '.*';
    else if (character === '?') source += '.';
    else if (close > 0) {
      const inside = glob
        .slice(at + 1, close)
        .replace(/^!/, '^')
        .replace(/[\\[]/g, '\\$&');
      source += `[${inside}]`;
      at = close;
    } else source += quote(character === '\\' ? (glob[++at] ?? '\\') : character);
  }
  return new RegExp(`^${source}$`, ignoreCase ? 'sui' : 'su');
}
