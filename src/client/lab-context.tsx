import type { ReactNode } from 'react';
import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { LAB_SEED } from '../worker/protocol.ts';
import type { BlockData } from './block.ts';
import type { WorkerLike } from './lab-client.ts';
import type { BlockState, PageLab } from './lab-store.ts';
import { LabStore } from './lab-store.ts';
import { holdWhile } from './site-leaving.ts';

const LabContext = createContext<LabStore | undefined>(undefined);

const spawn = (): WorkerLike =>
  new Worker(new URL('../worker/index.ts', import.meta.url), { type: 'module' });

/** One lab for the live blocks inside; nothing starts before the first of them is run. */
export function LabProvider({ page, children }: { readonly page: string; readonly children: ReactNode }) {
  const [store] = useState(() => new LabStore(page, spawn, LAB_SEED));
  useEffect(() => {
    void store.restoreLog();
    return () => store.dispose();
  }, [store]);
  useEffect(() => holdWhile(() => store.page().busy), [store]);
  return <LabContext value={store}>{children}</LabContext>;
}

export function useLab(): LabStore {
  const store = useContext(LabContext);
  if (store === undefined) throw new Error('a live block needs a LabProvider around it');
  return store;
}

/** The state of one block; tells the store of it first. */
export function useBlock(data: BlockData, code: string): BlockState {
  const store = useLab();
  useState(() => store.register(data, code));
  const read = () => store.block(data.id);
  const state = useSyncExternalStore(store.subscribe, read, read);
  useEffect(() => void store.restoreEdit(data.id), [store, data.id]);
  return state;
}

export function usePageLab(): PageLab {
  const store = useLab();
  return useSyncExternalStore(store.subscribe, store.page, store.page);
}
