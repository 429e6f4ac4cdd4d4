import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('scores.json', import.meta.url);

/**
 * How many answers of each scenario are equal at least; a scenario that is missing must be equal in full.
 * A number may only go up.
 */
export function readScores(): Readonly<Record<string, number>> {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, number>;
}

export function writeScores(scores: Readonly<Record<string, number>>): void {
  const sorted = Object.fromEntries(Object.entries(scores).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(FILE, `${JSON.stringify(sorted, null, 2)}\n`);
}
