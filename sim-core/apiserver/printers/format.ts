import { labelSelectorAsSelector, SelectorError } from '../../apimachinery/labels/selector.ts';
import type { LabelSelectorSpec } from '../../apimachinery/validation/labels.ts';

/** "a=b,c=d" in order of the keys, "<none>" for nothing. Models labels.FormatLabels. */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.keys(labels ?? {})
    .sort()
    .map((key) => `${key}=${labels![key]}`);
  return pairs.length === 0 ? '<none>' : pairs.join(',');
}

/** A LabelSelector as text, "<none>" for an empty one. Models metav1.FormatLabelSelector. */
export function formatLabelSelector(selector: LabelSelectorSpec | undefined): string {
  try {
    return labelSelectorAsSelector(selector).toString() || '<none>';
  } catch (error) {
    if (error instanceof SelectorError) return '<error>';
    throw error;
  }
}

/** "a,b,c". Models printers.go layoutContainerCells: names and images of a template's containers. */
export function containerCells(
  containers: readonly { readonly name?: string; readonly image?: string }[] | undefined,
): { names: string; images: string } {
  return {
    names: (containers ?? []).map((container) => container.name ?? '').join(','),
    images: (containers ?? []).map((container) => container.image ?? '').join(','),
  };
}

/** "a,b + 2 more...": at most `max` of the values. Models printers.go formatEndpoints and its like. */
export function joinAtMost(values: readonly string[], max: number, separator = ','): string {
  if (values.length === 0) return '<none>';
  const shown = values.slice(0, max).join(separator);
  return values.length > max ? `${shown} + ${values.length - max} more...` : shown;
}
