/**
 * The engine's WebAssembly, for who cannot read it from a file: undefined in Node. The bundler puts packed-wasm.ts in
 * the place of this module.
 */
export const wasmBinary: (() => Promise<ArrayBuffer>) | undefined = undefined;
