import { parseAllDocuments, type YAMLParseError } from 'yaml';

/** What go-yaml says where the parser here says something else, by the parser's code. */
const GO_MESSAGES: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  BAD_INDENT: 'did not find expected key',
  BAD_ALIAS: 'did not find expected alphabetic or numeric character',
  BAD_SCALAR_START: 'found character that cannot start any token',
  MISSING_CHAR: "could not find expected ':'",
  MULTILINE_IMPLICIT_KEY: "could not find expected ':'",
  TAB_AS_INDENT: 'found character that cannot start any token',
  UNEXPECTED_TOKEN: 'did not find expected node content',
  BLOCK_IN_FLOW: 'did not find expected node content',
  IMPOSSIBLE: 'did not find expected node content',
};

/** A text that is no YAML; `message` is go-yaml's: "yaml: line 3: mapping values are not …". */
export class YamlError extends Error {}

/**
 * The documents of a YAML (or JSON) text as JSON values, empty ones left out. YAML 1.1 as go-yaml
 * reads it: `yes` and `on` are true, 0644 is octal, times stay text.
 */
export function readYaml(text: string): unknown[] {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    schema: 'yaml-1.1',
    uniqueKeys: false,
    customTags: (tags) =>
      tags.filter(
        (tag) => typeof tag === 'string' || !(tag.format === 'TIME' || tag.tag.endsWith(':timestamp')),
      ),
  });
  const values: unknown[] = [];
  for (const document of documents) {
    const [error] = document.errors;
    if (error !== undefined) throw new YamlError(goMessage(error));
    const value: unknown = document.toJS();
    if (value !== null && value !== undefined) values.push(value);
  }
  return values;
}

function goMessage(error: YAMLParseError): string {
  const line = error.linePos?.[0].line ?? 1;
  return `yaml: line ${line}: ${GO_MESSAGES[error.code] ?? 'did not find expected key'}`;
}
