import type { ShellSession } from '../session.ts';
import { evaluateArithmetic } from './arithmetic.ts';
import { braceText, expandBraces } from './braces.ts';
import { matchFiles } from './file-names.ts';
import { ExpansionProblem } from './leave.ts';
import { modifyCase, removePattern, replacePattern, substring, transform } from './parameters.ts';
import { escapePattern } from './pattern.ts';
import type { Arithmetic, ParameterPart, Parse, Script, Word, WordPart } from './syntax.ts';
import type { Variables } from './variables.ts';
import { isName } from './variables.ts';

export interface ExpansionConfig {
  readonly session: ShellSession;
  readonly variables: Variables;
  readonly parse: Parse;
  /** "bash" or the name of a script. */
  readonly shellName: string;
  /** What a command substitution writes; its exit code becomes `$?`. */
  output(script: Script): Promise<string>;
  /** The file of `<(…)` and `>(…)`. */
  substitute(script: Script, direction: 'input' | 'output'): Promise<string>;
  readonly pid: number;
}

interface Piece {
  readonly text: string;
  /** Its characters stand for themselves in a pattern. */
  readonly quoted: boolean;
}
type Field = Piece[];

/** What a parameter is: one value, or those of a list. */
type Value =
  { readonly one: string | undefined } | { readonly many: readonly string[]; readonly star: boolean };

/**
 * Expands words: braces, tildes, parameters, commands, arithmetic; splits what was not quoted and matches
 * it against file names. Throws an {@link ExpansionProblem} with bash's words.
 */
export class WordExpander {
  readonly #config: ExpansionConfig;

  constructor(config: ExpansionConfig) {
    this.#config = config;
  }

  /** The fields that words become. */
  async fields(words: readonly Word[]): Promise<string[]> {
    const found: string[] = [];
    for (const word of words) {
      for (const { parts } of expandBraces(word)) {
        for (const field of await this.#split(parts)) found.push(...this.#fileNames(field));
      }
    }
    return found;
  }

  /** One text: neither split nor matched against file names. */
  async text({ parts }: Word): Promise<string> {
    const fields = new FieldBuilder(undefined);
    await this.#parts(parts, true, fields, true);
    return fields.done().map(joined).join(' ');
  }

  /** A pattern in which what was quoted stands for itself. */
  async pattern({ parts }: Word): Promise<string> {
    const fields = new FieldBuilder(undefined);
    await this.#parts(parts, false, fields, true);
    return fields.done().map(patternOf).join(' ');
  }

  /** A regular expression in which what was quoted stands for itself. */
  async regularExpression({ parts }: Word): Promise<string> {
    let source = '';
    for (const part of parts) {
      const quoted = ['SingleQuoted', 'DoubleQuoted', 'Escaped'].includes(part.type);
      const text = part.type === 'Glob' ? part.pattern : await this.text({ type: 'Word', parts: [part] });
      source += quoted ? text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&') : text;
    }
    return source;
  }

  async arithmetic({ originalText = '' }: Arithmetic): Promise<bigint> {
    // The parser tears `>=` apart in `((…))`.
    return this.arithmeticText(originalText.replace(/([-<>=!*/%+&|^])\s+=/g, '$1='));
  }

  /** The value of the text of an expression, which is expanded as in double quotes. */
  async arithmeticText(text: string): Promise<bigint> {
    const expanded = /[$`\\"]/.test(text) ? await this.#expanded(`"${withoutQuotes(text)}"`) : text;
    const { variables } = this.#config;
    return evaluateArithmetic(expanded, {
      get: (name, key) =>
        key === undefined
          ? this.parameter(name)
          : variables.entries(name).find(([own]) => own === this.#elementKey(name, key))?.[1],
      set: (name, key, value) => {
        if (key === undefined) variables.set(name, value);
        else variables.setElement(name, this.#elementKey(name, key), value);
      },
      isAssociative: (name) => variables.array(name)?.associative === true,
    });
  }

  /** The key that a subscript names. */
  async key(array: string, subscript: string): Promise<string> {
    const text = await this.#quotedText(subscript);
    if (this.#config.variables.array(array)?.associative === true) return text;
    return this.#elementKey(array, String(await this.arithmeticText(text)), subscript);
  }

  /** Counts a negative key of an array from its end. */
  #elementKey(array: string, key: string, subscript = key): string {
    const { variables } = this.#config;
    if (!key.startsWith('-') || variables.array(array)?.associative === true) return key;
    const last = Number(variables.entries(array).at(-1)?.[0] ?? -1);
    const place = last + 1 + Number(key);
    if (place < 0) throw new ExpansionProblem(`${array}[${subscript}]: bad array subscript`);
    return String(place);
  }

  /** The value of `$name`, without operations. */
  parameter(name: string): string | undefined {
    const { session, variables, shellName, pid } = this.#config;
    if (/^\d+$/.test(name)) return name === '0' ? shellName : session.positional[Number(name) - 1];
    switch (name) {
      case '#':
        return String(session.positional.length);
      case '?':
        return String(session.lastExit);
      case '$':
        return String(session.pid);
      case 'BASHPID':
        return String(pid);
      case '!':
        return session.lastJob === 0 ? undefined : String(session.lastJob);
      case '-':
        return 'himBHs';
      case '@':
      case '*':
        return session.positional.length === 0 ? undefined : session.positional.join(' ');
      case 'RANDOM':
        return variables.get('RANDOM') ?? String(randomOf(session));
      case 'UID':
      case 'EUID':
        return variables.get(name) ?? '0';
      case 'BASH_VERSION':
        return variables.get(name) ?? '5.2.21(1)-release';
      default:
        return variables.get(name);
    }
  }

  async #split(parts: readonly WordPart[]): Promise<Field[]> {
    const fields = new FieldBuilder(this.#config.variables.get('IFS') ?? ' \t\n');
    await this.#parts(parts, false, fields, true);
    return fields.done();
  }

  async #parts(
    parts: readonly WordPart[],
    quoted: boolean,
    fields: FieldBuilder,
    plain: boolean,
  ): Promise<void> {
    for (const part of parts) {
      switch (part.type) {
        case 'Literal':
          if (plain || quoted) fields.add(part.value, true);
          else fields.split(part.value);
          break;
        case 'SingleQuoted':
        case 'Escaped':
          fields.add(part.value, true);
          break;
        case 'Glob':
          fields.add(part.pattern, quoted);
          break;
        case 'DoubleQuoted':
          if (!isOnlyList(part.parts)) fields.add('', true);
          await this.#parts(part.parts, true, fields, true);
          break;
        case 'TildeExpansion':
          fields.add(this.#home(part.user), true);
          break;
        case 'BraceExpansion':
          // Where braces are not expanded they stand for themselves.
          fields.add(braceText(part.items), true);
          break;
        case 'ArithmeticExpansion': {
          const value = String(await this.arithmetic(part.expression));
          if (quoted) fields.add(value, true);
          else fields.split(value);
          break;
        }
        case 'CommandSubstitution': {
          const value = (await this.#config.output(part.body)).replace(/\n+$/, '');
          if (quoted) fields.add(value, true);
          else fields.split(value);
          break;
        }
        case 'ProcessSubstitution':
          fields.add(await this.#config.substitute(part.body, part.direction), true);
          break;
        case 'ParameterExpansion':
          await this.#parameterPart(part, quoted, fields);
      }
    }
  }

  async #parameterPart(part: ParameterPart, quoted: boolean, fields: FieldBuilder): Promise<void> {
    const operation =
      part.operation?.type === 'Indirection' ? (part.operation.innerOp ?? part.operation) : part.operation;
    const value = await this.#valueOf(part);
    const set = 'many' in value ? value.many.length > 0 : value.one !== undefined;
    const empty = 'many' in value ? value.many.every((text) => text === '') : !value.one;
    switch (operation?.type) {
      case 'DefaultValue':
        if (operation.checkEmpty ? empty : !set)
          return this.#parts(operation.word.parts, quoted, fields, false);
        break;
      case 'UseAlternative':
        if (operation.checkEmpty ? empty : !set) return;
        return this.#parts(operation.word.parts, quoted, fields, false);
      case 'AssignDefault':
        if (operation.checkEmpty ? empty : !set) {
          const text = await this.text(operation.word);
          await this.assign(part.parameter, text);
          if (quoted) fields.add(text, true);
          else fields.split(text);
          return;
        }
        break;
      case 'ErrorIfUnset':
        if (operation.checkEmpty ? empty : !set) {
          const text = operation.word === null ? '' : await this.text(operation.word);
          const fallback = operation.checkEmpty ? 'parameter null or not set' : 'parameter not set';
          throw new ExpansionProblem(`${part.parameter}: ${text || fallback}`);
        }
        break;
      case 'BadSubstitution':
        throw new ExpansionProblem(`${operation.text}: bad substitution`);
      case 'LengthSliceError':
        throw new ExpansionProblem(`\${#${part.parameter}: bad substitution`);
      default:
        if (!set && operation === null) this.#refuseUnset(part.parameter);
    }
    const shown = await this.#operate(part, value);
    if ('one' in shown) {
      if (quoted) fields.add(shown.one ?? '', true);
      else fields.split(shown.one ?? '');
      return;
    }
    if (quoted && shown.star) {
      const ifs = this.#config.variables.get('IFS');
      fields.add(shown.many.join(ifs === undefined ? ' ' : ifs.slice(0, 1)), true);
      return;
    }
    for (const [index, text] of shown.many.entries()) {
      if (index > 0) fields.end();
      if (quoted) fields.add(text, true);
      else fields.split(text);
    }
  }

  #refuseUnset(name: string): void {
    if (!this.#config.session.options.has('nounset') || /^[@*]$|\[[@*]\]$/.test(name)) return;
    throw new ExpansionProblem(`${/^\d+$/.test(name) ? `$${name}` : name}: unbound variable`);
  }

  async #valueOf({ parameter, operation }: ParameterPart): Promise<Value> {
    const { session, variables } = this.#config;
    if (operation?.type === 'ArrayKeys')
      return { many: variables.entries(operation.array).map(([key]) => key), star: operation.star };
    if (operation?.type === 'VarNamePrefix') {
      const names = variables.names().filter((name) => name.startsWith(operation.prefix));
      return { many: names, star: operation.star };
    }
    // `${!:+x}` asks for the last job.
    if (operation?.type === 'Indirection' && parameter === '') return { one: this.parameter('!') };
    if (operation?.type === 'Indirection') {
      const name = (await this.#oneOf(parameter)) ?? '';
      if (name === '') return { one: undefined };
      return this.#valueOf({ type: 'ParameterExpansion', parameter: name, operation: null });
    }
    if (parameter === '@' || parameter === '*') return { many: session.positional, star: parameter === '*' };
    const element = /^([A-Za-z_]\w*)\[([^]*)\]$/.exec(parameter);
    if (element === null) return { one: this.#special(parameter) ?? this.parameter(parameter) };
    const [, array = '', subscript = ''] = element;
    if (subscript === '@' || subscript === '*') {
      const many =
        array === 'PIPESTATUS'
          ? session.pipeStatus.map(String)
          : array === 'FUNCNAME'
            ? []
            : variables.entries(array).map(([, value]) => value);
      return { many, star: subscript === '*' };
    }
    if (array === 'PIPESTATUS') {
      const status = session.pipeStatus[Number(await this.arithmeticText(subscript))];
      return { one: status === undefined ? undefined : String(status) };
    }
    const key = await this.key(array, subscript);
    return { one: variables.entries(array).find(([name]) => name === key)?.[1] };
  }

  #special(name: string): string | undefined {
    return name === 'PIPESTATUS' ? String(this.#config.session.pipeStatus[0] ?? 0) : undefined;
  }

  async #oneOf(parameter: string): Promise<string | undefined> {
    const value = await this.#valueOf({ type: 'ParameterExpansion', parameter, operation: null });
    return 'one' in value ? value.one : value.many.join(' ');
  }

  async #operate({ operation }: ParameterPart, value: Value): Promise<Value> {
    const each = (work: (text: string) => string): Value =>
      'many' in value
        ? { ...value, many: value.many.map(work) }
        : { one: value.one === undefined ? undefined : work(value.one) };
    const operator = operation?.type === 'Indirection' ? operation.innerOp : operation;
    switch (operator?.type) {
      case 'Length':
        return { one: String('many' in value ? value.many.length : [...(value.one ?? '')].length) };
      case 'Substring': {
        const offset = Number(await this.arithmetic(operator.offset));
        const length = operator.length === null ? undefined : Number(await this.arithmetic(operator.length));
        if ('one' in value) return { one: substring(value.one ?? '', offset, length) };
        // Of "$@" the first is $0.
        const from = offset < 0 ? Math.max(0, value.many.length + offset) : offset;
        const shift = this.#isPositional(value) ? Math.max(0, from - 1) : from;
        return { ...value, many: value.many.slice(shift, length === undefined ? undefined : shift + length) };
      }
      case 'PatternRemoval': {
        const pattern = await this.pattern(operator.pattern);
        return each((text) => removePattern(text, pattern, operator));
      }
      case 'PatternReplacement': {
        const pattern = await this.pattern(operator.pattern);
        const replacement = operator.replacement === null ? '' : await this.text(operator.replacement);
        return each((text) => replacePattern(text, pattern, replacement, operator));
      }
      case 'CaseModification': {
        const pattern = operator.pattern === null ? undefined : await this.pattern(operator.pattern);
        return each((text) => modifyCase(text, operator, pattern));
      }
      case 'Transform':
        return each((text) => transform(text, operator.operator));
      default:
        return value;
    }
  }

  #isPositional(value: Value): boolean {
    return 'many' in value && value.many === this.#config.session.positional;
  }

  /** Gives a variable, or an element of an array, a value. */
  async assign(name: string, value: string): Promise<void> {
    const { session, variables } = this.#config;
    const element = /^([A-Za-z_]\w*)\[([^]*)\]$/.exec(name);
    const base = element?.[1] ?? name;
    const shaped = session.integers.has(base) ? String(await this.arithmeticText(value || '0')) : value;
    if (element === null) {
      if (!isName(name)) throw new ExpansionProblem(`$${name}: cannot assign in this way`);
      variables.set(name, shaped);
    } else variables.setElement(base, await this.key(base, element[2]!), shaped);
  }

  /** Expands a text as one in double quotes. */
  async #quotedText(text: string): Promise<string> {
    if (!/[$`\\"']/.test(text)) return text;
    return this.#expanded(/^(["']).*\1$/s.test(text) ? text : `"${text.replace(/"/g, '\\"')}"`);
  }

  /** What a word becomes that is given as it stands in a script. */
  async #expanded(word: string): Promise<string> {
    const [statement] = this.#config.parse(`: ${word}`).statements;
    const command = statement?.pipelines[0]?.commands[0];
    return command?.type === 'SimpleCommand' && command.args[0] !== undefined
      ? this.text(command.args[0])
      : word;
  }

  #home(user: string | null): string {
    const home = this.#config.variables.get('HOME') ?? '/root';
    if (user === null || user === '') return home;
    if (user === 'root') return '/root';
    if (user === '+') return this.#config.session.cwd;
    if (user === '-') return this.#config.variables.get('OLDPWD') ?? '~-';
    return `~${user}`;
  }

  /** The files that a field means; itself if it is no pattern or none matches. */
  #fileNames(field: Field): string[] {
    const { session } = this.#config;
    const text = joined(field);
    const isPattern = field.some(({ text: piece, quoted }) => !quoted && /[*?[]|[@+!]\(/.test(piece));
    if (!isPattern || session.options.has('noglob')) return [text];
    const found = matchFiles(patternOf(field), session);
    if (found.length > 0) return found;
    if (session.options.has('failglob')) throw new ExpansionProblem(`no match: ${text}`);
    return session.options.has('nullglob') ? [] : [text];
  }
}

/** Collects the fields of one word. */
class FieldBuilder {
  /** Undefined: nothing is split. */
  readonly #ifs: string | undefined;
  readonly #fields: Field[] = [];
  #current: Field | undefined;
  /** White space has ended a field: one separator more belongs to it. */
  #absorbs = false;

  constructor(ifs: string | undefined) {
    this.#ifs = ifs;
  }

  add(text: string, quoted: boolean): void {
    (this.#current ??= []).push({ text, quoted });
    this.#absorbs = false;
  }

  end(): void {
    this.#fields.push(this.#current ?? []);
    this.#current = undefined;
  }

  /** Adds a value that was not quoted. */
  split(text: string): void {
    if (this.#ifs === undefined || this.#ifs === '') {
      if (text !== '') this.add(text, false);
      return;
    }
    let start = 0;
    const flush = (end: number) => {
      if (end > start) this.add(text.slice(start, end), false);
    };
    for (let index = 0; index < text.length; index++) {
      const character = text[index]!;
      if (!this.#ifs.includes(character)) continue;
      flush(index);
      start = index + 1;
      if (/[ \t\n]/.test(character)) {
        if (this.#current !== undefined) {
          this.end();
          this.#absorbs = true;
        }
      } else if (this.#current !== undefined) {
        this.end();
        this.#absorbs = false;
      } else if (this.#absorbs) this.#absorbs = false;
      else this.end();
    }
    flush(text.length);
  }

  done(): Field[] {
    if (this.#current !== undefined) this.end();
    return this.#fields;
  }
}

function joined(field: Field): string {
  return field.map(({ text }) => text).join('');
}

function patternOf(field: Field): string {
  return field.map(({ text, quoted }) => (quoted ? escapePattern(text) : text)).join('');
}

/** The text of an expression without its quotes; those of the commands and parameters in it stay. */
function withoutQuotes(text: string): string {
  const pieces = /\\.|`(?:\\.|[^`\\])*`|\$\((?!\()|\$\{|"|[^]/gy;
  let result = '';
  for (let match = pieces.exec(text); match !== null; match = pieces.exec(text)) {
    const [piece] = match;
    if (piece === '$(' || piece === '${') {
      const end = closing(text, match.index + 1);
      result += text.slice(match.index, end);
      pieces.lastIndex = end;
    } else if (piece !== '"') result += piece;
  }
  return result;
}

/** Where the bracket that opens at `from` has been closed, what is quoted left out. */
function closing(text: string, from: number): number {
  const pieces = /\\.|'[^']*'|"(?:\\.|[^"\\])*"|[(){}]|[^]/gy;
  pieces.lastIndex = from;
  let depth = 0;
  for (let match = pieces.exec(text); match !== null; match = pieces.exec(text)) {
    if ('({'.includes(match[0])) depth++;
    else if (')}'.includes(match[0]) && --depth === 0) return pieces.lastIndex;
  }
  return text.length;
}

/** `"$@"` alone becomes nothing if there are no arguments; `""` becomes an empty word. */
function isOnlyList(parts: readonly WordPart[]): boolean {
  return (
    parts.length > 0 &&
    parts.every(
      (part) =>
        part.type === 'ParameterExpansion' &&
        (part.parameter === '@' ||
          part.parameter.endsWith('[@]') ||
          (part.operation?.type === 'ArrayKeys' && !part.operation.star)) &&
        part.operation?.type !== 'Length',
    )
  );
}

/** A number for $RANDOM that follows from how often it was asked for: runs must be repeatable. */
function randomOf(session: ShellSession): number {
  const seed =
    (Number(session.variables.get('RANDOM_SEED') ?? session.pid) * 1_103_515_245 + 12_345) & 0x7fffffff;
  session.variables.set('RANDOM_SEED', String(seed));
  return (seed >> 8) & 0x7fff;
}
