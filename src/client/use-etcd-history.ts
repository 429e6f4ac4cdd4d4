import { useEffect, useState } from 'react';
import type { EtcdChange, EtcdKey } from '../worker/protocol.ts';
import { useLab, usePageLab } from './lab-context.tsx';
import type { LabStore } from './lab-store.ts';

/** etcd since the lab began, or since it was restored from a backup. */
export interface EtcdHistory {
  /** The revision at which that was, and the keys there were. */
  readonly first: number;
  readonly base: readonly EtcdKey[];
  readonly changes: readonly EtcdChange[];
}

/** The page's etcd, fetched once and then as it goes on; undefined before the first answer. */
export function useEtcdHistory(): EtcdHistory | undefined {
  const store = useLab();
  const { status, generation } = usePageLab();
  const [known, setKnown] = useState<
    { generation: number; past: number; history: EtcdHistory } | undefined
  >();
  const { revision, past } = status;
  const history = known?.generation === generation && known.past === past ? known.history : undefined;
  const isComplete =
    history !== undefined && (history.changes.at(-1)?.modRevision ?? history.first) >= revision;
  useEffect(() => {
    if (isComplete) return;
    let current = true;
    const asked = history === undefined ? fetchHistory(store) : fetchMore(store, history);
    asked.then(
      (fetched) => current && setKnown({ generation: store.page().generation, past, history: fetched }),
      () => {},
    );
    return () => {
      current = false;
    };
  }, [store, history, isComplete, revision, past]);
  return history;
}

async function fetchHistory(store: LabStore): Promise<EtcdHistory> {
  const changes = await store.ask('changes', { since: 0 });
  const newest = await store.ask('keys', { revision: 0 });
  const last = Math.max(0, ...newest.map(({ modRevision }) => modRevision));
  const first = (changes[0]?.modRevision ?? last + 1) - 1;
  // A compaction may have taken the beginning away: then the keys of now are all there is to begin with.
  const base = await store.ask('keys', { revision: first }).catch(() => newest);
  return { first, base, changes };
}

async function fetchMore(store: LabStore, history: EtcdHistory): Promise<EtcdHistory> {
  const added = await store.ask('changes', { since: history.changes.length });
  return { ...history, changes: [...history.changes, ...added] };
}
