import type { EtcdChange, EtcdKey } from '../worker/protocol.ts';

/** A key as it stands at a revision; deleted ones are tombstones. */
export interface KeyState extends EtcdKey {
  readonly deleted: boolean;
}

/** A line of the tree: a group of keys, or a key. */
export type TreeRow =
  | { readonly type: 'group'; readonly prefix: string; readonly count: number; readonly open: boolean }
  | { readonly type: 'key'; readonly prefix: string; readonly state: KeyState };

/** All keys at `revision`, in order: those of the lab's beginning, with what was written since. */
export function keysAt(
  base: readonly EtcdKey[],
  changes: readonly EtcdChange[],
  revision: number,
): readonly KeyState[] {
  const states = new Map<string, KeyState>();
  for (const key of base) states.set(key.key, { ...key, deleted: false });
  for (const change of changes) {
    if (change.modRevision > revision) break;
    const { key, createRevision, modRevision, version, lease, type } = change;
    const deleted = type === 'delete';
    states.set(key, { key, createRevision, modRevision, version, lease, deleted });
  }
  return [...states.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** "/registry/pods" of "/registry/pods/default/web"; groups of the API keep their name: "/registry/apps.io/x". */
export function groupOf(key: string): string {
  const parts = key.split('/');
  return parts.length <= 3 ? parts.slice(0, -1).join('/') || '/' : parts.slice(0, 3).join('/');
}

/** The rows that are seen: all groups, and the keys of those that are open. A search opens what it finds. */
export function treeRows(
  states: readonly KeyState[],
  open: ReadonlySet<string>,
  search: string,
): readonly TreeRow[] {
  const groups = new Map<string, KeyState[]>();
  const wanted = search.trim().toLowerCase();
  for (const state of states) {
    if (wanted !== '' && !state.key.toLowerCase().includes(wanted)) continue;
    const prefix = groupOf(state.key);
    const group = groups.get(prefix);
    if (group === undefined) groups.set(prefix, [state]);
    else group.push(state);
  }
  return [...groups].flatMap(([prefix, keys]): TreeRow[] => {
    const isOpen = wanted !== '' || open.has(prefix);
    const group: TreeRow = { type: 'group', prefix, count: keys.length, open: isOpen };
    return isOpen ? [group, ...keys.map((state): TreeRow => ({ type: 'key', prefix, state }))] : [group];
  });
}
