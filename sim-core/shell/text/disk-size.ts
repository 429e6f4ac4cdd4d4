import type { FileStat } from '../../node/file-system.ts';

const BLOCK = 4096;

/** How many KiB something takes on a disk whose blocks have 4 KiB, as on ext4. */
export function diskSize({ type, size }: FileStat): number {
  return type === 'file' || type === 'directory' ? (Math.ceil(size / BLOCK) * BLOCK) / 1024 : 0;
}

export function humanSize(size: number): string {
  let value = size;
  for (const unit of ['', 'K', 'M', 'G']) {
    if (value < 1024 || unit === 'G') {
      const rounded = unit !== '' && value < 10 ? Math.ceil(value * 10) / 10 : Math.ceil(value);
      return (unit !== '' && value < 10 ? rounded.toFixed(1) : String(rounded)) + unit;
    }
    value /= 1024;
  }
  return String(size);
}
