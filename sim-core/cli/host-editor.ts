import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Editor } from '../shell/command.ts';

/** The reader's own editor ($VISUAL, $EDITOR or vi), on a copy of the simulated file. */
export function hostEditor(): Editor {
  return {
    edit(path, text) {
      const directory = mkdtempSync(join(tmpdir(), 'sim-'));
      const copy = join(directory, basename(path));
      try {
        writeFileSync(copy, text);
        const before = statSync(copy).mtimeMs;
        const editor = process.env.VISUAL || process.env.EDITOR || 'vi';
        const { status } = spawnSync(`${editor} "${copy}"`, { shell: true, stdio: 'inherit' });
        const saved = status === 0 && statSync(copy).mtimeMs !== before;
        return Promise.resolve(saved ? readFileSync(copy, 'utf8') : undefined);
      } finally {
        rmSync(directory, { recursive: true });
      }
    },
  };
}
