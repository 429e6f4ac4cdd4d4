import type { Clock } from '../../clock/clock.ts';
import { resolvePath } from '../../node/path.ts';
import type { CommandEnvironment, CommandIo } from '../../shell/command.ts';
import { type CommandDefinition, findCommand, firstWord } from '../cobra/command.ts';
import type { Flag } from '../cobra/flags.ts';
import { type OptionDefault, type Preference, placeOf, readPreference } from './preference.ts';

/** What kubectl knows of its commands. */
interface Commands {
  readonly root: CommandDefinition;
  readonly flags: readonly Flag[];
}

/**
 * The arguments with what the preferences add: the command that an alias stands for, and options that
 * were not given. Throws an Error with kubectl's words. Models pkg/kuberc Preferences.Apply.
 */
export async function applyPreferences(
  args: readonly string[],
  given: string,
  io: CommandIo,
  { machine, cwd, clock, variables }: CommandEnvironment,
  commands: Commands,
): Promise<readonly string[]> {
  const place = placeOf(given, variables);
  if (place === undefined) return args;
  let preference: Preference | undefined;
  try {
    const exists = machine.files.exists(resolvePath(cwd, place.path));
    if (!exists && !place.explicit) return args;
    preference = readPreference(machine.files, cwd, place.path);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (place.explicit) throw new Error(`kuberc error kuberc: ${error.message}`);
    io.stderr(`kuberc: no preferences loaded from ${place.path}: ${error.message}`);
    return args;
  }
  if (preference === undefined) return args;
  // A file that has none of them says so with null.
  preference = { ...preference, aliases: preference.aliases ?? [], defaults: preference.defaults ?? [] };
  validate(preference);
  const aliased = await withAlias(args, preference, clock, commands);
  return withDefaults(aliased, preference, io, clock, commands);
}

function validate({ aliases = [], defaults = [] }: Preference): void {
  const names = new Set<string>();
  for (const { name, options = [] } of aliases) {
    if (!/^[a-zA-Z]+$/.test(name))
      throw new Error('invalid alias name, can only include alphabetical characters');
    checkOptions(options);
    if (names.has(name)) throw new Error(`duplicate alias name ${name}`);
    names.add(name);
  }
  for (const { options = [] } of defaults) checkOptions(options);
}

function checkOptions(options: readonly OptionDefault[]): void {
  const wrong = options.find(({ name }) => name.startsWith('-'));
  if (wrong !== undefined) throw new Error(`flag name ${wrong.name} should be in long form without dashes`);
}

async function withAlias(
  args: readonly string[],
  { aliases = [] }: Preference,
  clock: Clock,
  { root, flags }: Commands,
): Promise<readonly string[]> {
  const at = firstWord(args, flags);
  if (at === undefined) return args;
  const alias = aliases.find(({ name }) => name === args[at]);
  if (alias === undefined) return args;
  if (root.subcommands!.some(({ name }) => name === alias.name)) return args;
  const words = alias.command.split(/\s+/).filter((word) => word !== '');
  const { path, args: unknown } = await findCommand(root, words, flags, clock);
  if (path.length === 1)
    throw new Error(
      `command ${JSON.stringify(alias.command)} not found to set alias ${JSON.stringify(alias.name)}: [${unknown.join(' ')}]`,
    );
  const known = [...flags, ...(path.at(-1)!.flags ?? [])];
  for (const { name } of alias.options ?? []) {
    if (!known.some((flag) => flag.name === name))
      throw new Error(`invalid alias flag ${name} in alias kubectl`);
  }
  return [
    ...args.slice(0, at),
    ...words,
    ...optionsNotGiven(alias.options ?? [], known, args),
    ...(alias.prependArgs ?? []),
    ...args.slice(at + 1),
    ...(alias.appendArgs ?? []),
  ];
}

async function withDefaults(
  args: readonly string[],
  { defaults = [] }: Preference,
  io: CommandIo,
  clock: Clock,
  { root, flags }: Commands,
): Promise<readonly string[]> {
  const { path, args: rest } = await findCommand(root, args, flags, clock);
  if (path.length === 1) return args;
  const command = path.at(-1)!;
  const added: string[] = [];
  for (const one of defaults) {
    const words = one.command.split(/\s+/).filter((word) => word !== '');
    const { path: meant } = await findCommand(root, words, flags, clock);
    if (meant.length === 1) {
      io.stderr(`Warning: command ${JSON.stringify(one.command)} not found to set kuberc override\n`);
      continue;
    }
    if (meant.at(-1)!.name !== command.name) continue;
    const known = [...flags, ...(command.flags ?? [])];
    for (const { name } of one.options ?? []) {
      if (!known.some((flag) => flag.name === name))
        throw new Error(`invalid flag ${name} for command ${one.command}`);
    }
    added.push(...optionsNotGiven(one.options ?? [], known, args));
  }
  return added.length === 0 ? args : [...path.slice(1).map(({ name }) => name), ...added, ...rest];
}

/** The options as flags, without those that the arguments have. Models searchInArgs. */
function optionsNotGiven(
  options: readonly OptionDefault[],
  known: readonly Flag[],
  args: readonly string[],
): string[] {
  return options
    .filter(({ name }) => {
      const shorthand = known.find((flag) => flag.name === name)?.shorthand;
      return !args.some(
        (argument) =>
          argument === `--${name}` ||
          argument.startsWith(`--${name}=`) ||
          (shorthand !== undefined &&
            (argument.startsWith(`-${shorthand}`) ||
              (/^-[a-zA-Z]+$/.test(argument) && argument.includes(shorthand)))),
      );
    })
    .map(({ name, default: value }) => `--${name}=${value}`);
}
