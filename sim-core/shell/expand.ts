import type { FileSystem } from '../node/file-system.ts';
import { resolvePath } from '../node/path.ts';
import type { Word } from './parse.ts';

/** What words are expanded with. */
export interface ExpansionContext {
  /** The value of a variable or of "?"; undefined if unset. */
  variable(name: string): string | undefined;
  readonly home: string;
  readonly cwd: string;
  readonly files: FileSystem;
}

interface Piece {
  readonly text: string;
  readonly quoted: boolean;
}

/**
 * The fields that a word becomes: variables replaced, unquoted values split at white space,
 * `~` and file name patterns expanded. A pattern that matches nothing stays as it is.
 */
export function expandWord(word: Word, context: ExpansionContext): string[] {
  return fieldsOf(word, context).flatMap((field) => expandPattern(field, context));
}

/** The value of an assignment: neither split nor matched against file names. */
export function expandAssignment(word: Word, context: ExpansionContext): string {
  return withHome(word, context)
    .map((part) => (part.type === 'text' ? part.text : (context.variable(part.name) ?? '')))
    .join('');
}

function withHome(word: Word, { home }: ExpansionContext): Word {
  const first = word[0];
  if (first?.type !== 'text' || first.quoted || !/^~(\/|$)/.test(first.text)) return word;
  if (first.text === '~' && word.length > 1) return word;
  return [{ ...first, text: home + first.text.slice(1) }, ...word.slice(1)];
}

function fieldsOf(word: Word, context: ExpansionContext): Piece[][] {
  const fields: Piece[][] = [];
  let field: Piece[] | undefined;
  const end = () => {
    if (field !== undefined) fields.push(field);
    field = undefined;
  };
  for (const part of withHome(word, context)) {
    if (part.type === 'text') {
      (field ??= []).push(part);
      continue;
    }
    const value = context.variable(part.name) ?? '';
    if (part.quoted) {
      (field ??= []).push({ text: value, quoted: true });
      continue;
    }
    for (const [index, text] of value.split(/[ \t\n]+/).entries()) {
      if (index > 0) end();
      if (text !== '') (field ??= []).push({ text, quoted: false });
    }
  }
  end();
  return fields;
}

function expandPattern(field: readonly Piece[], { files, cwd }: ExpansionContext): string[] {
  const literal = field.map(({ text }) => text).join('');
  if (!field.some(({ text, quoted }) => !quoted && /[*?[]/.test(text))) return [literal];
  const pattern = field
    .map(({ text, quoted }) => (quoted ? text.replace(/[*?[\]\\]/g, '\\$&') : text))
    .join('');
  const segments = pattern.split('/');
  let found = segments[0] === '' ? ['/'] : [''];
  for (const segment of segments[0] === '' ? segments.slice(1) : segments) {
    found = found.flatMap((base) => step(base, segment, files, cwd));
  }
  return found.length === 0 ? [literal] : found;
}

function step(base: string, segment: string, files: FileSystem, cwd: string): string[] {
  const join = (name: string) => (base === '' || base.endsWith('/') ? base + name : `${base}/${name}`);
  if (segment === '') return [base];
  const matcher = patternMatcher(segment);
  if (matcher === undefined) {
    const path = join(segment.replace(/\\(.)/g, '$1'));
    return files.exists(resolvePath(cwd, path)) ? [path] : [];
  }
  try {
    return files
      .list(resolvePath(cwd, base === '' ? '.' : base))
      .filter((name) => (segment.startsWith('.') || !name.startsWith('.')) && matcher.test(name))
      .map(join);
  } catch {
    return [];
  }
}

/** The regular expression of a pattern without slashes; undefined if it is plain text. */
function patternMatcher(pattern: string): RegExp | undefined {
  if (!/[*?[]/.test(pattern.replace(/\\./g, ''))) return undefined;
  let source = '';
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index]!;
    const set = /^\[([!^]?)(\]?[^\]]*)\]/.exec(pattern.slice(index));
    if (character === '\\') source += escapeRegExp(pattern[++index] ?? '');
    else if (character === '*') source += '.*';
    else if (character === '?') source += '.';
    else if (set !== null) {
      source += `[${set[1] === '' ? '' : '^'}${set[2]!.replace(/[\\\]^]/g, '\\$&')}]`;
      index += set[0].length - 1;
    } else source += escapeRegExp(character);
  }
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    return undefined;
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
