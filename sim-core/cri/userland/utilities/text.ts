import { decodeBase64, encodeBase64 } from '../../../crypto/encoding/base64.ts';
import { bytesOfText, textOfBytes } from '../../../crypto/encoding/byte-text.ts';
import { resolvePath } from '../../../node/path.ts';
import type { Program, ProgramEnvironment } from '../../../node/program.ts';
import type { Options } from '../options.ts';
import { parseOptions } from '../options.ts';
import type { Tool } from '../userland.ts';
import { Inputs } from './input.ts';
import { readAll } from '../../../node/pipe.ts';

/** Bytes that "/dev/zero" gives at a time to whoever keeps them all. */
const ZERO_STEP = 64 * 1024 * 1024;
const ZERO_STEP_MS = 100;

const linesOf = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

const join = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** A program that needs all of its input before it can say something. */
function filter(withValue: readonly string[], change: (text: string, options: Options) => string): Tool {
  return async (environment, family) => {
    const options = parseOptions(environment.argv.slice(1), withValue);
    const inputs = new Inputs(environment, options.operands, family);
    environment.stdout(change(await inputs.text(), options));
    return inputs.failed ? 1 : 0;
  };
}

/** A program that says something for each line as soon as it has read it; `begin` makes what does so. */
function lineFilter(
  withValue: readonly string[],
  begin: (options: Options) => (line: string) => string,
): Tool {
  return async (environment, family) => {
    const options = parseOptions(environment.argv.slice(1), withValue);
    const inputs = new Inputs(environment, options.operands, family);
    const change = begin(options);
    for await (const line of inputs.lines()) environment.stdout(`${change(line)}\n`);
    return inputs.failed ? 1 : 0;
  };
}

const cat: Tool = async (environment, family) => {
  const { operands, flags } = parseOptions(environment.argv.slice(1));
  const inputs = new Inputs(environment, operands, family);
  let number = 0;
  for (const { input } of inputs) {
    if (flags.has('n')) {
      for (let line = await input.readLine(); line !== undefined; line = await input.readLine())
        environment.stdout(`${String(++number).padStart(6)}\t${line}\n`);
      continue;
    }
    for (let piece = await input.read(); piece !== undefined; piece = await input.read()) {
      environment.stdout(piece);
    }
  }
  return inputs.failed ? 1 : 0;
};

/** Lines or bytes of the beginning; it ends as soon as it has read enough. */
const head: Tool = async (environment, family) => {
  const { values, flags, operands } = parseOptions(environment.argv.slice(1), ['n', 'c']);
  const inputs = new Inputs(environment, operands, family, 'name');
  const bytes = values.get('c');
  const count = Number(bytes ?? values.get('n') ?? 10);
  let shown = 0;
  for (const { name, input } of inputs) {
    if ((inputs.count > 1 && !flags.has('q')) || flags.has('v'))
      environment.stdout(`${shown++ > 0 ? '\n' : ''}==> ${name || 'standard input'} <==\n`);
    if (count < 0) {
      // All but the last ones.
      const text = await input.readAll();
      environment.stdout(bytes === undefined ? join(linesOf(text).slice(0, count)) : text.slice(0, count));
    } else if (bytes === undefined) {
      for (let left = count; left > 0; left--) {
        const { line, complete } = await input.readUntil('\n');
        environment.stdout(complete ? `${line}\n` : line);
        if (!complete) break;
      }
    } else {
      for (let left = count; left > 0;) {
        const piece = await input.read();
        if (piece === undefined) break;
        environment.stdout(piece.slice(0, left));
        left -= piece.length;
      }
    }
  }
  return inputs.failed ? 1 : 0;
};

/** "/dev/zero" has no line that ends: whoever looks for one keeps everything. */
async function swallowZeros({ clock, killed, useMemory }: ProgramEnvironment): Promise<number> {
  for (let bytes = ZERO_STEP; !killed.cancelled; bytes += ZERO_STEP) {
    if (!useMemory(bytes)) break;
    await clock.sleep(ZERO_STEP_MS, { context: killed });
  }
  return 137;
}

const tail: Tool = async (environment, family) => {
  const { argv, files, cwd, killed, clock } = environment;
  const { values, flags, operands } = parseOptions(argv.slice(1), ['n', 'c']);
  if (operands.includes('/dev/zero')) return swallowZeros(environment);
  const count = values.get('n') ?? '10';
  const inputs = new Inputs(environment, operands, family);
  let seen = 0;
  for (const { input } of inputs) {
    const text = await input.readAll();
    seen = text.length;
    if (values.has('c')) environment.stdout(text.slice(-Number(values.get('c'))));
    else {
      const lines = linesOf(text);
      environment.stdout(
        join(
          count.startsWith('+')
            ? lines.slice(Number(count) - 1)
            : lines.slice(Math.max(0, lines.length - Number(count))),
        ),
      );
    }
  }
  if (!flags.has('f') && !flags.has('F')) return inputs.failed ? 1 : 0;
  const [path = '/dev/null'] = operands;
  if (path === '/dev/null') {
    await clock.sleep(Infinity, { context: killed, periodic: true });
    return 0;
  }
  const full = resolvePath(cwd, path);
  const stop = files.watch(full, () => {
    if (!files.exists(full)) return;
    const text = files.read(full);
    if (text.length > seen) environment.stdout(text.slice(seen));
    seen = text.length;
  });
  await new Promise<void>((resolve) => void killed.onCancel(() => resolve()));
  stop();
  return 0;
};

const grep: Tool = async (environment, family) => {
  const { stdout, argv } = environment;
  const { flags, values, operands } = parseOptions(argv.slice(1), ['e', 'A', 'B', 'C', 'm']);
  const pattern = values.get('e') ?? operands[0] ?? '';
  const source = flags.has('F')
    ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    : basicPattern(pattern, flags.has('E'));
  const expression = new RegExp(flags.has('w') ? `\\b(?:${source})\\b` : source, flags.has('i') ? 'i' : '');
  const inputs = new Inputs(environment, values.has('e') ? operands : operands.slice(1), family, 'name');
  const most = flags.has('l') ? 1 : Number(values.get('m') ?? Infinity);
  let found = false;
  for (const { name, input } of inputs) {
    const prefix = inputs.count > 1 && !flags.has('h') ? `${name}:` : '';
    let count = 0;
    let number = 0;
    while (count < most) {
      const line = await input.readLine();
      if (line === undefined) break;
      number++;
      if (expression.test(line) === flags.has('v')) continue;
      count++;
      found = true;
      if (flags.has('q')) return 0;
      if (flags.has('l') || flags.has('c')) continue;
      const shown = flags.has('o') ? (expression.exec(line)?.[0] ?? '') : line;
      stdout(`${prefix}${flags.has('n') ? `${number}:` : ''}${shown}\n`);
    }
    if (flags.has('l')) stdout(count > 0 ? `${name || '(standard input)'}\n` : '');
    else if (flags.has('c')) stdout(`${prefix}${count}\n`);
  }
  return inputs.failed ? 2 : found ? 0 : 1;
};

/** A basic regular expression ("\(", "\|") as JavaScript writes it; extended ones are the same already. */
function basicPattern(pattern: string, extended: boolean): string {
  const classes = pattern.replace(/\[:(\w+):\]/g, (_, name: string) => CLASSES[name] ?? '');
  return extended
    ? classes
    : classes.replace(
        /\\([(){}|+?])|([(){}|+?])/g,
        (_, escaped?: string, plain?: string) => escaped ?? `\\${plain!}`,
      );
}
const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  space: '\\s',
  upper: 'A-Z',
  lower: 'a-z',
};

const sed: Tool = async (environment, family) => {
  const { flags, lists, operands } = parseOptions(environment.argv.slice(1), ['e']);
  const scripts = lists.get('e') ?? operands.slice(0, 1);
  const paths = lists.has('e') ? operands : operands.slice(1);
  const inputs = new Inputs(environment, paths, family, 'name');
  for (const { input, name } of inputs) {
    let lines = linesOf(await input.readAll());
    for (const script of scripts.flatMap((one) => one.split(/;(?=[s\d/$])/)))
      lines = edit(lines, script.trim(), flags);
    if (flags.has('i')) environment.files.write(resolvePath(environment.cwd, name), join(lines));
    else environment.stdout(join(lines));
  }
  return inputs.failed ? (family === 'debian' ? 2 : 1) : 0;
};

/** s/a/b/g, 3d, /x/d, 2p, $p, 5q. */
function edit(lines: readonly string[], script: string, flags: ReadonlySet<string>): string[] {
  const match =
    /^(?:(\d+|\$)|\/((?:[^/\\]|\\.)*)\/)?\s*(?:s(.)((?:(?!\3)[^\\]|\\.)*)\3((?:(?!\3)[^\\]|\\.)*)\3([gip]*)|([dpq]))$/s.exec(
      script,
    );
  if (match === null) return [...lines];
  const [, number, address, , pattern = '', replacement = '', options = '', command] = match;
  const expression = new RegExp(
    basicPattern(pattern, flags.has('E') || flags.has('r')),
    options.replace('p', ''),
  );
  const fill = replacement
    .replace(/\$/g, '$$$$')
    .replace(/\\(\d)/g, '$$$1')
    .replace(/(?<!\\)&/g, '$$&')
    .replace(/\\(.)/g, '$1');
  const isAddressed = (line: string, index: number) =>
    number !== undefined
      ? index === (number === '$' ? lines.length - 1 : Number(number) - 1)
      : address === undefined || new RegExp(basicPattern(address, false)).test(line);
  if (command === 'q') {
    const last = lines.findIndex(isAddressed);
    return last < 0 ? [...lines] : lines.slice(0, last + 1);
  }
  return lines.flatMap((line, index) => {
    const applies = isAddressed(line, index);
    if (command === 'd') return applies ? [] : [line];
    if (command === 'p')
      return applies ? (flags.has('n') ? [line] : [line, line]) : flags.has('n') ? [] : [line];
    return [applies ? line.replace(expression, fill) : line];
  });
}

const awk: Tool = async (environment, family) => {
  const { values, operands } = parseOptions(environment.argv.slice(1), ['F', 'v']);
  const match = /^(?:\/(.*)\/)?\s*(?:\{\s*print\s*(.*?)\s*;?\s*\})?$/.exec(operands[0] ?? '');
  if (match === null) {
    environment.stderr(`awk: cmd. line:1: Unexpected token\n`);
    return 1;
  }
  const separator = values.has('F') ? values.get('F')! : /\s+/;
  const [, pattern, list = '$0'] = match;
  const inputs = new Inputs(environment, operands.slice(1), family);
  let number = 0;
  for await (const line of inputs.lines()) {
    number++;
    if (pattern !== undefined && !new RegExp(pattern).test(line)) continue;
    const fields = (typeof separator === 'string' ? line : line.trim()).split(separator);
    const value = (word: string) =>
      word === '$NF'
        ? (fields.at(-1) ?? '')
        : word === 'NR'
          ? String(number)
          : word === 'NF'
            ? String(fields.length)
            : /^\$0$/.test(word) || word === ''
              ? line
              : /^\$\d+$/.test(word)
                ? (fields[Number(word.slice(1)) - 1] ?? '')
                : word.replace(/^"|"$/g, '');
    const columns = list.match(/"[^"]*"|[^\s,]+|,/g) ?? [''];
    environment.stdout(`${columns.map((word) => (word === ',' ? ' ' : value(word))).join('')}\n`);
  }
  return inputs.failed ? 2 : 0;
};

const echo: Program = ({ argv, stdout }) => {
  const words = argv.slice(1);
  let newline = true;
  let escapes = false;
  while (/^-[neE]+$/.test(words[0] ?? '')) {
    const option = words.shift()!;
    if (option.includes('n')) newline = false;
    if (option.includes('e')) escapes = true;
  }
  const text = words.join(' ');
  stdout(`${escapes ? unescape(text) : text}${newline ? '\n' : ''}`);
  return Promise.resolve(0);
};

function unescape(text: string): string {
  return text.replace(/\\(n|t|r|a|b|e|\\|0?[0-7]{1,3})/g, (_, code: string) => {
    const simple = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', e: '\x1b', '\\': '\\' }[code];
    return simple ?? String.fromCharCode(parseInt(code, 8));
  });
}

const printf: Program = ({ argv, stdout }) => {
  const [, format = '', ...args] = argv;
  let text = '';
  do {
    text += unescape(format).replace(/%(-?\d*)(?:\.\d+)?([sdiqx%])/g, (_, width: string, type: string) => {
      if (type === '%') return '%';
      const raw = args.shift() ?? '';
      const value =
        type === 's' || type === 'q'
          ? raw
          : type === 'x'
            ? Number(raw).toString(16)
            : String(Math.trunc(Number(raw) || 0));
      const size = Math.abs(Number(width));
      return width.startsWith('-')
        ? value.padEnd(size)
        : value.padStart(size, width.startsWith('0') ? '0' : ' ');
    });
  } while (args.length > 0 && /%[^%]/.test(format));
  stdout(text);
  return Promise.resolve(0);
};

const tr: Program = async ({ argv, stdin, stdout }) => {
  const { flags, operands } = parseOptions(argv.slice(1));
  const expand = (set: string) =>
    unescape(set.replace(/\[:(upper|lower|digit|alpha):\]/g, (_, name: string) => CLASSES[name]!)).replace(
      /(.)-(.)/g,
      (_, from: string, to: string) =>
        Array.from({ length: to.charCodeAt(0) - from.charCodeAt(0) + 1 }, (_unused, index) =>
          String.fromCharCode(from.charCodeAt(0) + index),
        ).join(''),
    );
  const from = expand(operands[0] ?? '');
  const to = expand(operands[1] ?? '');
  const complement = flags.has('c') || flags.has('C');
  const belongs = (character: string) => from.includes(character) !== complement;
  let last = '';
  for (let text = await stdin.read(); text !== undefined; text = await stdin.read()) {
    let changed = '';
    for (const character of text) {
      if (!belongs(character)) changed += last = character;
      else if (flags.has('d')) continue;
      else if (operands.length < 2) {
        if (!flags.has('s') || character !== last) changed += character;
        last = character;
      } else {
        const index = complement ? to.length - 1 : from.indexOf(character);
        const put = to[Math.min(index, to.length - 1)] ?? '';
        if (!flags.has('s') || put !== last) changed += put;
        last = put;
      }
    }
    stdout(changed);
  }
  return 0;
};

const cut = lineFilter(['d', 'f', 'c'], ({ values }) => {
  const delimiter = values.get('d') ?? '\t';
  const picks = (values.get('f') ?? values.get('c') ?? '1').split(',').map((range) => {
    const [from = '', to] = range.split('-');
    return { from: Number(from || 1), to: to === undefined ? Number(from) : Number(to || Infinity) };
  });
  const picked = (_: string, index: number) =>
    picks.some(({ from, to }) => index + 1 >= from && index + 1 <= to);
  return (line) => {
    if (values.has('c')) return [...line].filter(picked).join('');
    return line.includes(delimiter) ? line.split(delimiter).filter(picked).join(delimiter) : line;
  };
});

const tee: Program = async ({ argv, files, cwd, stdin, stdout }) => {
  const { flags, operands } = parseOptions(argv.slice(1));
  const paths = operands.map((path) => resolvePath(cwd, path));
  for (const path of paths) if (!flags.has('a') || !files.exists(path)) files.write(path, '');
  for (let piece = await stdin.read(); piece !== undefined; piece = await stdin.read()) {
    stdout(piece);
    for (const path of paths) files.append(path, piece);
  }
  return 0;
};

const yes: Program = async ({ argv, stdout, killed, clock }) => {
  const line = `${argv.slice(1).join(' ') || 'y'}\n`;
  while (!killed.cancelled) {
    for (let count = 0; count < 100 && !killed.cancelled; count++) stdout(line);
    await clock.sleep(100, { context: killed, periodic: true });
  }
  return 0;
};

const base64: Tool = filter([], (text, { flags }) => {
  if (!flags.has('d')) {
    const encoded = encodeBase64(bytesOfText(text));
    return `${encoded.replace(/.{76}(?=.)/g, '$&\n')}\n`;
  }
  return textOfBytes(decodeBase64(text.replace(/[^A-Za-z0-9+/=]/g, '')) ?? new Uint8Array());
});

export const TEXT: Readonly<Record<string, Tool>> = {
  awk,
  base64,
  cat,
  cut,
  echo,
  grep,
  egrep: (environment, family) =>
    grep({ ...environment, argv: ['grep', '-E', ...environment.argv.slice(1)] }, family),
  head,
  nl: lineFilter([], () => {
    let number = 0;
    return (line) => `${String(++number).padStart(6)}\t${line}`;
  }),
  printf,
  rev: lineFilter([], () => (line) => [...line].reverse().join('')),
  sed,
  seq: ({ argv, stdout }) => {
    const numbers = argv.slice(1).map(Number);
    const [first, step, last] =
      numbers.length === 3
        ? numbers
        : numbers.length === 2
          ? [numbers[0], 1, numbers[1]]
          : [1, 1, numbers[0]];
    const lines: string[] = [];
    for (let value = first!; step! > 0 ? value <= last! : value >= last!; value += step!)
      lines.push(String(value));
    stdout(join(lines));
    return Promise.resolve(0);
  },
  sort: filter(['k', 't'], (text, { flags, values }) => {
    const column = Number(values.get('k')?.split(',')[0] ?? 0);
    const keyOf = (line: string) =>
      column === 0 ? line : (line.trim().split(values.get('t') ?? /\s+/)[column - 1] ?? '');
    const compare = (a: string, b: string) =>
      flags.has('n') ? (parseFloat(a) || 0) - (parseFloat(b) || 0) : a < b ? -1 : a > b ? 1 : 0;
    const lines = linesOf(text).sort((a, b) => compare(keyOf(a), keyOf(b)));
    if (flags.has('r')) lines.reverse();
    return join(flags.has('u') ? [...new Set(lines)] : lines);
  }),
  tac: filter([], (text) => join(linesOf(text).reverse())),
  tail,
  tee,
  tr,
  uniq: filter([], (text, { flags }) => {
    const runs: { line: string; count: number }[] = [];
    for (const line of linesOf(text)) {
      if (runs.at(-1)?.line === line) runs.at(-1)!.count++;
      else runs.push({ line, count: 1 });
    }
    return join(
      runs.map(({ line, count }) => (flags.has('c') ? `${String(count).padStart(7)} ${line}` : line)),
    );
  }),
  wc: async (environment, family) => {
    const { flags, operands } = parseOptions(environment.argv.slice(1));
    const inputs = new Inputs(environment, operands, family, 'name');
    for (const { input, name } of inputs) {
      const text = await input.readAll();
      const counts = {
        l: text.split('\n').length - 1,
        w: text.split(/\s+/).filter((word) => word !== '').length,
        c: bytesOfText(text).length,
      };
      const shown = (['l', 'w', 'c'] as const).filter(
        (key) => flags.size === 0 || flags.has(key) || (key === 'c' && flags.has('m')),
      );
      const columns = shown.map((key) =>
        shown.length > 1 ? String(counts[key]).padStart(9) : String(counts[key]),
      );
      environment.stdout(`${columns.join('')}${name === '' ? '' : ` ${name}`}\n`);
    }
    return inputs.failed ? 1 : 0;
  },
  xargs: async ({ stdin, stdout }) => {
    stdout(`${(await readAll(stdin)).trim().split(/\s+/).join(' ')}\n`);
    return 0;
  },
  yes,
};
