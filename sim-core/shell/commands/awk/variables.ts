import type { CommandEnvironment } from '../../command.ts';
import { toByteString } from '../../grammar/utf8.ts';
import { AwkArray } from './array.ts';
import { unescapeText } from './lexer.ts';
import type { Variable } from './syntax.ts';
import { Input, toNumber, toText, type Value } from './values.ts';

/** Arguments and locals of a function that runs, by their slots. */
export type Frame = (Value | AwkArray)[];

/** Values of the variables that the language knows, before a program begins. */
const INITIAL: Readonly<Record<string, Value>> = {
  CONVFMT: '%.6g',
  FILENAME: undefined,
  FNR: 0,
  FS: ' ',
  NR: 0,
  OFMT: '%.6g',
  OFS: ' ',
  ORS: '\n',
  RLENGTH: -1,
  RS: '\n',
  RSTART: 0,
  SUBSEP: '\x1c',
};

/** What the names of a program hold. */
export class Variables {
  readonly #globals: Map<string, Variable>;
  /** That of the function that runs. */
  frame: Frame = [];

  /** `args` become ARGV; they are bytes, each of them a character. */
  constructor(
    globals: ReadonlyMap<string, Variable>,
    args: readonly string[],
    environment: CommandEnvironment['variables'],
  ) {
    this.#globals = new Map(globals);
    for (const [name, value] of Object.entries(INITIAL)) this.variable(name).value = value;
    const argv = this.arrayOf(this.variable('ARGV'));
    for (const [index, arg] of ['awk', ...args].entries()) argv.set(String(index), index, new Input(arg));
    this.variable('ARGC').value = args.length + 1;
    const environ = this.arrayOf(this.variable('ENVIRON'));
    for (const [name, value] of Object.entries(environment))
      environ.set(name, undefined, new Input(toByteString(value)));
  }

  /** What a message of a problem names: where the program was. */
  get place(): string {
    const [file, fnr, nr] = ['FILENAME', 'FNR', 'NR'].map((name) => this.text(name));
    return `FILENAME="${file}" FNR=${fnr} NR=${nr}`;
  }

  /** Sets a variable as `name=value` says; false if the text is not of that form. */
  assign(text: string): boolean {
    const match = /^([A-Za-z_]\w*)=([^]*)$/.exec(text);
    if (match === null) return false;
    const variable = this.variable(match[1]!);
    if (variable.type !== 'array') variable.value = new Input(unescapeText(match[2]!));
    return true;
  }

  /** Counts one up. */
  count(name: string): void {
    const variable = this.variable(name);
    variable.value = toNumber(variable.value) + 1;
  }

  /** A global one, which is made if the program does not name it. */
  variable(name: string): Variable {
    const found = this.#globals.get(name);
    if (found !== undefined) return found;
    const made: Variable = { name, type: 'unknown', value: undefined, array: undefined };
    this.#globals.set(name, made);
    return made;
  }

  /** What a variable of the language says. */
  text(name: string): string {
    return toText(this.variable(name).value, '%.6g');
  }

  /** A value as a text, with CONVFMT. */
  toText(value: Value): string {
    return typeof value === 'string' ? value : toText(value, this.text('CONVFMT'));
  }

  arrayOf(variable: Variable): AwkArray {
    if (variable.slot === undefined) return (variable.array ??= new AwkArray());
    return (this.frame[variable.slot] ??= new AwkArray()) as AwkArray;
  }

  get({ slot, value }: Variable): Value {
    return slot === undefined ? value : (this.frame[slot] as Value);
  }

  set(variable: Variable, value: Value): void {
    if (variable.slot === undefined) variable.value = value;
    else this.frame[variable.slot] = value;
  }
}
