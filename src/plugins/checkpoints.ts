import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadContext, Plugin } from '@docusaurus/types';
import { LAB_SEED } from '../worker/protocol.ts';
import type { Checkpoint, ClusterShape } from '../worker/simulator.ts';
import { pack } from '../worker/packing/pack.ts';
import { bootCluster } from '../worker/simulator.ts';

type SavedShape = Exclude<ClusterShape, 'apiserver'>;
const SHAPES: readonly SavedShape[] = ['kubeadm', 'manual'];

const booted = new Map<SavedShape, Promise<Checkpoint>>();

/** The lab's cluster of this shape, booted once a build. */
export function bootedCluster(shape: SavedShape): Promise<Checkpoint> {
  let checkpoint = booted.get(shape);
  if (checkpoint === undefined) {
    const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
    checkpoint = bootCluster({ shape, seed: LAB_SEED, settle });
    booted.set(shape, checkpoint);
  }
  return checkpoint;
}

/** Boots the labs' clusters and saves them where the worker fetches them: "@generated/checkpoints/<shape>.bin". */
export async function checkpointsPlugin({ generatedFilesDir }: LoadContext): Promise<Plugin> {
  const directory = join(generatedFilesDir, 'checkpoints');
  await mkdir(directory, { recursive: true });
  for (const shape of SHAPES) {
    const text = JSON.stringify(await bootedCluster(shape));
    await writeFile(join(directory, `${shape}.bin`), pack(new TextEncoder().encode(text)));
  }
  return { name: 'lab-checkpoints' };
}
