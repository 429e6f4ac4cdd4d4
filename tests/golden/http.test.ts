import { afterAll, describe, expect, test } from 'vitest';
import { newBareServer } from './bare-server.ts';
import { DIFFERENCES } from './differences.ts';
import type { Difference } from './normalise.ts';
import { differencesOf, normalise } from './normalise.ts';
import { readScenarios } from './recording.ts';
import type { Answer, Scenario } from './recording.ts';
import { replay } from './replay.ts';
import { readScores, writeScores } from './scores.ts';

interface Result {
  readonly equal: number;
  /** Steps that are compared. */
  readonly compared: number;
  readonly different: readonly { readonly step: string; readonly differences: readonly Difference[] }[];
}

/** Replays a scenario on a fresh server and compares each answer. */
async function compare(scenario: Scenario): Promise<Result> {
  const server = await newBareServer();
  const answers: readonly (Answer | undefined)[] = await replay(server, scenario);
  const comparison = { managedFields: scenario.managedFields ?? false, port: server.port };
  const different: { step: string; differences: Difference[] }[] = [];
  let compared = 0;
  scenario.steps.forEach((step, index) => {
    if (`${scenario.name}#${index}` in DIFFERENCES) return;
    compared++;
    const differences = differencesOf(
      normalise(step.response, comparison),
      normalise(answers[index] ?? null, comparison),
    );
    if (differences.length > 0) {
      different.push({ step: `#${index} ${step.method} ${step.path}`, differences });
    }
  });
  return { equal: compared - different.length, compared, different };
}

/** The first differences of each step, short enough to read. */
function report({ different }: Result): string {
  const short = (value: unknown) => JSON.stringify(value)?.slice(0, 200);
  return different
    .map(({ step, differences }) =>
      [
        step,
        ...differences
          .slice(0, 4)
          .map(({ path, want, got }) => `   ${path}: want ${short(want)} got ${short(got)}`),
      ].join('\n'),
    )
    .join('\n');
}

/** GOLDEN_UPDATE=1 writes the scores that were reached; GOLDEN_REPORT=1 prints every difference. */
const { GOLDEN_UPDATE, GOLDEN_REPORT } = process.env;

describe.each([
  ['answers of a kube-apiserver', 'http'],
  ['answers to odder requests', 'wide'],
] as const)('%s', (about, folder) => {
  const scores = readScores();
  const reached = new Map<string, number>();
  let equal = 0;
  let compared = 0;
  afterAll(() => {
    const better = [...reached].filter(([name, score]) => score > (scores[name] ?? score));
    const hint =
      better.length === 0 ? '' : ` (better than recorded: ${better.map(([name]) => name).join(', ')})`;
    console.log(`${about}: ${equal} of ${compared} equal${hint}`);
    if (GOLDEN_UPDATE !== undefined) writeScores({ ...readScores(), ...Object.fromEntries(reached) });
  });

  test.each(readScenarios(folder))('$name: $about', async (scenario) => {
    const result = await compare(scenario);
    equal += result.equal;
    compared += result.compared;
    reached.set(scenario.name, result.equal);
    if (GOLDEN_REPORT !== undefined) {
      console.log(`${scenario.name} ${result.equal}/${result.compared}\n${report(result)}`);
    }
    if (GOLDEN_UPDATE !== undefined) return;
    const least = scores[scenario.name] ?? result.compared;
    expect(
      result.equal,
      `${result.equal} of ${result.compared} answers equal, at least ${least} expected\n${report(result)}`,
    ).toBeGreaterThanOrEqual(least);
  });
});
