import { apiserverBenchmarks } from './apiserver.mts';
import { clusterBenchmarks } from './cluster.mts';
import { etcdBenchmarks } from './etcd.mts';
import { largeClusterBenchmarks } from './large-cluster.mts';
import { lineOf } from './measure.mts';
import { pageBenchmarks } from './page.mts';
import { rolloutBenchmarks } from './rollout.mts';
import { serveBenchmarks } from './serve.mts';
import { shellBenchmarks } from './shell.mts';
import { siteBenchmarks } from './site.mts';

/** `npm run bench [-- NAME…]`: runs the benchmarks whose name contains NAME, a JSON line for each value. */
const wanted = process.argv.slice(2);
let running: string | undefined;
// Node ends without a word where nothing is left to do and somebody still waits.
process.on('exit', () => {
  if (running === undefined) return;
  process.stderr.write(`${running}: waits for what never happens\n`);
  process.exitCode = 1;
});
for (const benchmark of [
  ...clusterBenchmarks,
  ...rolloutBenchmarks,
  ...largeClusterBenchmarks,
  ...apiserverBenchmarks,
  ...serveBenchmarks,
  ...shellBenchmarks,
  ...etcdBenchmarks,
  ...siteBenchmarks,
  ...pageBenchmarks,
]) {
  if (wanted.length > 0 && !wanted.some((name) => benchmark.name.includes(name))) continue;
  running = benchmark.name;
  for (const measurement of await benchmark.run()) process.stdout.write(`${lineOf(measurement)}\n`);
}
running = undefined;
