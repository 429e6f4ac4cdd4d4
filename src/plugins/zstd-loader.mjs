import { compress, init } from '@bokuweb/zstd-wasm';

/** A bundler's loader: packs a file with zstd, at the highest level, as the worker unpacks it. */
export default async function zstdLoader(content) {
  await init();
  return Buffer.from(compress(content, 22));
}

export const raw = true;
