import type { Checkpoint } from './checkpoint.ts';
import type { Credentials } from './cluster.ts';
import type { Foundation } from './foundation.ts';
import { saveFoundation } from './foundation.ts';

/** Takes a checkpoint. Throws if the cluster is in the middle of something. */
export function saveCluster(
  { clock, machines, runtimes, services }: Foundation,
  seed: number,
  credentials: ReadonlyMap<string, Credentials>,
): Checkpoint {
  if (!clock.quiet) throw new Error('a checkpoint can only be taken of a cluster that is quiet');
  return {
    v: 1,
    seed,
    time: clock.now(),
    ...saveFoundation(services),
    machines: [...machines].map(([name, machine]) => {
      const runtime = runtimes.get(name);
      return {
        machine: machine.save(),
        ...(runtime !== undefined && {
          runtime: {
            containerd: runtime.containerd.save(),
            podNetwork: runtime.podNetwork.save(),
            images: runtime.images.present(),
          },
        }),
      };
    }),
    credentials: [...credentials].map(([name, { certificate }]) => [name, certificate?.pem ?? ''] as const),
  };
}
