import type { Json } from '../../apimachinery/object.ts';

/** Reads one document. Throws a YamlError. */
export type ParseDocument = (text: string) => Json;

/**
 * The documents of a YAML (or JSON) text one by one, empty ones left out: those before a document that is none are
 * read well. Models k8s.io/apimachinery/pkg/util/yaml YAMLOrJSONDecoder.
 */
export function* yamlDocuments(text: string, parse: ParseDocument): Generator<Json> {
  for (const document of text.replace(/^\ufeff/, '').split(/^---(?:[ \t].*)?$/m)) {
    if (document.trim() === '') continue;
    const value = parse(document.replace(/^\n/, ''));
    if (value !== null) yield value;
  }
}
