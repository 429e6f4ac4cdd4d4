import { parseYaml } from '../../apimachinery/json/yaml.ts';
import type { Json } from '../../apimachinery/object.ts';

/** The documents of a YAML (or JSON) text, empty ones left out. Throws a YamlError. */
export function readYaml(text: string): Json[] {
  return [...yamlDocuments(text)];
}

/**
 * The same one by one: those before a document that is none are read well.
 * Models k8s.io/apimachinery/pkg/util/yaml YAMLOrJSONDecoder.
 */
export function* yamlDocuments(text: string): Generator<Json> {
  for (const document of text.replace(/^\ufeff/, '').split(/^---(?:[ \t].*)?$/m)) {
    if (document.trim() === '') continue;
    const { value } = parseYaml(document.replace(/^\n/, ''));
    if (value !== null) yield value;
  }
}
