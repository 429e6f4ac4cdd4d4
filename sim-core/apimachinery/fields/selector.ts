/** A field selector that cannot be used; the message is upstream's. */
export class FieldSelectorError extends Error {
  override readonly name = 'FieldSelectorError';
}

/** One condition: the field has the value, or has another. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** Conditions that an object's fields must all fulfil. Models k8s.io/apimachinery/pkg/fields Selector. */
export class FieldSelector {
  readonly requirements: readonly FieldRequirement[];

  constructor(requirements: readonly FieldRequirement[]) {
    this.requirements = requirements;
  }

  /** A field that is missing counts as "". */
  matches(fields: Readonly<Record<string, string>>): boolean {
    return this.requirements.every(
      ({ field, operator, value }) =>
        ((Object.hasOwn(fields, field) ? fields[field] : '') === value) === (operator === '='),
    );
  }

  /** True if it restricts nothing. */
  get empty(): boolean {
    return this.requirements.length === 0;
  }

  /** The one value that a field must have, if there is such. Models RequiresExactMatch. */
  requiresExactMatch(field: string): string | undefined {
    return this.requirements.find(
      (requirement) => requirement.field === field && requirement.operator === '=',
    )?.value;
  }

  /** Each field and value replaced by what `change` returns; undefined drops the condition. */
  transform(
    change: (field: string, value: string) => { field: string; value: string } | undefined,
  ): FieldSelector {
    return new FieldSelector(
      this.requirements.flatMap(({ field, operator, value }) => {
        const changed = change(field, value);
        return changed === undefined ? [] : [{ operator, ...changed }];
      }),
    );
  }

  /** "metadata.name=web,status.phase!=Running". */
  toString(): string {
    return this.requirements
      .map(({ field, operator, value }) => `${field}${operator}${escapeValue(value)}`)
      .join(',');
  }
}

/**
 * Reads a selector as --field-selector and ?fieldSelector= take it: "metadata.name=web,spec.nodeName!=".
 * In values a backslash escapes "\", "," and "=". Throws a FieldSelectorError.
 *
 * Models k8s.io/apimachinery/pkg/fields ParseSelector.
 */
export function parseFieldSelector(text: string): FieldSelector {
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(text).sort()) {
    if (term === '') continue;
    const match = /^([^]*?)(!=|==|=)([^]*)$/.exec(term);
    if (match === null) {
      throw new FieldSelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
    }
    requirements.push({
      field: match[1]!,
      operator: match[2] === '!=' ? '!=' : '=',
      value: unescapeValue(match[3]!),
    });
  }
  return new FieldSelector(requirements);
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === ',') {
      terms.push(text.slice(start, index));
      start = index + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

/** Escapes what would end a value. Models fields.EscapeValue. */
function escapeValue(value: string): string {
  return value.replace(/[\\,=]/g, '\\$&');
}

function unescapeValue(text: string): string {
  let value = '';
  const characters = [...text];
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index]!;
    if (character === '\\') {
      const escaped = characters[++index];
      if (escaped === undefined || !'\\,='.includes(escaped)) {
        throw new FieldSelectorError(`invalid field selector: invalid escape sequence: \\${escaped ?? ''}`);
      }
      value += escaped;
    } else if (character === ',' || character === '=') {
      throw new FieldSelectorError(
        `invalid field selector: unescaped character in value: ${character.codePointAt(0)}`,
      );
    } else {
      value += character;
    }
  }
  return value;
}
