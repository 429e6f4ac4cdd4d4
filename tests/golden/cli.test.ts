import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { settle } from '../../sim-core/cli/settle.ts';
import { createCluster } from '../../sim-core/cluster/create-cluster.ts';
import type { CommandResult } from '../../sim-core/shell/command.ts';
import {
  lastLine,
  normaliseOutput,
  readTranscripts,
  type Transcript,
  type TranscriptStep,
} from './transcript.ts';

const SCORES = new URL('cli-scores.json', import.meta.url);

interface Outcome {
  readonly equal: number;
  readonly compared: number;
  readonly report: string;
}

/** Runs a transcript's lines in a fresh cluster's terminal and compares each answer. */
async function replay({ steps }: Transcript): Promise<Outcome> {
  const cluster = await createCluster({ shape: 'kubeadm', seed: 1, settle });
  const shell = cluster.openShell();
  const different: string[] = [];
  let compared = 0;
  for (const step of steps) {
    const result = await cluster.clock.until(shell.run(step.run, { stdin: step.stdin ?? '' }));
    await cluster.clock.advance(0);
    if (step.informative === true) continue;
    compared++;
    const [want, got] = [shown(step, step.last), shown(result, step.last)];
    if (want !== got) different.push(`$ ${step.run}\n   want ${want}\n   got  ${got}`);
  }
  return { equal: compared - different.length, compared, report: different.join('\n') };
}

function shown({ stdout, stderr, exit }: TranscriptStep | CommandResult, last = false): string {
  const out = last ? lastLine(stdout) : stdout;
  return JSON.stringify([exit, normaliseOutput(out), normaliseOutput(stderr)]);
}

/** GOLDEN_UPDATE=1 writes the scores that were reached; GOLDEN_REPORT=1 prints every difference. */
const { GOLDEN_UPDATE, GOLDEN_REPORT } = process.env;

describe('the terminal of the lab answers as the real kubectl does', () => {
  // How many commands of each transcript are equal at least; a number may only go up, and a
  // transcript that is missing must be equal in full.
  const scores = JSON.parse(readFileSync(SCORES, 'utf8')) as Record<string, number>;
  const reached: Record<string, number> = {};
  let [equal, compared] = [0, 0];
  afterAll(() => {
    console.log(`${equal} of ${compared} commands equal`);
    if (GOLDEN_UPDATE === undefined) return;
    const sorted = Object.entries({ ...scores, ...reached }).sort(([a], [b]) => (a < b ? -1 : 1));
    writeFileSync(SCORES, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
  });

  test.each([...readTranscripts('cli'), ...readTranscripts('cli-wide')])(
    '$name: $about',
    { timeout: 60_000 },
    async (transcript) => {
      const outcome = await replay(transcript);
      equal += outcome.equal;
      compared += outcome.compared;
      if (outcome.equal < outcome.compared) reached[transcript.name] = outcome.equal;
      if (GOLDEN_REPORT !== undefined && outcome.report !== '')
        console.log(`${transcript.name}\n${outcome.report}`);
      if (GOLDEN_UPDATE !== undefined) return;
      const least = scores[transcript.name] ?? outcome.compared;
      expect(
        outcome.equal,
        `${outcome.equal} of ${outcome.compared} commands equal\n${outcome.report}`,
      ).toBeGreaterThanOrEqual(least);
    },
  );
});
