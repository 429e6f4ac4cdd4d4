import { parseSelector, SelectorError } from '../../apimachinery/labels/selector.ts';

interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

const EXPRESSIONS: Readonly<Record<string, string>> = {
  in: 'In',
  notin: 'NotIn',
  exists: 'Exists',
  '!': 'DoesNotExist',
};

/**
 * A selector as people write it, as the one of an object. Throws an Error with kubectl's words.
 * Models k8s.io/apimachinery/pkg/apis/meta/v1 ParseToLabelSelector.
 */
export function labelSelectorOf(text: string): LabelSelector {
  try {
    const matchLabels: Record<string, string> = {};
    const matchExpressions: { key: string; operator: string; values?: readonly string[] }[] = [];
    for (const { key, operator, values } of parseSelector(text).requirements) {
      if (operator === '=' || operator === '==') {
        matchLabels[key] = values[0]!;
        continue;
      }
      const name = EXPRESSIONS[operator];
      if (name === undefined)
        throw new Error(`${JSON.stringify(operator)} is not a valid label selector operator`);
      matchExpressions.push({ key, operator: name, ...(values.length > 0 && { values }) });
    }
    return {
      ...(matchExpressions.length > 0 && { matchExpressions }),
      ...(Object.keys(matchLabels).length > 0 && { matchLabels }),
    };
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    throw new Error(`couldn't parse the selector string ${JSON.stringify(text)}: ${error.message}`);
  }
}
