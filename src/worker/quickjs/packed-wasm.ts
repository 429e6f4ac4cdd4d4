import address from '@jitl/quickjs-wasmfile-release-sync/wasm';
import { unpack } from '../unpack.ts';

/** Fetches the engine's WebAssembly, which the bundler has packed: a tenth less than as a server packs it. */
export const wasmBinary = (): Promise<ArrayBuffer> => unpack(address);
