import type { KubeObject } from '../../apimachinery/object.ts';

/** Models metav1.FormatLabelSelector. */
export function selectorText(selector: unknown): string {
  const { matchLabels = {}, matchExpressions = [] } = (selector ?? {}) as {
    matchLabels?: Record<string, string>;
    matchExpressions?: { key: string; operator: string; values?: string[] }[];
  };
  const terms = [
    ...Object.entries(matchLabels).map(([key, value]) => ({ key, text: `${key}=${value}` })),
    ...matchExpressions.map(({ key, operator, values = [] }) => ({
      key,
      text:
        operator === 'Exists'
          ? key
          : operator === 'DoesNotExist'
            ? `!${key}`
            : `${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`,
    })),
  ];
  return terms.length === 0
    ? '<none>'
    : terms
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .map(({ text }) => text)
        .join(',');
}

/** A controller as "ReplicaSet/web-5576d9f5bc"; undefined without one. */
export function controllerText({ metadata }: KubeObject): string | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner === undefined ? undefined : `${owner.kind}/${owner.name}`;
}
