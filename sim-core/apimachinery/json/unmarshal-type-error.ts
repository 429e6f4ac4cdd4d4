/** What encoding/json calls a value in its errors. */
export function jsonKind(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/**
 * 'json: cannot unmarshal array into Go value of type string', or '… into Go struct field ObjectMeta.metadata.name of
 * type string' for a `field`. `found` is a {@link jsonKind}, or "number 1.5".
 *
 * Models encoding/json UnmarshalTypeError.Error.
 */
export function unmarshalTypeError(found: string, type: string, field?: string): string {
  const where = field === undefined ? 'Go value' : `Go struct field ${field}`;
  return `json: cannot unmarshal ${found} into ${where} of type ${type}`;
}
