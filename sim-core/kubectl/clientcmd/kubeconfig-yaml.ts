import { parseYaml } from '../../apimachinery/json/yaml.ts';
import type { ParseYaml } from './kubeconfig-file.ts';
import { checkShape } from './kubeconfig-shape.ts';

/** Reads any kubeconfig; throws an Error with client-go's words for what is none. Fetched where a file wants it. */
export const parseKubeconfig: ParseYaml = (text) => {
  const { value } = parseYaml(text);
  checkShape(value);
  return value;
};
