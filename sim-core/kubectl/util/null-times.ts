import type { Json, JsonObject, KubeObject } from '../../apimachinery/object.ts';

/** Without the times of creation that are none; templates of pods that were stored have them: `creationTimestamp: null`. */
export function withoutNullTimes(object: KubeObject): KubeObject {
  return strip(object as unknown as Json) as unknown as KubeObject;
}

function strip(value: Json): Json {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null) return value;
  const kept: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key !== 'creationTimestamp' || inner !== null) kept[key] = strip(inner);
  }
  return kept;
}
