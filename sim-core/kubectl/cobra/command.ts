import { levenshtein } from '../../apimachinery/levenshtein.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Invocation } from '../invocation.ts';
import type { FlagSet } from './flags.ts';
import { type Flag, FlagError, noOptionDefault, type ParsedArguments, parseFlags } from './flags.ts';

/** What is known of a verb before it is used. */
interface CommandSummary {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly short: string;
  /** Further words that lead to a suggestion of this command. */
  readonly suggestFor?: readonly string[];
  /** Not shown in help. */
  readonly hidden?: boolean;
}

/** A verb that is fetched when it is first used. */
interface LazyCommand extends CommandSummary {
  load(): Promise<CommandDefinition>;
}

/** A verb of kubectl. Models github.com/spf13/cobra Command. */
export interface CommandDefinition extends CommandSummary {
  /** What stands after the name in usage lines: "[NAME | -l label] [flags]". */
  readonly use?: string;
  readonly flags?: readonly Flag[];
  readonly subcommands?: readonly (CommandDefinition | LazyCommand)[];
  /** How help sorts the subcommands; missing: one list, by name. */
  readonly groups?: readonly { readonly title: string; readonly commands: readonly string[] }[];
  /** Where help goes if the command, which only groups others, is given no other; that is a mistake then. */
  readonly helpTo?: 'stdout' | 'stderr';
  /** What is said in place of the help page. Models cobra SetHelpFunc. */
  readonly ownHelp?: { readonly to: 'stdout' | 'stderr'; readonly text: string };
  /** Resolves to the exit code; missing: the command only groups its subcommands. */
  run?(invocation: Invocation, parsed: ParsedArguments): Promise<number | void>;
}

/** A command that was found, with those above it, and the arguments that are left. */
export interface FoundCommand {
  readonly path: readonly CommandDefinition[];
  readonly args: readonly string[];
}

/**
 * Follows the words of `args` down the command tree, past flags and their values.
 * Models cobra Command.Find.
 */
export async function findCommand(
  root: CommandDefinition,
  args: readonly string[],
  persistent: readonly Flag[],
  clock: Clock,
): Promise<FoundCommand> {
  const path = [root];
  let rest = [...args];
  for (;;) {
    const current = path.at(-1)!;
    const flags = [...persistent, ...(current.flags ?? [])];
    const at = firstWord(rest, flags);
    if (at === undefined) break;
    const next = current.subcommands?.find(
      (command) => command.name === rest[at] || command.aliases?.includes(rest[at]!),
    );
    if (next === undefined) break;
    path.push('load' in next ? await clock.outside(next.load()) : next);
    rest = [...rest.slice(0, at), ...rest.slice(at + 1)];
  }
  return { path, args: rest };
}

/** Parses the flags of a found command and checks those that are required. */
export function parseCommand(found: FoundCommand, persistent: readonly Flag[]): ParsedArguments {
  return parseFlags(found.args, flagsOf(found.path.at(-1)!, persistent));
}

/** The flags of a command: its own hide those of the same name, or shorthand, that all commands take. */
function flagsOf({ flags = [] }: CommandDefinition, persistent: readonly Flag[]): Flag[] {
  const names = new Set(flags.map(({ name }) => name));
  return [...persistent.filter(({ name }) => !names.has(name)), ...flags];
}

/** Throws if required flags are missing. Models cobra Command.ValidateRequiredFlags. */
export function checkRequiredFlags(flags: FlagSet): void {
  const missing = [...flags.flags].filter((flag) => flag.required === true && !flags.changed(flag.name));
  if (missing.length === 0) return;
  const names = missing.map((flag) => flag.name).sort();
  throw new FlagError(`required flag(s) "${names.join('", "')}" not set`);
}

/** Names of subcommands that a mistyped word may mean. Models cobra Command.SuggestionsFor. */
export function suggestionsFor(parent: CommandDefinition, typed: string): string[] {
  return (parent.subcommands ?? [])
    .filter(
      (command) =>
        levenshtein(typed.toLowerCase(), command.name.toLowerCase()) <= 2 ||
        command.name.toLowerCase().startsWith(typed.toLowerCase()) ||
        command.suggestFor?.some((word) => word.toLowerCase() === typed.toLowerCase()),
    )
    .map((command) => command.name);
}

/**
 * Where the first word that is neither a flag nor a flag's value is. A flag that nobody knows, --help among
 * them, takes the next word for its value. Models cobra's stripFlags.
 */
export function firstWord(args: readonly string[], flags: readonly Flag[]): number | undefined {
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument === '--') return undefined;
    if (argument.startsWith('--')) {
      if (argument.includes('=')) continue;
      const flag = flags.find(({ name }) => name === argument.slice(2));
      if (flag === undefined || noOptionDefault(flag) === undefined) index++;
    } else if (argument.startsWith('-') && argument.length > 1) {
      if (argument.includes('=') || argument.length > 2) continue;
      const flag = flags.find(({ shorthand }) => shorthand === argument[1]);
      if (flag === undefined || noOptionDefault(flag) === undefined) index++;
    } else return index;
  }
  return undefined;
}
