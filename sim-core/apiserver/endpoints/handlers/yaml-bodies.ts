export { parseYaml } from '../../../apimachinery/json/yaml.ts';
export { toYaml } from '../../../apimachinery/json/yaml-writer.ts';
