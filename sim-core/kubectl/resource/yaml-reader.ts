import { parseYaml } from '../../apimachinery/json/yaml.ts';
import type { Json } from '../../apimachinery/object.ts';

/**
 * The documents of a YAML (or JSON) text, empty ones left out. Throws a YamlError.
 * Models k8s.io/apimachinery/pkg/util/yaml YAMLOrJSONDecoder.
 */
export function readYaml(text: string): Json[] {
  return text
    .replace(/^\ufeff/, '')
    .split(/^---(?:[ \t].*)?$/m)
    .filter((document) => document.trim() !== '')
    .map((document) => parseYaml(document.replace(/^\n/, '')).value)
    .filter((value) => value !== null);
}
