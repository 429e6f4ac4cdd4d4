import { goValue } from '../../apimachinery/go-values.ts';

/** What {{if}} takes for true: nothing empty. Models text/template IsTrue. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** A value as Go prints it with %v: lists as [a b], maps as map[a:1 b:2], nothing as <no value>. */
export function printed(value: unknown): string {
  return value === undefined ? '<no value>' : goValue(value);
}
