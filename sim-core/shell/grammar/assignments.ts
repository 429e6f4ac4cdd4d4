import type { ShellProcess } from './shell-process.ts';
import type { Assignment, Word } from './syntax.ts';

/** Assigns what `name=value` and `name=(…)` say, as commands of their own and as words of `declare`. */
export class Assignments {
  readonly #shell: ShellProcess;

  constructor(shell: ShellProcess) {
    this.#shell = shell;
  }

  /** The words of `declare x=…`: what follows the `=` is not split. */
  async declaration(word: Word, before: readonly string[]): Promise<string[]> {
    const [first] = word.parts;
    const match = first?.type === 'Literal' ? /^([A-Za-z_]\w*)\+?=(\(?)/.exec(first.value) : null;
    if (match === null) return this.#shell.words.fields([word]);
    if (match[2] === '') return [await this.#shell.words.text(word)];
    // An array: its elements are words of their own.
    const append = match[0].includes('+=');
    if (
      this.#shell.variables.inFunction &&
      /^(?:declare|typeset|local)$/.test(before[0]!) &&
      !before.includes('-g')
    )
      this.#shell.variables.local(match[1]!);
    const associative = before.some((option) => /^-\w*A/.test(option));
    await this.#assignArray(match[1]!, elementsOf(word), append, associative);
    return [match[1]!];
  }

  async assign({ name, value, append, array }: Assignment): Promise<void> {
    if (array !== null) return this.#assignArray(name, array, append, false);
    const text = value === null ? '' : await this.#shell.words.text(value);
    if (!append) return this.#shell.words.assign(name, text);
    const before = (await this.#shell.words.text(parameterWord(name))) ?? '';
    const base = name.replace(/\[.*$/s, '');
    const sum = this.#shell.session.integers.has(base) ? `(${before || 0})+(${text || 0})` : before + text;
    await this.#shell.words.assign(name, sum);
  }

  async #assignArray(
    name: string,
    words: readonly Word[],
    append: boolean,
    associative: boolean,
  ): Promise<void> {
    const known = this.#shell.variables.array(name)?.associative ?? associative;
    // How its keys are read depends on what it is.
    if (known) this.#shell.variables.arrayFor(name, true);
    const values: [key: string | undefined, value: string][] = [];
    for (const word of words) {
      const [first, second] = word.parts;
      const isKeyed = first?.type === 'Glob' && second?.type === 'Literal' && second.value.startsWith('=');
      if (isKeyed) {
        const rest = [{ ...second, value: second.value.slice(1) }, ...word.parts.slice(2)];
        const key = await this.#shell.words.key(name, first.pattern.slice(1, -1));
        values.push([key, await this.#shell.words.text({ type: 'Word', parts: rest })]);
        continue;
      }
      for (const field of await this.#shell.words.fields([word])) values.push([undefined, field]);
    }
    const array = append
      ? this.#shell.variables.arrayFor(name, known)
      : this.#shell.variables.newArray(name, known);
    let next = Math.max(-1, ...[...array.elements.keys()].map(Number).filter(Number.isFinite)) + 1;
    for (const [key, value] of values) {
      array.elements.set(key ?? String(next), value);
      next = (key === undefined ? next : Number(key)) + 1;
    }
  }
}

function parameterWord(parameter: string): Word {
  return { type: 'Word', parts: [{ type: 'ParameterExpansion', parameter, operation: null }] };
}

/** The elements of `name=(a "b c" $d)`, which the parser gives as one word. */
function elementsOf({ parts }: Word): Word[] {
  const words: Word[] = [];
  let current: Word['parts'] | undefined;
  const add = (part: Word['parts'][number]) => (current ??= []).push(part);
  const end = () => {
    if (current !== undefined) words.push({ type: 'Word', parts: current });
    current = undefined;
  };
  for (const [index, part] of parts.entries()) {
    if (part.type !== 'Literal') {
      add(part);
      continue;
    }
    let text = index === 0 ? part.value.slice(part.value.indexOf('(') + 1) : part.value;
    if (index === parts.length - 1) text = text.replace(/\)\s*$/, '');
    for (const [position, piece] of text.split(/\s+/).entries()) {
      if (position > 0) end();
      if (piece !== '') add({ type: 'Literal', value: piece });
    }
  }
  end();
  return words;
}
