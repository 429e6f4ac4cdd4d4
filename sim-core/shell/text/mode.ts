import type { FileStat } from '../../node/file-system.ts';

/** "-rw-r--r--", as ls and stat show it. */
export function modeText({ type, mode }: FileStat): string {
  const kind = { file: '-', directory: 'd', symlink: 'l', device: 'c' }[type];
  const bits = [6, 3, 0].map((shift) => {
    const part = (mode >> shift) & 7;
    return (part & 4 ? 'r' : '-') + (part & 2 ? 'w' : '-') + (part & 1 ? 'x' : '-');
  });
  const text = kind + bits.join('');
  if ((mode & 0o1000) === 0) return text;
  return text.slice(0, -1) + (text.endsWith('x') ? 't' : 'T');
}
