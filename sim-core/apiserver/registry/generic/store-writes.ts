import type { GenericStore } from './store.ts';
import { StoreDeleter } from './store-deleter.ts';
import type { StoreParts } from './store-parts.ts';
import { StoreWriter } from './store-writer.ts';

/** What changes the objects of one store. */
export interface StoreWrites {
  readonly writer: StoreWriter;
  readonly deleter: StoreDeleter;
}

export function writesOf(store: GenericStore, parts: StoreParts): StoreWrites {
  const deleter = new StoreDeleter(store, parts);
  return { writer: new StoreWriter(store, parts, deleter), deleter };
}
