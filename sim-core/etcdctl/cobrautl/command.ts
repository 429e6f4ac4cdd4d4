import { goQuote } from '../../apimachinery/go-format.ts';
import { levenshtein } from '../../apimachinery/levenshtein.ts';
import type { CommandIo } from '../../shell/command.ts';
import { ExitError, SilentExit } from './exit.ts';
import type { Flag, Flags } from './flags.ts';
import { FlagError, HelpRequested, parseFlags } from './flags.ts';

/** A command of etcdctl, etcdutl or kubeadm; `T` is what it works with. Models github.com/spf13/cobra Command. */
export interface CliCommand<T> {
  /** "get [options] <key> [range_end]": its first word is the name. */
  readonly use: string;
  readonly aliases?: readonly string[];
  readonly short: string;
  readonly long?: string;
  readonly flags?: readonly Flag[];
  readonly subcommands?: readonly CliCommand<T>[];
  /** Missing: the command only holds others. */
  run?(invocation: T): Promise<number | void>;
}

/** The program as a whole. */
export interface CliProgram<T> extends CliCommand<T> {
  readonly version: string;
  readonly apiVersion: string;
  /** The help of the last command of a path. */
  help(path: readonly CliCommand<T>[]): string;
  /** Whether the beginning of a command's name will do. Models cobra.EnablePrefixMatching. */
  readonly prefixMatching: boolean;
  /** The lines with which a command says what went wrong. */
  failure(message: string): string;
  /** What is wrong with the words: the command that the last of `path` was taken for. */
  mistake(message: string, io: CommandIo, path: readonly CliCommand<T>[]): void;
}

const nameOf = ({ use }: CliCommand<never>): string => use.split(' ')[0]!;

/**
 * Finds the command that `words` name and runs it with what `invocation` makes of flags and arguments.
 * Resolves to the exit code. Models cobra Command.ExecuteC and the main function of etcd's tools.
 */
export async function execute<T>(
  program: CliProgram<T>,
  words: readonly string[],
  io: CommandIo,
  invocation: (flags: Flags, args: readonly string[], command: CliCommand<T>) => T,
): Promise<number> {
  const isHelp = words[0] === 'help';
  const { path, rest } = find(program, isHelp ? words.slice(1) : words);
  const command = path.at(-1)!;
  const inherited = path.slice(0, -1).flatMap(({ flags = [] }) => flags);
  const unknown = command === program ? rest[firstWord(rest, program.flags ?? [])] : undefined;
  if (unknown !== undefined && !isHelp) {
    const name = nameOf(program);
    const message = `unknown command ${goQuote(unknown)} for "${name}"${suggestions(program, unknown)}`;
    program.mistake(message, io, []);
    return 1;
  }
  try {
    if (isHelp) {
      if (unknown !== undefined) io.stderr(`Unknown help topic [\`${rest.join('` `')}\`]\n`);
      throw new HelpRequested();
    }
    const { args, flags } = parseFlags(rest, [...(command.flags ?? []), ...inherited]);
    checkRequired(command, flags);
    if (command.run === undefined) throw new HelpRequested();
    return (await command.run(invocation(flags, args, command))) ?? 0;
  } catch (error) {
    if (error instanceof HelpRequested) {
      io.stdout(program.help(path));
      return 0;
    }
    if (error instanceof FlagError) {
      program.mistake(error.message, io, path);
      return 1;
    }
    if (error instanceof SilentExit) return error.exit;
    if (!(error instanceof ExitError)) throw error;
    io.stderr(program.failure(error.message));
    return error.exit;
  }
}

/**
 * How etcd's tools say so: in cobra's words, and once more in their own. `helpTo` is where help goes that nobody asked
 * for.
 */
export function etcdWays<T>(
  name: string,
  help: CliProgram<T>['help'],
  helpTo: 'stdout' | 'stderr',
): Pick<CliProgram<T>, 'help' | 'prefixMatching' | 'failure' | 'mistake'> {
  const failure = (message: string) => `Error: ${message}\n`;
  return {
    ...{ help, prefixMatching: true, failure },
    mistake(message, io, path) {
      io.stderr(failure(message));
      if (path.length === 0) io.stderr(`Run '${name} --help' for usage.\n`);
      else io[helpTo](help(path));
      io.stderr(`${path.length === 0 ? '' : '\n'}${failure(message)}`);
    },
  };
}

/** Models cobra Command.ValidateRequiredFlags. */
function checkRequired<T>({ flags: definitions = [] }: CliCommand<T>, flags: Flags): void {
  const missing = definitions.filter(({ name, required }) => required === true && !flags.changed(name));
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => goQuote(name)).join(', ');
  throw new FlagError(`required flag(s) ${names} not set`);
}

/** Follows the words down the tree, past flags and their values. */
function find<T>(
  program: CliProgram<T>,
  words: readonly string[],
): { path: CliCommand<T>[]; rest: string[] } {
  const path: CliCommand<T>[] = [program];
  let rest = [...words];
  for (;;) {
    const flags = path.flatMap((command) => command.flags ?? []);
    const at = firstWord(rest, flags);
    const next = subcommandOf(path.at(-1)!, rest[at], program.prefixMatching);
    if (next === undefined) return { path, rest };
    path.push(next);
    rest = [...rest.slice(0, at), ...rest.slice(at + 1)];
  }
}

/** The command of this name, or the only one whose name begins so, if that will do. Models cobra findNext. */
function subcommandOf<T>(
  { subcommands = [] }: CliCommand<T>,
  name: string | undefined,
  prefixMatching: boolean,
): CliCommand<T> | undefined {
  if (name === undefined) return undefined;
  const exact = subcommands.find(
    (command) => nameOf(command) === name || command.aliases?.includes(name) === true,
  );
  if (!prefixMatching) return exact;
  const begun = subcommands.filter((command) => nameOf(command).startsWith(name));
  return exact ?? (begun.length === 1 ? begun[0] : undefined);
}

/** Where the first word stands that is neither flag nor a flag's value; beyond the end if there is none. */
function firstWord(words: readonly string[], flags: readonly Flag[]): number {
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === '--') break;
    if (!word.startsWith('-')) return index;
    if (word.includes('=')) continue;
    const name = word.replace(/^-+/, '');
    const flag = flags.find((one) => (word.startsWith('--') ? one.name === name : one.shorthand === name));
    // Of a flag that nobody knows the next word counts as its value.
    if (flag === undefined ? word.startsWith('--') || name.length === 1 : flag.type !== 'bool') index++;
  }
  return words.length;
}

/** Names that are near a mistyped one. Models cobra SuggestionsFor. */
function suggestions<T>({ subcommands = [] }: CliCommand<T>, word: string): string {
  const near = subcommands
    .map(nameOf)
    .filter((name) => name.startsWith(word) || levenshtein(word, name) <= 2);
  return near.length === 0 ? '' : `\n\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}`;
}
