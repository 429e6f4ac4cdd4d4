/** A text that is no YAML; the message begins with "yaml: ". */
export class YamlError extends Error {
  override readonly name = 'YamlError';
}
