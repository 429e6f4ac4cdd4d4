import type { KubeObject } from '../../../apimachinery/object.ts';
import { inFieldOrder } from '../../../apimachinery/json/field-order.ts';
import { goJson, goJsonAsIs } from '../../../apimachinery/json/go-json.ts';

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The object's own text, without the annotation itself, as `apply` keeps it. Ends with a newline.
 * Models pkg/util GetModifiedConfiguration.
 */
export function lastAppliedText(object: KubeObject): string {
  return `${goJson(withoutLastApplied(object))}\n`;
}

/** The object without the annotation; it has annotations then, if only an empty map of them. */
export function withoutLastApplied(object: KubeObject): KubeObject {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata.annotations ?? {};
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** The same for an object that was built here, not read: its fields keep the order of upstream's structures. */
export function lastCreatedText(object: KubeObject): string {
  return `${goJsonAsIs(inFieldOrder(object))}\n`;
}

/** The object with the annotation that says what it was applied as. */
export function withLastApplied(object: KubeObject, text = lastAppliedText(object)): KubeObject {
  const annotations = { ...object.metadata.annotations, [LAST_APPLIED]: text };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** What the live object was last applied as; undefined if it never was. */
export function lastAppliedOf(object: KubeObject): KubeObject | undefined {
  const text = object.metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as KubeObject;
  } catch {
    return undefined;
  }
}
