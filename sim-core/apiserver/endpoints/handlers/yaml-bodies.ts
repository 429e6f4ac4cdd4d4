import { stringify } from 'yaml';
import type { Json } from '../../../apimachinery/object.ts';

export { parseYaml } from '../../../apimachinery/json/yaml.ts';

/** The value as sigs.k8s.io/yaml writes it: keys in the order of the alphabet. */
export function yamlText(value: Json): string {
  return stringify(value, { sortMapEntries: true, aliasDuplicateObjects: false, lineWidth: 0 });
}
