import { findScenario } from '../labs/index.ts';
import type { Cluster } from './simulator.ts';

/** How much simulated time a line may take. */
const LINE_LIMIT = 30 * 60_000;

/** Does to a cluster what the scenario says. Rejects if a line of it fails: a scenario is part of the site. */
export async function breakCluster(cluster: Cluster, name: string): Promise<void> {
  const { breaks } = findScenario(name);
  const shell = cluster.openShell();
  for (const line of breaks) {
    const { exit, stderr } = await cluster.clock.until(shell.run(line), LINE_LIMIT);
    if (exit !== 0) throw new Error(`scenario ${name}: ${line}: exit ${exit}: ${stderr}`);
  }
}
