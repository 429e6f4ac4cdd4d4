import type { KubeObject } from '../../apimachinery/object.ts';
import type { RestMapping } from '../resource/rest-mapper.ts';

/** The object with the namespace that it is written to. */
export function placed(object: KubeObject, mapping: RestMapping, namespace: string): KubeObject {
  if (!mapping.namespaced || object.metadata.namespace === namespace) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}
