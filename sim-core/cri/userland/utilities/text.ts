import { encodeBase64 } from '../../../crypto/encoding/base64.ts';
import { encodeUtf8 } from '../../../crypto/encoding/utf8.ts';
import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import type { Program, ProgramEnvironment } from '../../../node/program.ts';
import { parseOptions } from '../options.ts';
import { readAll } from '../../../node/pipe.ts';

/** Bytes that "/dev/zero" gives at a time to whoever keeps them all. */
const ZERO_STEP = 64 * 1024 * 1024;
const ZERO_STEP_MS = 100;

/** The text of the named files, or of the input; files that cannot be read are said and left out. */
async function inputOf(
  environment: ProgramEnvironment,
  paths: readonly string[],
): Promise<{ readonly text: string; readonly name: string; readonly failed: boolean }[]> {
  const { argv, files, cwd, stdin, stderr } = environment;
  if (paths.length === 0) return [{ text: await readAll(stdin), name: '', failed: false }];
  const texts = [];
  for (const path of paths) {
    if (path === '-' || path === '/dev/stdin') {
      texts.push({ text: await readAll(stdin), name: '-', failed: false });
      continue;
    }
    try {
      texts.push({
        text: path === '/dev/null' ? '' : files.read(resolvePath(cwd, path)),
        name: path,
        failed: false,
      });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const what = error.code === 'EISDIR' ? 'read error: Is a directory' : error.message;
      stderr(
        error.code === 'EISDIR' ? `${argv[0]}: ${what}\n` : `${argv[0]}: can't open '${path}': ${what}\n`,
      );
      texts.push({ text: '', name: path, failed: true });
    }
  }
  return texts;
}

const linesOf = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

const join = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** A program that makes one text of another. */
function filter(
  withValue: readonly string[],
  change: (text: string, options: ReturnType<typeof parseOptions>) => string,
  operandsFirst = 0,
): Program {
  return async (environment) => {
    const options = parseOptions(environment.argv.slice(1), withValue);
    const texts = await inputOf(environment, options.operands.slice(operandsFirst));
    environment.stdout(change(texts.map(({ text }) => text).join(''), options));
    return texts.some(({ failed }) => failed) ? 1 : 0;
  };
}

const cat: Program = async (environment) => {
  const { operands, flags } = parseOptions(environment.argv.slice(1));
  if (operands.length === 0 || operands[0] === '-') {
    for (
      let piece = await environment.stdin.read();
      piece !== undefined;
      piece = await environment.stdin.read()
    ) {
      environment.stdout(piece);
    }
    return 0;
  }
  let failed = false;
  let number = 0;
  for (const operand of operands) {
    const [input] = await inputOf(environment, [operand]);
    failed ||= input!.failed;
    environment.stdout(
      flags.has('n')
        ? join(linesOf(input!.text).map((line) => `${String(++number).padStart(6)}\t${line}`))
        : input!.text,
    );
  }
  return failed ? 1 : 0;
};

/** "/dev/zero" has no line that ends: whoever looks for one keeps everything. */
async function swallowZeros({ clock, killed, useMemory }: ProgramEnvironment): Promise<number> {
  for (let bytes = ZERO_STEP; !killed.cancelled; bytes += ZERO_STEP) {
    if (!useMemory(bytes)) break;
    await clock.sleep(ZERO_STEP_MS, { context: killed });
  }
  return 137;
}

const tail: Program = async (environment) => {
  const { argv, files, cwd, killed, clock } = environment;
  const { values, flags, operands } = parseOptions(argv.slice(1), ['n', 'c']);
  if (operands.includes('/dev/zero')) return swallowZeros(environment);
  const count = values.get('n') ?? '10';
  const inputs = await inputOf(environment, operands);
  for (const { text } of inputs) {
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
  if (!flags.has('f') && !flags.has('F')) return inputs.some(({ failed }) => failed) ? 1 : 0;
  const [path = '/dev/null'] = operands;
  if (path === '/dev/null') {
    await clock.sleep(Infinity, { context: killed, periodic: true });
    return 0;
  }
  const full = resolvePath(cwd, path);
  let seen = inputs[0]?.text.length ?? 0;
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

const grep: Program = async (environment) => {
  const { stdout, argv } = environment;
  const { flags, values, operands } = parseOptions(argv.slice(1), ['e', 'A', 'B', 'C', 'm']);
  const pattern = values.get('e') ?? operands[0] ?? '';
  const paths = values.has('e') ? operands : operands.slice(1);
  const source = flags.has('F')
    ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    : basicPattern(pattern, flags.has('E'));
  const expression = new RegExp(flags.has('w') ? `\\b(?:${source})\\b` : source, flags.has('i') ? 'i' : '');
  const inputs = await inputOf(environment, paths);
  let found = false;
  for (const { text, name } of inputs) {
    const prefix = inputs.length > 1 && !flags.has('h') ? `${name}:` : '';
    const lines = linesOf(text)
      .map((line, index) => ({ line, index }))
      .filter(({ line }) => expression.test(line) !== flags.has('v'));
    found ||= lines.length > 0;
    if (flags.has('q')) continue;
    if (flags.has('l')) stdout(lines.length > 0 ? `${name}\n` : '');
    else if (flags.has('c')) stdout(`${prefix}${lines.length}\n`);
    else {
      stdout(
        join(
          lines.map(({ line, index }) => {
            const shown = flags.has('o') ? (expression.exec(line)?.[0] ?? '') : line;
            return `${prefix}${flags.has('n') ? `${index + 1}:` : ''}${shown}`;
          }),
        ),
      );
    }
  }
  return inputs.some(({ failed }) => failed) ? 2 : found ? 0 : 1;
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

const sed: Program = async (environment) => {
  const { flags, lists, operands } = parseOptions(environment.argv.slice(1), ['e']);
  const scripts = lists.get('e') ?? operands.slice(0, 1);
  const paths = lists.has('e') ? operands : operands.slice(1);
  const inputs = await inputOf(environment, paths);
  for (const { text, name } of inputs) {
    let lines = linesOf(text);
    for (const script of scripts.flatMap((one) => one.split(/;(?=[s\d/$])/)))
      lines = edit(lines, script.trim(), flags);
    if (flags.has('i')) environment.files.write(resolvePath(environment.cwd, name), join(lines));
    else environment.stdout(join(lines));
  }
  return inputs.some(({ failed }) => failed) ? 1 : 0;
};

/** s/a/b/g, 3d, /x/d, 2p, $p. */
function edit(lines: readonly string[], script: string, flags: ReadonlySet<string>): string[] {
  const match =
    /^(?:(\d+|\$)|\/((?:[^/\\]|\\.)*)\/)?\s*(?:s(.)((?:(?!\3)[^\\]|\\.)*)\3((?:(?!\3)[^\\]|\\.)*)\3([gip]*)|([dp]))$/s.exec(
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
  return lines.flatMap((line, index) => {
    const applies =
      number !== undefined
        ? index === (number === '$' ? lines.length - 1 : Number(number) - 1)
        : address === undefined || new RegExp(basicPattern(address, false)).test(line);
    if (command === 'd') return applies ? [] : [line];
    if (command === 'p')
      return applies ? (flags.has('n') ? [line] : [line, line]) : flags.has('n') ? [] : [line];
    return [applies ? line.replace(expression, fill) : line];
  });
}

const awk: Program = async (environment) => {
  const { values, operands } = parseOptions(environment.argv.slice(1), ['F', 'v']);
  const match = /^(?:\/(.*)\/)?\s*(?:\{\s*print\s*(.*?)\s*;?\s*\})?$/.exec(operands[0] ?? '');
  if (match === null) {
    environment.stderr(`awk: cmd. line:1: Unexpected token\n`);
    return 1;
  }
  const separator = values.has('F') ? values.get('F')! : /\s+/;
  const [, pattern, list = '$0'] = match;
  const inputs = await inputOf(environment, operands.slice(1));
  for (const { text } of inputs) {
    for (const [index, line] of linesOf(text).entries()) {
      if (pattern !== undefined && !new RegExp(pattern).test(line)) continue;
      const fields = (typeof separator === 'string' ? line : line.trim()).split(separator);
      const value = (word: string) =>
        word === '$NF'
          ? (fields.at(-1) ?? '')
          : word === 'NR'
            ? String(index + 1)
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
  }
  return 0;
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
  let text = await readAll(stdin);
  if (flags.has('d')) text = [...text].filter((character) => !from.includes(character)).join('');
  else if (!flags.has('s')) {
    text = [...text]
      .map((character) => {
        const index = from.indexOf(character);
        return index < 0 ? character : (to[Math.min(index, to.length - 1)] ?? '');
      })
      .join('');
  } else
    text = text.replace(/(.)\1+/gs, (run, character: string) => (from.includes(character) ? character : run));
  stdout(text);
  return 0;
};

const cut: Program = filter(['d', 'f', 'c'], (text, { values }) => {
  const delimiter = values.get('d') ?? '\t';
  const picks = (values.get('f') ?? values.get('c') ?? '1').split(',').map((range) => {
    const [from = '', to] = range.split('-');
    return { from: Number(from || 1), to: to === undefined ? Number(from) : Number(to || Infinity) };
  });
  const picked = (index: number) => picks.some(({ from, to }) => index + 1 >= from && index + 1 <= to);
  return join(
    linesOf(text).map((line) =>
      values.has('c')
        ? [...line].filter((_, index) => picked(index)).join('')
        : !line.includes(delimiter)
          ? line
          : line
              .split(delimiter)
              .filter((_, index) => picked(index))
              .join(delimiter),
    ),
  );
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

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes of a text in UTF-8, as one character each. */
function bytesOf(text: string): number[] {
  return [...encodeURIComponent(text).matchAll(/%(..)|./g)].map(([all, hex]) =>
    hex === undefined ? all.charCodeAt(0) : parseInt(hex, 16),
  );
}

const base64: Program = filter([], (text, { flags }) => {
  if (!flags.has('d')) {
    const encoded = encodeBase64(encodeUtf8(text));
    return `${encoded.replace(/.{76}(?=.)/g, '$&\n')}\n`;
  }
  let bits = 0;
  let held = 0;
  let bytes = '';
  for (const character of text) {
    const value = BASE64.indexOf(character);
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += `%${((bits >> held) & 255).toString(16).padStart(2, '0')}`;
  }
  return decodeURIComponent(bytes);
});

export const TEXT: Readonly<Record<string, Program>> = {
  awk,
  base64,
  cat,
  cut,
  echo,
  grep,
  egrep: (environment) => grep({ ...environment, argv: ['grep', '-E', ...environment.argv.slice(1)] }),
  head: async (environment) => {
    const { values, operands } = parseOptions(environment.argv.slice(1), ['n', 'c']);
    if (operands[0] === '/dev/zero') return 0;
    const inputs = await inputOf(environment, operands);
    for (const { text } of inputs) {
      const bytes = values.get('c');
      environment.stdout(
        bytes === undefined
          ? join(linesOf(text).slice(0, Number(values.get('n') ?? 10)))
          : text.slice(0, Number(bytes)),
      );
    }
    return inputs.some(({ failed }) => failed) ? 1 : 0;
  },
  nl: filter([], (text) =>
    join(linesOf(text).map((line, index) => `${String(index + 1).padStart(6)}\t${line}`)),
  ),
  printf,
  rev: filter([], (text) => join(linesOf(text).map((line) => [...line].reverse().join('')))),
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
  wc: async (environment) => {
    const { flags, operands } = parseOptions(environment.argv.slice(1));
    const inputs = await inputOf(environment, operands);
    for (const { text, name } of inputs) {
      const counts = {
        l: text.split('\n').length - 1,
        w: text.split(/\s+/).filter((word) => word !== '').length,
        c: bytesOf(text).length,
      };
      const shown = (['l', 'w', 'c'] as const).filter(
        (key) => flags.size === 0 || flags.has(key) || (key === 'c' && flags.has('m')),
      );
      const columns = shown.map((key) =>
        shown.length > 1 ? String(counts[key]).padStart(9) : String(counts[key]),
      );
      environment.stdout(`${columns.join('')}${name === '' ? '' : ` ${name}`}\n`);
    }
    return inputs.some(({ failed }) => failed) ? 1 : 0;
  },
  xargs: async ({ stdin, stdout }) => {
    stdout(`${(await readAll(stdin)).trim().split(/\s+/).join(' ')}\n`);
    return 0;
  },
  yes,
};
