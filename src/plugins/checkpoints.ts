import { mkdir, readFile, writeFile } from 'node:fs/promises';
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

/**
 * Boots the labs' clusters and saves them where the worker fetches them: "@generated/checkpoints/<shape>.bin"; the
 * engine of programs lies packed beside them.
 */
export async function checkpointsPlugin({ generatedFilesDir }: LoadContext): Promise<Plugin> {
  const directory = join(generatedFilesDir, 'checkpoints');
  await mkdir(directory, { recursive: true });
  await init();
  const save = (name: string, bytes: Uint8Array) =>
    writeFile(join(directory, `${name}.bin`), compress(bytes, ZSTD_LEVEL));
  for (const shape of SHAPES) {
    const text = writeCheckpoint(await bootedCluster(shape));
    // What repeats itself in a saved cluster stands farther apart than gzip looks back.
    await save(shape, new TextEncoder().encode(text));
  }
  await save('quickjs', await readFile(require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')));
  return { name: 'lab-checkpoints' };
}
