import { FileError } from '../../../node/file-system.ts';
import type { FileSystem } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import { evaluateArithmetic } from './arithmetic.ts';
import type { Part, Script, Word } from './syntax.ts';

/** What words are filled in from. */
export interface Expansion {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  /** $1, $2, … */
  readonly positional: readonly string[];
  /** Output of a command substitution, trailing newlines taken away. */
  output(script: Script): Promise<string>;
  readonly files: FileSystem;
  readonly cwd: string;
}

/** A character of a field, and whether it was quoted. */
interface Piece {
  readonly text: string;
  readonly quoted: boolean;
}

/** `${name:?message}` of a parameter that is not set: the shell ends. */
export class ExpansionProblem extends Error {}

/** The fields that words become: filled in, split at spaces, file names looked up. */
export async function expandWords(words: readonly Word[], context: Expansion): Promise<string[]> {
  const fields: string[] = [];
  for (const word of words) {
    for (const field of await fieldsOf(word, context)) {
      const pattern = field.some(({ text, quoted }) => !quoted && /[*?[]/.test(text));
      const found = pattern ? glob(field, context) : [];
      if (found.length > 0) fields.push(...found);
      else fields.push(field.map(({ text }) => text).join(''));
    }
  }
  return fields;
}

/** The same without splitting and looking up: for assignments, redirections and quotes. */
export async function expandText(word: Word, context: Expansion): Promise<string> {
  let text = '';
  for (const part of word) {
    const value = await valueOf(part, context);
    text += typeof value === 'string' ? value : value.join(' ');
  }
  return text;
}

/** A word as a pattern of `case` and `${name%pattern}`: quoted characters stand for themselves. */
export async function expandPattern(word: Word, context: Expansion): Promise<RegExp> {
  let source = '';
  for (const part of word) {
    const value = await valueOf(part, context);
    const text = typeof value === 'string' ? value : value.join(' ');
    source += part.quoted ? escapeRegExp(text) : globSource(text, '.');
  }
  return new RegExp(`^(?:${source})$`, 's');
}

async function fieldsOf(word: Word, context: Expansion): Promise<Piece[][]> {
  const fields: Piece[][] = [];
  let field: Piece[] | undefined;
  for (const part of word) {
    const value = await valueOf(part, context);
    if (typeof value !== 'string') {
      for (const [index, text] of value.entries()) {
        if (index > 0 && field !== undefined) {
          fields.push(field);
          field = undefined;
        }
        (field ??= []).push({ text, quoted: part.quoted });
      }
      continue;
    }
    if (part.quoted || part.kind === 'text') {
      (field ??= []).push({ text: value, quoted: part.quoted });
      continue;
    }
    for (const piece of value.split(/([ \t\n]+)/)) {
      if (piece === '') continue;
      if (/^[ \t\n]/.test(piece)) {
        if (field !== undefined) fields.push(field);
        field = undefined;
      } else (field ??= []).push({ text: piece, quoted: false });
    }
  }
  if (field !== undefined) fields.push(field);
  return fields;
}

async function valueOf(part: Part, context: Expansion): Promise<string | readonly string[]> {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'command':
      return context.output(part.script);
    case 'arithmetic':
      return String(
        evaluateArithmetic(await expandText(part.text, context), {
          get: (name) => context.get(name) ?? '',
          set: (name, value) => context.set(name, value),
        }),
      );
    case 'parameter':
      return parameterValue(part, context);
  }
}

async function parameterValue(
  { name, operator, argument, quoted }: Extract<Part, { kind: 'parameter' }>,
  context: Expansion,
): Promise<string | readonly string[]> {
  if (name === '@' || name === '*') {
    return quoted && name === '@' ? context.positional : context.positional.join(' ');
  }
  const value = context.get(name);
  const isMissing = operator.startsWith(':') ? value === undefined || value === '' : value === undefined;
  switch (operator.replace(':', '')) {
    case '':
      return value ?? '';
    case 'length':
      return String((value ?? '').length);
    case '-':
      return isMissing ? expandText(argument, context) : value!;
    case '=': {
      if (!isMissing) return value!;
      const fresh = await expandText(argument, context);
      context.set(name, fresh);
      return fresh;
    }
    case '+':
      return isMissing ? '' : expandText(argument, context);
    case '?':
      if (!isMissing) return value!;
      throw new ExpansionProblem(`${name}: ${(await expandText(argument, context)) || 'parameter not set'}`);
    default:
      return cut(value ?? '', operator, await expandPattern(argument, context));
  }
}

/** Takes the shortest or longest match away from the end ("%", "%%") or the beginning ("#", "##"). */
function cut(value: string, operator: string, pattern: RegExp): string {
  const lengths = Array.from({ length: value.length + 1 }, (_, index) => index);
  if (operator.length === 2) lengths.reverse();
  for (const length of lengths) {
    if (operator.startsWith('#')) {
      if (pattern.test(value.slice(0, length))) return value.slice(length);
    } else if (pattern.test(value.slice(value.length - length))) {
      return value.slice(0, value.length - length);
    }
  }
  return value;
}

/** Paths that a pattern matches, sorted; none if there are none. */
function glob(field: readonly Piece[], { files, cwd }: Expansion): string[] {
  const source = field
    .map(({ text, quoted }) => (quoted ? text.replace(/[\\*?[\]]/g, '\\$&') : text))
    .join('');
  const absolute = source.startsWith('/');
  let found = [absolute ? '/' : ''];
  for (const segment of source.split('/').filter((name) => name !== '')) {
    const pattern = new RegExp(`^${globSource(segment)}$`);
    found = found.flatMap((base) => {
      const join = (name: string) => (base === '' || base.endsWith('/') ? base + name : `${base}/${name}`);
      try {
        return files
          .list(resolvePath(cwd, base))
          .filter((name) => pattern.test(name) && (!name.startsWith('.') || segment.startsWith('.')))
          .map(join);
      } catch (error) {
        if (error instanceof FileError) return [];
        throw error;
      }
    });
  }
  return found;
}

/** `any` is what "?" stands for: in a path, not a slash. */
function globSource(text: string, any = '[^/]'): string {
  return text.replace(/\\(.)|\[!?[^\]]+\]|[*?]|[^*?[\\]+|./gs, (match, escaped?: string) => {
    if (escaped !== undefined) return escapeRegExp(escaped);
    if (match === '*') return `${any}*`;
    if (match === '?') return any;
    return /^\[.+\]$/.test(match) ? match.replace(/^\[!/, '[^') : escapeRegExp(match);
  });
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
