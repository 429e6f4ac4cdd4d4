import { decodedEqual } from '../../../../apimachinery/copy.ts';
import type { Json } from '../../../../apimachinery/object.ts';

/**
 * What differs between two specs of Go's `type`, as the error of a refused update shows it:
 * a line with "-" for the old and one with "+" for the new value of each top-level field.
 * It follows the layout of github.com/google/go-cmp, with JSON for values.
 */
export function specDifference(type: string, old: object, spec: object): string {
  const before = old as Record<string, Json | undefined>;
  const after = spec as Record<string, Json | undefined>;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = keys.filter((key) => !decodedEqual(before[key], after[key]));
  const lines = changed.flatMap((key) => [
    `- \t${goName(key)}: ${show(before[key])},`,
    `+ \t${goName(key)}: ${show(after[key])},`,
  ]);
  const same = keys.length - changed.length;
  return [`  ${type}{`, ...lines, `  \t... // ${same} identical fields`, '  }', ''].join('\n');
}

const goName = (key: string) => key.charAt(0).toUpperCase() + key.slice(1);
const show = (value: Json | undefined) => (value === undefined ? 'nil' : JSON.stringify(value));
