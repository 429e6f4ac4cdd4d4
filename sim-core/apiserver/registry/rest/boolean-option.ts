/**
 * A boolean of a query as Kubernetes reads it: a parameter that is there is true unless it says "false" or "0".
 * Models apimachinery/pkg/runtime Convert_Slice_string_To_bool.
 */
export const booleanOption = (value: string | undefined) =>
  value !== undefined && value.toLowerCase() !== 'false' && value !== '0';
