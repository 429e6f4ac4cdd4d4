import { textBelowKind } from '../../../apimachinery/managedfields/object-text.ts';
import type { KubeObject, ObjectMeta } from '../../../apimachinery/object.ts';
import type { KeyValue } from '../../../etcd/clientv3/client.ts';

/** The order in which ObjectMeta's fields are written, as in upstream's Go struct. */
const META_ORDER: readonly (keyof ObjectMeta)[] = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

/** How objects of a resource differ in etcd. */
export interface StoredForm {
  /** Completes what is read from etcd, which others may have written. */
  fillDefaults(object: KubeObject): void;
  /** Set where etcd holds another kind or version; return new objects. */
  readonly toStored?: ((object: KubeObject) => KubeObject) | undefined;
  readonly fromStored?: ((object: KubeObject) => KubeObject) | undefined;
}

/**
 * Turns objects into etcd's text and back. Decodes each (key, mod revision) once: the newest object
 * of each key is remembered, so the writer, the watch cache and later readers share one object.
 */
export class ObjectCodec {
  readonly #form: StoredForm;
  /** Objects whose write is under way. */
  readonly #written = new Map<string, { readonly text: string; readonly object: KubeObject }>();
  readonly #newest = new Map<string, { readonly modRevision: number; readonly object: KubeObject }>();

  constructor(form: StoredForm) {
    this.#form = form;
  }

  /**
   * The text to store at `key`: JSON in upstream's field order, without the resource version, which is
   * etcd's. Whoever sees this text come back first, the writer or the watch, takes the object itself.
   */
  encode(key: string, object: KubeObject): string {
    const text = this.#textOf(object);
    this.#written.set(key, { text, object });
    return text;
  }

  #textOf(object: KubeObject): string {
    const stored = inOrder(this.#form.toStored?.(object) ?? object, undefined);
    return `{"kind":${JSON.stringify(stored.kind)},"apiVersion":${JSON.stringify(stored.apiVersion)},${textBelowKind(stored)}`;
  }

  /** The object that `encode` was given, as it is after a write at `modRevision`. */
  remember(key: string, object: KubeObject, modRevision: number): KubeObject {
    this.#written.delete(key);
    const known = this.#newest.get(key);
    if (known?.modRevision === modRevision) return known.object;
    const stored = inOrder(object, String(modRevision));
    this.#keep(key, modRevision, stored);
    return stored;
  }

  /** The object of a key-value pair that was read. Throws an Error with JSON's complaint for a broken text. */
  decode(kv: KeyValue): KubeObject {
    const known = this.#newest.get(kv.key);
    if (known?.modRevision === kv.modRevision) return known.object;
    const written = this.#written.get(kv.key);
    if (written?.text === kv.value) return this.remember(kv.key, written.object, kv.modRevision);
    const stored = JSON.parse(kv.value) as KubeObject;
    const parsed = this.#form.fromStored?.(stored) ?? stored;
    this.#form.fillDefaults(parsed);
    const object = inOrder(parsed, String(kv.modRevision));
    this.#keep(kv.key, kv.modRevision, object);
    return object;
  }

  /** The write of what `encode` was given did not happen. */
  abandon(key: string): void {
    this.#written.delete(key);
  }

  /** Nothing that is remembered holds any more. */
  clear(): void {
    this.#written.clear();
    this.#newest.clear();
  }

  /** The key was deleted. */
  forget(key: string): void {
    this.#newest.delete(key);
  }

  #keep(key: string, modRevision: number, object: KubeObject): void {
    const known = this.#newest.get(key);
    if (known === undefined || known.modRevision < modRevision) {
      this.#newest.set(key, { modRevision, object });
    }
  }
}

/** A copy (of the object and its metadata only) in upstream's field order. */
export function inOrder(object: KubeObject, resourceVersion: string | undefined): KubeObject {
  const { kind, apiVersion, metadata, ...rest } = object;
  const ordered: ObjectMeta = {};
  for (const field of META_ORDER) {
    const value = field === 'resourceVersion' ? resourceVersion : metadata[field];
    if (value !== undefined) (ordered as Record<string, unknown>)[field] = value;
  }
  return { kind: kind!, apiVersion: apiVersion!, metadata: ordered, ...rest };
}
