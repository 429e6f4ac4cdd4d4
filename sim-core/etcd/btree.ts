import SortedBTree from 'sorted-btree';

/**
 * The B+ tree of the package sorted-btree. It is a CommonJS module: Node hands out its `exports` as
 * the default import where bundlers hand out the class, so both are looked at here, in one place.
 */
export const BTree = (SortedBTree as { readonly default?: typeof SortedBTree }).default ?? SortedBTree;
export type BTree<K, V> = SortedBTree<K, V>;

/** The order of texts by UTF-16 code unit, as JavaScript compares them. */
export function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a === b ? 0 : 1;
}
