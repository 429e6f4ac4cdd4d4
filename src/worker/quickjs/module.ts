import type { QuickJSWASMModule } from 'quickjs-emscripten';
import { newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import { wasmBinary } from './wasm-binary.ts';

const PAGE = 64 * 1024;
const INITIAL_MEMORY = 16 * 1024 * 1024;

/**
 * How much memory the engine and the program have together. QuickJS's own limit counts allocations,
 * not bytes, in its WebAssembly build: the engine's memory is bounded instead.
 */
export const MEMORY_LIMIT = 64 * 1024 * 1024;

let loaded: Promise<QuickJSWASMModule> | undefined;

/** The QuickJS engine; loaded once. */
export function loadQuickJs(): Promise<QuickJSWASMModule> {
  loaded ??= newQuickJSWASMModuleFromVariant(
    newVariant(variant, {
      ...(wasmBinary !== undefined && { wasmBinary }),
      wasmMemory: new WebAssembly.Memory({ initial: INITIAL_MEMORY / PAGE, maximum: MEMORY_LIMIT / PAGE }),
      // An engine that a program left in pieces says so when it is thrown away: nobody needs to know.
      emscriptenModule: { printErr: () => {} } as object,
    }),
  );
  return loaded;
}

/** Drops an engine that failed inside or is full, so that the next program gets a new one. */
export function discardQuickJs(): void {
  loaded = undefined;
}
