import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';
import { C_ESCAPES } from '../text/c-escapes.ts';
import { ownInput } from '../text/inputs.ts';

const OPTIONS = {
  complement: { short: 'c', long: 'complement' },
  complementToo: { short: 'C' },
  delete: { short: 'd', long: 'delete' },
  squeeze: { short: 's', long: 'squeeze-repeats' },
  truncate: { short: 't', long: 'truncate-set1' },
} as const;

const RANGES: Readonly<Record<string, readonly (readonly [from: number, to: number])[]>> = {
  alnum: [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  alpha: [
    [65, 90],
    [97, 122],
  ],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit: [[48, 57]],
  graph: [[33, 126]],
  lower: [[97, 122]],
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper: [[65, 90]],
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
};

class SetError extends Error {}

/** Characters in order; `fill` is where "[x*]" stands, which is repeated until the set is long enough. */
interface CharacterSet {
  readonly characters: readonly string[];
  readonly fill?: { readonly at: number; readonly character: string };
}

/** GNU tr. */
export const tr: Command = {
  name: 'tr',
  async run(args, io, { context }) {
    const parsed = getopt('tr', args, OPTIONS, io);
    if (parsed === undefined) return 1;
    const { options, operands } = parsed;
    const deletes = options.has('delete');
    const squeezes = options.has('squeeze');
    const [first, second, extra] = operands;
    const fail = (message: string): number => {
      io.stderr(`tr: ${message}\nTry 'tr --help' for more information.\n`);
      return 1;
    };
    if (first === undefined) return fail('missing operand');
    if (second === undefined && !deletes && !squeezes)
      return fail(`missing operand after ‘${first}’\nTwo strings must be given when translating.`);
    if (second === undefined && deletes && squeezes)
      return fail(
        `missing operand after ‘${first}’\nTwo strings must be given when both deleting and squeezing repeats.`,
      );
    if (second !== undefined && deletes && !squeezes)
      return fail(
        `extra operand ‘${second}’\nOnly one string may be given when deleting without squeezing repeats.`,
      );
    if (extra !== undefined) return fail(`extra operand ‘${extra}’`);
    let from: CharacterSet;
    let to: CharacterSet | undefined;
    try {
      from = parseSet(first);
      to = second === undefined ? undefined : parseSet(second);
      if (from.fill !== undefined) throw new SetError('the [c*] repeat construct may not appear in string1');
      if (to?.characters.length === 0 && to.fill === undefined && !deletes)
        throw new SetError('when not truncating set1, string2 must be non-empty');
    } catch (error) {
      if (!(error instanceof SetError)) throw error;
      io.stderr(`tr: ${error.message}\n`);
      return 1;
    }
    const isComplement = options.has('complement') || options.has('complementToo');
    const inFirst = new Set(from.characters);
    const isFirst = (character: string) => inFirst.has(character) !== isComplement;
    const target = to === undefined ? [] : lengthened(to, from.characters.length);
    const last = target.at(-1) ?? '';
    const map = new Map<string, string>();
    for (const [index, character] of from.characters.entries()) {
      const other = target[index] ?? (options.has('truncate') ? undefined : last);
      if (other !== undefined) map.set(character, other);
    }
    const translates = !deletes && to !== undefined;
    const change = (character: string): string => {
      if (!translates) return character;
      if (isComplement) return inFirst.has(character) ? character : last;
      return map.get(character) ?? character;
    };
    const squeezed = new Set(target);
    const isSqueezed = (character: string) =>
      squeezes && (to === undefined ? isFirst(character) : squeezed.has(character));
    let before = '';
    const input = ownInput(io, context);
    for (let text = await input.read(); text !== undefined; text = await input.read()) {
      let result = '';
      for (const character of text) {
        if (deletes && isFirst(character)) continue;
        const shown = change(character);
        if (shown === before && isSqueezed(shown)) continue;
        before = shown;
        result += shown;
      }
      if (result !== '') io.stdout(result);
      await io.drained?.();
    }
    return 0;
  },
};

/** Reads "a-z[:digit:]\n[x*3]". Throws {@link SetError}. */
function parseSet(text: string): CharacterSet {
  const tokens = tokensOf(text);
  const characters: string[] = [];
  let fill: CharacterSet['fill'];
  for (let at = 0; at < tokens.length; at++) {
    const { character, isEscaped } = tokens[at]!;
    const rest = tokens.slice(at).map((token) => (token.isEscaped ? '\u{fffff}' : token.character));
    const construct = isEscaped ? null : /^\[(?:([:=])(.+?)\1\]|(.)\*(\d*)\])/su.exec(rest.join(''));
    if (construct !== null) {
      const [whole, kind, name = '', , count] = construct;
      if (kind === ':') {
        const ranges = RANGES[name];
        if (ranges === undefined) throw new SetError(`invalid character class ‘${name}’`);
        for (const [from, to] of ranges) characters.push(...span(from, to));
      } else if (kind === '=') characters.push(name);
      else {
        // The character may have been written with a backslash.
        const repeated = tokens[at + 1]!.character;
        const times = count!.startsWith('0') ? parseInt(count!, 8) : Number(count);
        if (times === 0) fill = { at: characters.length, character: repeated };
        else for (let index = 0; index < times; index++) characters.push(repeated);
      }
      at += [...whole].length - 1;
      continue;
    }
    const [dash, end] = [tokens[at + 1], tokens[at + 2]];
    if (dash?.character === '-' && !dash.isEscaped && end !== undefined) {
      const [from, to] = [character.codePointAt(0)!, end.character.codePointAt(0)!];
      if (to < from)
        throw new SetError(
          `range-endpoints of '${character}-${end.character}' are in reverse collating sequence order`,
        );
      characters.push(...span(from, to));
      at += 2;
    } else characters.push(character);
  }
  return { characters, ...(fill !== undefined && { fill }) };
}

function tokensOf(text: string): { readonly character: string; readonly isEscaped: boolean }[] {
  const tokens: { character: string; isEscaped: boolean }[] = [];
  for (const [token] of text.matchAll(/\\[0-7]{1,3}|\\.|./gsu)) {
    if (!token.startsWith('\\') || token.length === 1) tokens.push({ character: token, isEscaped: false });
    else {
      const letter = token.slice(1);
      const octal = /^[0-7]/.test(letter) ? String.fromCharCode(parseInt(letter, 8) & 0xff) : undefined;
      tokens.push({ character: octal ?? C_ESCAPES[letter] ?? letter, isEscaped: true });
    }
  }
  return tokens;
}

function lengthened({ characters, fill }: CharacterSet, length: number): readonly string[] {
  if (fill === undefined) return characters;
  const missing = Math.max(0, length - characters.length);
  return [
    ...characters.slice(0, fill.at),
    ...Array.from({ length: missing }, () => fill.character),
    ...characters.slice(fill.at),
  ];
}

function span(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index));
}
