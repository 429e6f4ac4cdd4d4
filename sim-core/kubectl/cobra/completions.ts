import type { Clock } from '../../clock/clock.ts';
import { type CommandDefinition, findCommand, firstWord } from './command.ts';
import { type Completions, DIRECTIVE } from './directive.ts';
import {
  type Flag,
  FlagError,
  FlagSet,
  HelpRequested,
  noOptionDefault,
  type ParsedArguments,
  parseFlags,
} from './flags.ts';

const DIRECTIVE_NAMES: readonly (readonly [number, string])[] = [
  [DIRECTIVE.error, 'Error'],
  [DIRECTIVE.noSpace, 'NoSpace'],
  [DIRECTIVE.noFiles, 'NoFileComp'],
  [DIRECTIVE.extensions, 'FilterFileExt'],
  [DIRECTIVE.directories, 'FilterDirs'],
];

/** "ShellCompDirectiveNoSpace, ShellCompDirectiveNoFileComp". */
export function directiveText(directive: number): string {
  const names = DIRECTIVE_NAMES.filter(([bit]) => (directive & bit) !== 0).map(([, name]) => name);
  return (names.length === 0 ? ['Default'] : names).map((name) => `ShellCompDirective${name}`).join(', ');
}

/** Completes the arguments of a command, or the value of one of its flags. */
export type CompletionFunction = (
  given: ParsedArguments,
  partial: string,
) => Promise<Completions> | Completions;

/** What a program knows of its commands' arguments beside their names. */
export interface CompletionHints {
  /** What a flag means; undefined if nobody knows. */
  usage(path: readonly CommandDefinition[], flag: Flag): string | undefined;
  /** The first argument is one of these, whatever else there is. */
  validArguments(path: readonly CommandDefinition[]): readonly string[] | undefined;
  forArguments(path: readonly CommandDefinition[]): CompletionFunction | undefined;
  forFlag(path: readonly CommandDefinition[], flag: Flag): CompletionFunction | undefined;
  /** Files that a flag takes: their extensions. */
  extensions(path: readonly CommandDefinition[], flag: Flag): readonly string[] | undefined;
}

/** Nothing can be completed: the command, or the flags before the cursor, are wrong. */
export class CompletionError extends Error {}

/** No help page lists them, but they are commands like all others. */
const UNLISTED = ['options', 'help'];

/** The subcommands whose names begin with `partial`, with what they do. */
export function subcommandsOf({ subcommands = [] }: CommandDefinition, partial: string): string[] {
  return [...subcommands]
    .filter(({ name, hidden }) => (hidden !== true || UNLISTED.includes(name)) && name.startsWith(partial))
    .sort(compareNames)
    .map(({ name, short }) => described(name, short));
}

function described(name: string, text: string | undefined): string {
  return text === undefined || text === '' ? name : `${name}\t${text}`;
}

/**
 * What the last of `words` may become. Throws a {@link CompletionError}.
 * Models cobra Command.getCompletions.
 */
export async function completionsOf(
  root: CommandDefinition,
  words: readonly string[],
  persistent: readonly Flag[],
  clock: Clock,
  hints: CompletionHints,
): Promise<Completions> {
  const before = words.slice(0, -1);
  const { path, args: found } = await findCommand(root, before, persistent, clock);
  const command = path.at(-1)!;
  const own = command.flags ?? [];
  const ownNames = new Set(own.map(({ name }) => name));
  const inherited = persistent.filter(({ name }) => !ownNames.has(name));
  const flags = [...inherited, ...own];
  if (path.length === 1 && firstWord(found, flags) !== undefined)
    throw new CompletionError(`unable to find a command for arguments: [${before.join(' ')}]`);
  const last = words.at(-1) ?? '';
  const { flag, args, partial, unknown } = flagToComplete(found, last, flags);
  const withDashes = isBehindDashes(args);
  const given = parsed(args, flags);
  if (unknown !== undefined && !withDashes)
    throw new CompletionError(`Subcommand '${command.name}' does not support flag '${unknown}'`);
  if (given === HELP) return { values: [], directive: DIRECTIVE.noFiles };
  if (flag !== undefined && !withDashes) {
    const extensions = hints.extensions(path, flag);
    if (extensions !== undefined) return { values: extensions, directive: DIRECTIVE.extensions };
    const complete = hints.forFlag(path, flag);
    return complete === undefined ? { values: [], directive: DIRECTIVE.default } : complete(given, partial);
  }
  const flagNames = (one: Flag) => {
    if (one.hidden === true || one.deprecated !== undefined) return [];
    const usage = one.name === 'help' ? `help for ${command.name}` : hints.usage(path, one);
    return [`--${one.name}`, ...(one.shorthand === undefined ? [] : [`-${one.shorthand}`])]
      .filter((name) => name.startsWith(partial))
      .map((name) => described(name, usage));
  };
  const required = byName(flags)
    .filter((one) => one.required === true && !given.flags.changed(one.name))
    .flatMap(flagNames);
  if (partial.startsWith('-') && !partial.includes('=') && !withDashes) {
    if (required.length > 0) return { values: required, directive: DIRECTIVE.noFiles };
    const [upper, lower] = path.length === 1 ? [[], flags] : [inherited, own];
    const values = [...byName(upper), ...byName([...lower, HELP_FLAG])]
      .filter((one) => one.name === 'help' || !given.flags.changed(one.name) || isRepeatable(one))
      .flatMap(flagNames);
    return { values, directive: DIRECTIVE.noFiles };
  }
  const values: string[] = [];
  let directive: number = DIRECTIVE.default;
  const hasOwnFlag = own.some(({ name }) => given.flags.changed(name));
  if (given.args.length === 0 && !hasOwnFlag) {
    if (command.subcommands !== undefined) directive = DIRECTIVE.noFiles;
    values.push(...subcommandsOf(command, partial));
  }
  values.push(...required);
  const valid = hints.validArguments(path);
  if (valid !== undefined) {
    if (given.args.length === 0) {
      values.push(...valid.filter((one) => one.startsWith(partial)));
      directive = DIRECTIVE.noFiles;
    }
    return { values, directive };
  }
  const complete = hints.forArguments(path);
  if (complete === undefined) return { values, directive };
  const more = await complete(given, partial);
  return { values: [...values, ...more.values], directive: more.directive };
}

const HELP_FLAG: Flag = { name: 'help', shorthand: 'h', type: 'bool', default: 'false' };
const HELP: ParsedArguments = { args: [], dashAt: -1, flags: new FlagSet([]) };

const compareNames = (a: { readonly name: string }, b: { readonly name: string }) =>
  a.name < b.name ? -1 : 1;

function byName(flags: readonly Flag[]): Flag[] {
  return [...flags].sort(compareNames);
}

function isRepeatable({ type }: Flag): boolean {
  return type === 'stringArray' || type === 'stringSlice' || type === 'map' || type === 'mapStringString';
}

/** The arguments before the cursor; {@link HELP} if they ask for help. */
function parsed(args: readonly string[], flags: readonly Flag[]): ParsedArguments {
  try {
    return parseFlags(args, flags);
  } catch (error) {
    if (error instanceof HelpRequested) return HELP;
    if (!(error instanceof FlagError)) throw error;
    throw new CompletionError(`Error while parsing flags from args [${args.join(' ')}]: ${error.message}`);
  }
}

/** Behind `--` nothing is a flag. */
function isBehindDashes(args: readonly string[]): boolean {
  return args.includes('--');
}

interface FlagToComplete {
  /** The flag whose value is to be completed. */
  readonly flag?: Flag;
  readonly args: readonly string[];
  readonly partial: string;
  /** The name of a flag that there is none of. */
  readonly unknown?: string;
}

/** Models cobra checkIfFlagCompletion. */
function flagToComplete(args: readonly string[], last: string, flags: readonly Flag[]): FlagToComplete {
  let name = '';
  let partial = last;
  let rest = args;
  const equals = last.indexOf('=');
  if (last.startsWith('-')) {
    if (equals < 0) return { args, partial };
    name = last.startsWith('--') ? last.slice(2, equals) : last.slice(equals - 1, equals);
    partial = last.slice(equals + 1);
  }
  const previous = args.at(-1) ?? '';
  if (name === '' && /^--.|^-[^-]/.test(previous) && !previous.includes('=')) {
    name = previous.startsWith('--') ? previous.slice(2) : previous.slice(-1);
    rest = args.slice(0, -1);
  }
  if (name === '') return { args: rest, partial };
  if (name === 'help' || name === 'h') return { args, partial };
  const flag =
    flags.find((one) => (name.length === 1 ? one.shorthand === name : one.name === name)) ??
    flags.find((one) => one.name === name);
  if (flag === undefined) return { args, partial: last, unknown: name };
  if (equals < 0 || !last.startsWith('-')) {
    if (noOptionDefault(flag) !== undefined) return { args, partial };
  }
  return { flag, args: rest, partial };
}
