import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compress, init } from '@bokuweb/zstd-wasm';
import type { LoadContext, Plugin } from '@docusaurus/types';
import { writeCheckpoint } from '../worker/checkpoint-text.ts';
import { LAB_SEED } from '../worker/protocol.ts';
import type { Checkpoint, ClusterShape } from '../worker/simulator.ts';
import { bootCluster } from '../worker/simulator.ts';

type SavedShape = Exclude<ClusterShape, 'apiserver'>;
/** The highest level: a build has time. */
const ZSTD_LEVEL = 22;
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
  await init();
  for (const shape of SHAPES) {
    const text = writeCheckpoint(await bootedCluster(shape));
    // What repeats itself in a saved cluster stands farther apart than gzip looks back.
    const packed = compress(new TextEncoder().encode(text), ZSTD_LEVEL);
    await writeFile(join(directory, `${shape}.bin`), packed);
  }
  return { name: 'lab-checkpoints' };
}
