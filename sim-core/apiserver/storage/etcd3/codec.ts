import { setField } from '../../../apimachinery/copy.ts';
import { flat } from '../../../apimachinery/flat-text.ts';
import { METADATA_FIELDS } from '../../../apimachinery/json/field-order.ts';
import { goJson } from '../../../apimachinery/json/go-json.ts';
import { textBelowKind } from '../../../apimachinery/managedfields/object-text.ts';
import type { KubeObject, ObjectMeta } from '../../../apimachinery/object.ts';
import { fromBytes, toBytes } from '../../../etcd/clientv3/bytes.ts';
import type { KeyValue } from '../../../etcd/clientv3/client.ts';
import type { FromStorage, Transformer } from '../value/transformer.ts';

/** The fields of ObjectMeta that are stored, in the order in which they are written. */
const STORED_METADATA = METADATA_FIELDS.filter((field) => field !== 'selfLink');

/** How objects of a resource differ in etcd. */
export interface StoredForm {
  /** Completes what is read from etcd, which others may have written. */
  fillDefaults(object: KubeObject): void;
  /** Set where etcd holds another kind or version; return new objects. */
  readonly toStored?: ((object: KubeObject) => KubeObject) | undefined;
  readonly fromStored?: ((object: KubeObject) => KubeObject) | undefined;
  /** What was written reads as it is stored, with the defaults that `fromStored` fills. */
  readonly isLossy?: boolean | undefined;
  /** Objects of a CustomResourceDefinition, which Go holds as maps. */
  readonly isCustom?: boolean | undefined;
  /** Changes values on their way: encryption at rest. */
  readonly transformer?: Transformer | undefined;
}

/** A value cannot be read as it is stored: its key is not known, or it was tampered with. */
export class TransformError extends Error {
  override readonly name = 'TransformError';
}

/** An object whose write is under way: its text, and itself, which has no resource version yet. */
export interface Written {
  readonly text: string;
  readonly object: KubeObject;
}

/** An object as it was decoded. */
interface Decoded {
  readonly modRevision: number;
  /** In etcd. An etcd that was restored from a backup gives revisions out again: the number alone does not tell. */
  readonly text: string;
  readonly object: KubeObject;
  /** It is stored in another way than it would be now. */
  readonly stale: boolean;
  /** Its text was made of it. */
  readonly written: boolean;
}

/**
 * Turns objects into etcd's text and back. Decodes each (key, mod revision, text) once: the newest object
 * of each key is remembered, so the writer, the watch cache and later readers share one object.
 */
export class ObjectCodec {
  readonly #form: StoredForm;
  readonly #plain: ObjectCodec | undefined;
  /** Objects whose write is under way. */
  readonly #written = new Map<string, Written>();
  readonly #newest = new Map<string, Decoded>();

  /** `plain`: that of the same keys which converts nothing. What it wrote need not be read from its text. */
  constructor(form: StoredForm, plain?: ObjectCodec) {
    this.#form = form;
    this.#plain = plain;
  }

  /**
   * What to store at `key`: JSON in upstream's order, without the resource version, which is
   * etcd's. Whoever sees this text come back first, the writer or the watch, takes the object itself.
   */
  encode(key: string, object: KubeObject): Written {
    const { transformer, toStored, fromStored, isLossy = false, isCustom = false } = this.#form;
    const ordered = inOrder(object, undefined);
    const converted = toStored?.(object) ?? object;
    const stored = converted === object ? ordered : inOrder(converted, undefined);
    const plain = flat(
      isCustom
        ? `${goJson(stored)}\n`
        : `{"kind":"${stored.kind}","apiVersion":"${stored.apiVersion}",${textBelowKind(stored)}`,
    );
    const text =
      transformer === undefined ? plain : fromBytes(transformer.toStorage(toBytes(plain), toBytes(key)));
    const kept = isLossy ? inOrder(fromStored!(stored), undefined) : ordered;
    const written = { text, object: kept };
    this.#written.set(key, written);
    return written;
  }

  /** The object that `encode` was given, as it is after it was written at `modRevision`. */
  remember(key: string, { object, text }: Written, modRevision: number): KubeObject {
    this.#written.delete(key);
    const known = this.#known({ key, modRevision, value: text });
    if (known !== undefined) return known.object;
    // Its place among the fields was kept.
    object.metadata.resourceVersion = String(modRevision);
    this.#keep(key, { modRevision, text, object, stale: false, written: true });
    return object;
  }

  /** What the text of a key-value pair says, if it was made of an object that is still known. */
  asWritten(kv: KeyValue): KubeObject | undefined {
    const known = this.#known(kv);
    return known?.written === true ? known.object : undefined;
  }

  /** True if what was read of the key at this revision should be written anew, in the way that is used now. */
  isStale(kv: KeyValue): boolean {
    return this.#known(kv)?.stale === true;
  }

  /**
   * The object of a key-value pair that was read. Throws an Error with JSON's complaint for a broken
   * text, and a TransformError for a value that the transformer cannot read.
   */
  decode(kv: KeyValue): KubeObject {
    const known = this.#known(kv);
    if (known !== undefined) return known.object;
    const written = this.#written.get(kv.key);
    if (written?.text === kv.value) return this.remember(kv.key, written, kv.modRevision);
    const read = this.#fromStorage(kv);
    const text = read === undefined ? kv.value : fromBytes(read.data);
    const stored = this.#plain?.asWritten(kv) ?? (JSON.parse(text) as KubeObject);
    const parsed = this.#form.fromStored?.(stored) ?? stored;
    if (this.#form.isLossy !== true) this.#form.fillDefaults(parsed);
    const object = inOrder(parsed, String(kv.modRevision));
    const stale = read?.stale ?? false;
    this.#keep(kv.key, { modRevision: kv.modRevision, text: kv.value, object, stale, written: false });
    return object;
  }

  #fromStorage(kv: KeyValue): FromStorage | undefined {
    try {
      return this.#form.transformer?.fromStorage(toBytes(kv.value), toBytes(kv.key));
    } catch (error) {
      throw new TransformError((error as Error).message);
    }
  }

  /** The write of what `encode` was given did not happen. */
  abandon(key: string): void {
    this.#written.delete(key);
  }

  /** The key was deleted. */
  forget(key: string): void {
    this.#newest.delete(key);
  }

  #known({ key, modRevision, value }: Pick<KeyValue, 'key' | 'modRevision' | 'value'>): Decoded | undefined {
    const known = this.#newest.get(key);
    return known?.modRevision === modRevision && known.text === value ? known : undefined;
  }

  #keep(key: string, decoded: Decoded): void {
    const known = this.#newest.get(key);
    if (known === undefined || known.modRevision <= decoded.modRevision) this.#newest.set(key, decoded);
  }
}

/**
 * A copy (of the object and its metadata only) in upstream's field order. A resource version that is undefined
 * has its place nevertheless.
 */
export function inOrder(object: KubeObject, resourceVersion: string | undefined): KubeObject {
  const { metadata } = object;
  const orderedMetadata: ObjectMeta = {};
  for (const field of STORED_METADATA) {
    if (field === 'resourceVersion') {
      orderedMetadata.resourceVersion = resourceVersion!;
      continue;
    }
    const value = metadata[field];
    if (value !== undefined) (orderedMetadata as Record<string, unknown>)[field] = value;
  }
  const ordered: KubeObject = {
    kind: object.kind!,
    apiVersion: object.apiVersion!,
    metadata: orderedMetadata,
  };
  for (const field in object) {
    if (field !== 'kind' && field !== 'apiVersion' && field !== 'metadata') {
      setField(ordered, field, object[field]);
    }
  }
  return ordered;
}
