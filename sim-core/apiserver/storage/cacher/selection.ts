import type { KubeObject } from '../../../apimachinery/object.ts';

/** Which objects a list or a watch is about. Models storage.SelectionPredicate with its key. */
export interface Selection {
  /** Keys begin with this: of a namespace, or of the whole resource. */
  readonly prefix: string;
  /** The one key, if a name was given. */
  readonly key?: string | undefined;
  /** The value of the resource's trigger field that `matches` insists on. */
  readonly trigger?: string | undefined;
  /** A label and the value of it that `matches` insists on. */
  readonly label?: { readonly key: string; readonly value: string } | undefined;
  /** Label and field selectors; undefined selects everything. */
  readonly matches?: ((object: KubeObject) => boolean) | undefined;
}

/** True if the object at `key` is selected. */
export function selects(selection: Selection, key: string, object: KubeObject): boolean {
  if (selection.key !== undefined ? key !== selection.key : !key.startsWith(selection.prefix)) return false;
  return selection.matches === undefined || selection.matches(object);
}
