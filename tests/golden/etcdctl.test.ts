import { describe, expect, test } from 'vitest';
import { openLab } from '../../sim-core/cli/lab.ts';
import { normaliseOutput, readTranscripts } from './transcript.ts';

describe('etcdctl in the lab answers as the real one does', () => {
  test.each(readTranscripts('etcdctl'))('$name: $about', { timeout: 60_000 }, async ({ steps }) => {
    const { clock, shell } = await openLab({ emptyEtcd: true, json: true, seed: 1 });
    const shown = ({ stdout, stderr, exit }: { stdout: string; stderr: string; exit: number }) => ({
      exit,
      stdout: normaliseOutput(stdout),
      stderr: normaliseOutput(stderr),
    });
    for (const step of steps) {
      const result = await clock.until(shell.run(step.run, { stdin: step.stdin ?? '' }));
      await clock.advance(0);
      if (step.informative !== true)
        expect({ run: step.run, ...shown(result) }).toEqual({ run: step.run, ...shown(step) });
    }
  });
});
