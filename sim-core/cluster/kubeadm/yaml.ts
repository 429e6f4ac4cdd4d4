import { stringify } from 'yaml';

/** YAML as Go's encoder writes it: lists at their key's column, no wrapped lines, text blocks kept. */
export function goYaml(value: unknown): string {
  return stringify(value, { indentSeq: false, lineWidth: 0, aliasDuplicateObjects: false });
}
