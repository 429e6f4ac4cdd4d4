import { parseYaml } from '../../apimachinery/json/yaml.ts';
import type { Json } from '../../apimachinery/object.ts';
import type { ParseDocument } from './yaml-documents.ts';
import { yamlDocuments } from './yaml-documents.ts';

export const parseDocument: ParseDocument = (text) => parseYaml(text).value as Json;

/** The documents of a YAML (or JSON) text, empty ones left out. Throws a YamlError. */
export function readYaml(text: string): Json[] {
  return [...yamlDocuments(text, parseDocument)];
}
