import type { ParsedText } from '../../../apimachinery/json/parse.ts';
import { parsedValue } from '../../../apimachinery/json/parse.ts';
import { parsePlainYaml } from '../../../apimachinery/json/plain-yaml.ts';
import type { Json } from '../../../apimachinery/object.ts';
import { yamlBodies } from './yaml.ts';

/** What a body in YAML says; see needsYaml. Throws a YamlError. */
export function parseYamlBody(text: string): ParsedText {
  const plain = parsePlainYaml(text);
  return plain === undefined ? yamlBodies.loaded.parseYaml(text) : parsedValue(plain as Json);
}
