import { goQuote } from '../go-format.ts';
import type { LabelSelectorSpec } from '../validation/labels.ts';
import type { FieldError } from '../validation/field-error.ts';
import { goStrings, invalid } from '../validation/field-error.ts';
import { isQualifiedName, isValidLabelValue } from '../validation/names.ts';
import type { Token } from './lexer.ts';
import { scanSelector } from './lexer.ts';

/** A selector that cannot be used; the message is upstream's. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError';
}

export type SelectorOperator = 'in' | 'notin' | '=' | '==' | '!=' | 'exists' | '!' | 'gt' | 'lt';
type Labels = Readonly<Record<string, string>> | undefined;

const BINARY_OPERATORS: readonly SelectorOperator[] = ['in', 'notin', '=', '==', '!=', 'gt', 'lt'];

/** One condition on one label. Models labels.Requirement. */
export class Requirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];

  /** Checks nothing: see {@link newRequirement}. */
  constructor(key: string, operator: SelectorOperator, values: readonly string[]) {
    this.key = key;
    this.operator = operator;
    this.values = values;
  }

  matches(labels: Labels): boolean {
    const value = labels !== undefined && Object.hasOwn(labels, this.key) ? labels[this.key] : undefined;
    switch (this.operator) {
      case 'in':
      case '=':
      case '==':
        return value !== undefined && this.values.includes(value);
      case 'notin':
      case '!=':
        return value === undefined || !this.values.includes(value);
      case 'exists':
        return value !== undefined;
      case '!':
        return value === undefined;
      case 'gt':
      case 'lt': {
        const left = value === undefined ? undefined : parseInt64(value);
        const right = parseInt64(this.values[0]!);
        if (left === undefined || right === undefined) return false;
        return this.operator === 'gt' ? left > right : left < right;
      }
    }
  }

  toString(): string {
    const values = [...this.values].sort().join(',');
    switch (this.operator) {
      case 'exists':
        return this.key;
      case '!':
        return `!${this.key}`;
      case 'in':
      case 'notin':
        return `${this.key} ${this.operator} (${values})`;
      case 'gt':
        return `${this.key}>${values}`;
      case 'lt':
        return `${this.key}<${values}`;
      default:
        return `${this.key}${this.operator}${values}`;
    }
  }
}

/** A requirement that was checked. Throws a SelectorError with all complaints. Models labels.NewRequirement. */
function newRequirement(key: string, operator: SelectorOperator, values: readonly string[]): Requirement {
  const errors = requirementErrors(key, operator, values);
  if (errors.length > 0) throw new SelectorError(aggregate(errors));
  return new Requirement(key, operator, values);
}

/** Conditions that labels must all fulfil; none: everything matches. Models labels.Selector. */
export class Selector {
  readonly requirements: readonly Requirement[];
  readonly #nothing: boolean;

  /** `nothing` makes a selector that never matches. */
  constructor(requirements: readonly Requirement[], nothing = false) {
    this.requirements = [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    this.#nothing = nothing;
  }

  matches(labels: Labels): boolean {
    return !this.#nothing && this.requirements.every((requirement) => requirement.matches(labels));
  }

  /** True if it restricts nothing. */
  get empty(): boolean {
    return !this.#nothing && this.requirements.length === 0;
  }

  /** The one value that a label must have, if there is such. Models RequiresExactMatch. */
  requiresExactMatch(key: string): string | undefined {
    const requirement = this.requirements.find((candidate) => candidate.key === key);
    return requirement !== undefined &&
      ['=', '==', 'in'].includes(requirement.operator) &&
      requirement.values.length === 1
      ? requirement.values[0]
      : undefined;
  }

  /** "app=web,tier in (a,b)", in order of keys. */
  toString(): string {
    return this.requirements.join(',');
  }
}

/** Matches all objects. Models labels.Everything. */
export const everything = () => new Selector([]);
/** Matches no object. Models labels.Nothing. */
export const nothing = () => new Selector([], true);

/** `key=value` for each; nothing is checked. Models labels.SelectorFromSet. */
export function selectorFromSet(labels: Readonly<Record<string, string>>): Selector {
  return new Selector(Object.entries(labels).map(([key, value]) => new Requirement(key, '=', [value])));
}

const SPEC_OPERATORS: Readonly<Record<string, SelectorOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

/**
 * The selector that a metav1.LabelSelector means: undefined matches nothing, an empty one everything.
 * Throws a SelectorError. Models k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go LabelSelectorAsSelector.
 */
export function labelSelectorAsSelector(spec: LabelSelectorSpec | null | undefined): Selector {
  if (spec === undefined || spec === null) return nothing();
  const requirements = Object.entries(spec.matchLabels ?? {}).map(([key, value]) =>
    newRequirement(key, '=', [value]),
  );
  for (const { key, operator, values } of spec.matchExpressions ?? []) {
    const meant = Object.hasOwn(SPEC_OPERATORS, operator) ? SPEC_OPERATORS[operator] : undefined;
    if (meant === undefined) {
      throw new SelectorError(`${goQuote(operator)} is not a valid label selector operator`);
    }
    requirements.push(newRequirement(key, meant, values ?? []));
  }
  return new Selector(requirements);
}

/**
 * Reads a selector as -l and ?labelSelector= take it: "app=web,tier in (a, b),!old,size>3".
 * Throws a SelectorError. Models k8s.io/apimachinery/pkg/labels Parse.
 */
export function parseSelector(text: string): Selector {
  return new Selector(new Parser(scanSelector(text)).parse());
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const token = this.#lookahead();
      if (token.type === 'end') return requirements;
      if (token.type !== 'identifier' && token.type !== '!') {
        throw new SelectorError(`found '${token.text}', expected: !, identifier, or 'end of string'`);
      }
      requirements.push(this.#requirement());
      const separator = this.#consume();
      if (separator.type === 'end') return requirements;
      if (separator.type !== ',') {
        throw new SelectorError(`found '${separator.text}', expected: ',' or 'end of string'`);
      }
      const next = this.#lookahead();
      if (next.type !== 'identifier' && next.type !== '!') {
        throw new SelectorError(`found '${next.text}', expected: identifier after ','`);
      }
    }
  }

  /** "in" and "notin" are operators only where an operator is expected. */
  #asValue(token: Token): Token {
    return token.type === 'in' || token.type === 'notin' ? { type: 'identifier', text: token.text } : token;
  }

  #lookahead(): Token {
    return this.#asValue(this.#tokens[this.#position]!);
  }

  #consume(): Token {
    return this.#asValue(this.#tokens[this.#position++]!);
  }

  #requirement(): Requirement {
    try {
      let token = this.#consume();
      const negated = token.type === '!';
      if (negated) token = this.#consume();
      if (token.type !== 'identifier') {
        throw new SelectorError(`found '${token.text}', expected: identifier`);
      }
      const complaints = isQualifiedName(token.text);
      if (complaints.length > 0) {
        throw new SelectorError(invalid('<nil>', token.text, complaints.join('; ')).message);
      }
      const next = this.#lookahead().type;
      if (negated) return newRequirement(token.text, '!', []);
      if (next === 'end' || next === ',') return newRequirement(token.text, 'exists', []);
      const operator = this.#operator();
      const values = operator === 'in' || operator === 'notin' ? this.#values() : this.#exactValue();
      return newRequirement(token.text, operator, [...new Set(values)].sort());
    } catch (error) {
      if (!(error instanceof SelectorError)) throw error;
      throw new SelectorError(`unable to parse requirement: ${error.message}`);
    }
  }

  #operator(): SelectorOperator {
    const token = this.#tokens[this.#position++]!;
    switch (token.type) {
      case 'in':
      case 'notin':
      case '=':
      case '==':
      case '!=':
        return token.type;
      case '>':
        return 'gt';
      case '<':
        return 'lt';
      default:
        throw new SelectorError(`found '${token.text}', expected: ${BINARY_OPERATORS.join(', ')}`);
    }
  }

  #values(): string[] {
    const open = this.#consume();
    if (open.type !== '(') throw new SelectorError(`found '${open.text}' expected: '('`);
    const first = this.#lookahead();
    if (first.type === ')') {
      this.#consume();
      return [''];
    }
    if (first.type !== 'identifier' && first.type !== ',') {
      throw new SelectorError(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    const values = this.#identifiers();
    if (this.#consume().type !== ')') throw new SelectorError(`found '${first.text}', expected: ')'`);
    return values;
  }

  /** Also "(,a)", "(a,)" and "(a,,b)", where the empty text is a value. */
  #identifiers(): string[] {
    const values: string[] = [];
    for (;;) {
      const token = this.#consume();
      const next = this.#tokens[this.#position] === undefined ? undefined : this.#lookahead();
      if (token.type === 'identifier') {
        values.push(token.text);
        if (next!.type === ')') return values;
        if (next!.type !== ',') {
          throw new SelectorError(`found '${next!.text}', expected: ',' or ')'`);
        }
      } else if (token.type === ',') {
        if (values.length === 0) values.push('');
        if (next!.type === ')' || next!.type === ',') values.push('');
        if (next!.type === ')') return values;
      } else {
        throw new SelectorError(`found '${token.text}', expected: ',', or identifier`);
      }
    }
  }

  #exactValue(): string[] {
    const next = this.#lookahead();
    if (next.type === 'end' || next.type === ',') return [''];
    const token = this.#consume();
    if (token.type === 'identifier') return [token.text];
    throw new SelectorError(`found '${token.text}', expected: identifier`);
  }
}

function requirementErrors(key: string, operator: SelectorOperator, values: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  const complaints = isQualifiedName(key);
  if (complaints.length > 0) errors.push(invalid('key', key, complaints.join('; ')));
  const wrongCount = (detail: string) => errors.push(invalid('values', goStrings(values), detail));
  switch (operator) {
    case 'in':
    case 'notin':
      if (values.length === 0) wrongCount("for 'in', 'notin' operators, values set can't be empty");
      break;
    case '=':
    case '==':
    case '!=':
      if (values.length !== 1) wrongCount('exact-match compatibility requires one single value');
      break;
    case 'exists':
    case '!':
      if (values.length > 0) wrongCount('values set must be empty for exists and does not exist');
      break;
    case 'gt':
    case 'lt':
      if (values.length !== 1) wrongCount("for 'Gt', 'Lt' operators, exactly one value is required");
      values.forEach((value, index) => {
        if (parseInt64(value) === undefined) {
          errors.push(
            invalid(`values[${index}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer"),
          );
        }
      });
  }
  values.forEach((value, index) => {
    const texts = isValidLabelValue(value);
    if (texts.length > 0) errors.push(invalid(`values[${index}][${key}]`, value, texts.join('; ')));
  });
  return errors;
}

/** Models utilerrors.Aggregate Error. */
function aggregate(errors: readonly FieldError[]): string {
  const messages = [...new Set(errors.map((error) => error.message))];
  return messages.length === 1 ? messages[0]! : `[${messages.join(', ')}]`;
}

function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}
