import type { LineInput } from '../../../node/pipe.ts';
import { inputOf } from '../descriptors.ts';
import { isName } from '../variables.ts';
import type { ShellProcess } from '../shell-process.ts';
import type { GrammarBuiltin } from './builtin.ts';

interface ReadOptions {
  raw: boolean;
  array?: string;
  delimiter: string;
  count?: number;
  timeout?: number;
  descriptor: number;
  prompt: string;
}

/** `read [-r] [-a array] [-d delimiter] [-n count] [-p prompt] [-t timeout] [-u fd] [name …]`. */
export const read: GrammarBuiltin = async (shell, args) => {
  const options: ReadOptions = { raw: false, delimiter: '\n', descriptor: 0, prompt: '' };
  const names = [...args];
  while (/^-./.test(names[0] ?? '')) {
    const option = names.shift()!;
    if (option === '--') break;
    for (let index = 1; index < option.length; index++) {
      const letter = option[index]!;
      if (letter === 'r') options.raw = true;
      else if ('esi'.includes(letter)) continue;
      else {
        const value = option.slice(index + 1) || (names.shift() ?? '');
        if (letter === 'a') options.array = value;
        else if (letter === 'd') options.delimiter = value.slice(0, 1) || '\0';
        else if (letter === 'n' || letter === 'N') options.count = Number(value);
        else if (letter === 't') options.timeout = Number(value) * 1000;
        else if (letter === 'u') options.descriptor = Number(value);
        else if (letter === 'p') options.prompt = value;
        else {
          shell.say(`read: -${letter}: invalid option`);
          return 2;
        }
        break;
      }
    }
  }
  for (const name of names) {
    if (isName(name) || /^\w+\[.*\]$/.test(name)) continue;
    shell.say(`read: \`${name}': not a valid identifier`);
    return 1;
  }
  const input = inputOf(shell.descriptors, options.descriptor);
  const reading = lineOf(input, options);
  const line = await (options.timeout === undefined ? reading : within(shell, reading, options.timeout));
  if (line === 'late') return 142;
  await store(shell, line.text, names, options);
  return line.ended ? 1 : 0;
};

interface Line {
  readonly text: string;
  /** The input ended before the line did. */
  readonly ended: boolean;
}

async function within(shell: ShellProcess, reading: Promise<Line>, timeout: number): Promise<Line | 'late'> {
  const { context } = shell;
  return Promise.race([
    reading,
    shell.host.clock.sleep(timeout, { context, periodic: true }).then(() => 'late' as const),
  ]);
}

async function lineOf(input: LineInput, { delimiter, raw, count }: ReadOptions): Promise<Line> {
  if (count !== undefined) {
    const text = await input.readCharacters(count, delimiter);
    return { text: text ?? '', ended: text === undefined };
  }
  let text = '';
  for (;;) {
    const { line, complete } = await input.readUntil(delimiter);
    text += line;
    const isContinued = !raw && complete && /(?:^|[^\\])(?:\\\\)*\\$/.test(text);
    if (!isContinued) return { text, ended: !complete };
    text = text.slice(0, -1);
  }
}

async function store(
  shell: ShellProcess,
  text: string,
  names: readonly string[],
  { raw, array }: ReadOptions,
): Promise<void> {
  const ifs = shell.variables.get('IFS') ?? ' \t\n';
  if (array !== undefined) {
    const { elements } = shell.variables.newArray(array);
    for (const [index, field] of fieldsOf(text, ifs, raw, Infinity).entries())
      elements.set(String(index), field);
    return;
  }
  if (names.length === 0) {
    shell.variables.set('REPLY', raw ? text : text.replace(/\\([^])/g, '$1'));
    return;
  }
  const fields = fieldsOf(text, ifs, raw, names.length);
  for (const [index, name] of names.entries()) await shell.words.assign(name, fields[index] ?? '');
}

/** The fields of a line, the last one with all that is left. */
function fieldsOf(text: string, ifs: string, raw: boolean, count: number): string[] {
  const white = [...ifs].filter((character) => /[ \t\n]/.test(character)).join('');
  const characters: { readonly text: string; readonly plain: boolean }[] = [];
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '\\' && !raw) characters.push({ text: text[++index] ?? '', plain: false });
    else characters.push({ text: text[index]!, plain: true });
  }
  const isWhite = (at: number) => characters[at]?.plain === true && white.includes(characters[at].text);
  const isSeparator = (at: number) => characters[at]?.plain === true && ifs.includes(characters[at].text);
  let end = characters.length;
  while (end > 0 && isWhite(end - 1)) end--;
  let at = 0;
  while (at < end && isWhite(at)) at++;
  const fields: string[] = [];
  while (at < end) {
    let field = '';
    if (fields.length === count - 1) {
      // One separator at the very end belongs to the last field's end.
      let last = end;
      const separators = characters
        .slice(at, end)
        .filter((_, index) => isSeparator(at + index) && !isWhite(at + index));
      if (separators.length === 1 && isSeparator(end - 1) && !isWhite(end - 1)) last--;
      fields.push(
        characters
          .slice(at, last)
          .map((one) => one.text)
          .join(''),
      );
      return fields;
    }
    while (at < end && !isSeparator(at)) field += characters[at++]!.text;
    fields.push(field);
    while (at < end && isWhite(at)) at++;
    if (at < end && isSeparator(at)) at++;
    while (at < end && isWhite(at)) at++;
  }
  return fields;
}

/** `mapfile [-t] [-n count] [-d delimiter] [array]`. */
export const mapfile: GrammarBuiltin = async (shell, args) => {
  const operands = [...args];
  let trim = false;
  let limit = Infinity;
  let delimiter = '\n';
  let descriptor = 0;
  while (/^-./.test(operands[0] ?? '')) {
    const option = operands.shift()!;
    if (option === '-t') trim = true;
    else if (option === '-n') limit = Number(operands.shift()) || Infinity;
    else if (option === '-d') delimiter = (operands.shift() ?? '').slice(0, 1) || '\0';
    else if (option === '-u') descriptor = Number(operands.shift());
    else operands.shift();
  }
  const { elements } = shell.variables.newArray(operands[0] ?? 'MAPFILE');
  const input = inputOf(shell.descriptors, descriptor);
  while (elements.size < limit) {
    const { line, complete } = await input.readUntil(delimiter);
    if (!complete && line === '') break;
    elements.set(String(elements.size), trim || !complete ? line : line + delimiter);
    if (!complete) break;
  }
  return 0;
};

/** `getopts optstring name [argument …]`. */
export const getopts: GrammarBuiltin = (shell, args) => {
  const [options = '', name = '', ...given] = args;
  const { variables, session } = shell;
  const words = given.length > 0 ? given : session.positional;
  const silent = options.startsWith(':');
  let index = Number(variables.get('OPTIND') ?? '1');
  let offset = Number(variables.get('__getopts_offset') ?? '1');
  const word = words[index - 1];
  const done = (letter: string, exit: number) => {
    variables.set('OPTIND', String(index));
    variables.set('__getopts_offset', String(offset));
    variables.set(name, letter);
    return exit;
  };
  variables.unset('OPTARG');
  if (word === undefined || !/^-./.test(word)) return done('?', 1);
  if (word === '--') {
    index++;
    return done('?', 1);
  }
  const letter = word[offset]!;
  offset++;
  const takesValue = options[options.indexOf(letter) + 1] === ':';
  const isKnown = letter !== ':' && options.includes(letter);
  const next = () => {
    index++;
    offset = 1;
  };
  if (!isKnown) {
    if (offset >= word.length) next();
    if (silent) variables.set('OPTARG', letter);
    else shell.say(`illegal option -- ${letter}`);
    return done('?', 0);
  }
  if (!takesValue) {
    if (offset >= word.length) next();
    return done(letter, 0);
  }
  const attached = word.slice(offset);
  next();
  if (attached !== '') variables.set('OPTARG', attached);
  else if (words[index - 1] !== undefined) {
    variables.set('OPTARG', words[index - 1]!);
    index++;
  } else {
    if (silent) variables.set('OPTARG', letter);
    else shell.say(`option requires an argument -- ${letter}`);
    return done(silent ? ':' : '?', 0);
  }
  return done(letter, 0);
};
