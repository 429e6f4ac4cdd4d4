import address from '@generated/checkpoints/quickjs.bin';
import { unpack } from '../unpack.ts';

/** Fetches the engine's WebAssembly, which the build has packed: a tenth less than as a server packs it. */
export const wasmBinary = (): Promise<ArrayBuffer> => unpack(address);
