/** One line of `npm run bench`. `peer` names what the value is compared with, measured in the same run. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer?: string;
  readonly peerValue?: number;
}

/** One benchmark: measures and says what came out. */
export interface Benchmark {
  readonly name: string;
  run(): Promise<readonly Measurement[]>;
}

export { settle } from '../../sim-core/cli/settle.ts';

/**
 * The median of how many milliseconds `work` takes, over `runs` runs after `warmUp` that do not count.
 */
export async function medianMilliseconds(
  work: () => Promise<unknown>,
  { runs, warmUp }: { readonly runs: number; readonly warmUp: number },
): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < warmUp + runs; run++) {
    const started = performance.now();
    await work();
    if (run >= warmUp) times.push(performance.now() - started);
  }
  return median(times);
}

/** CPU milliseconds that `work` takes. */
export async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The measurement as the line that is printed: JSON with the ratio to the peer. */
export function lineOf({ name, value, unit, peer, peerValue }: Measurement): string {
  const ratio = peerValue === undefined ? null : rounded(value / peerValue);
  return JSON.stringify({
    name,
    value: rounded(value),
    unit,
    peer: peer ?? null,
    peerValue: peerValue === undefined ? null : rounded(peerValue),
    ratio,
  });
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
