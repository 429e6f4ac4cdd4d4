import { LineInput } from '../node/pipe.ts';
import { NO_INPUT } from '../node/program.ts';
import type { Command, CommandEnvironment, CommandIo } from '../shell/command.ts';
import type { ClientNetwork } from './clientcmd/network.ts';
import {
  checkRequiredFlags,
  type CommandDefinition,
  findCommand,
  firstWord,
  parseCommand,
  suggestionsFor,
} from './cobra/command.ts';
import { FlagError, HelpRequested } from './cobra/flags.ts';
import { type Completions, DIRECTIVE } from './cobra/directive.ts';
import { root } from './cmd/root.ts';
import { DiscoveryCache } from './discovery/cache.ts';
import { Factory } from './factory.ts';
import { GLOBAL_FLAGS } from './genericclioptions/global-flags.ts';
import { errorText, ExitError, FatalError, HelpError, PrintError } from './util/errors.ts';

export interface KubectlConfig {
  readonly network: ClientNetwork;
}

/**
 * kubectl as a program of the lab's shell. One of these serves all machines; what it found out
 * about servers stays, as in ~/.kube/cache.
 */
export function createKubectl({ network }: KubectlConfig): Command {
  const cache = new DiscoveryCache();
  return {
    name: 'kubectl',
    run: (args, io, environment) => runKubectl(args, io, environment, network, cache),
    async complete(words, environment) {
      const io: CommandIo = { stdin: new LineInput(NO_INPUT), stdout: () => {}, stderr: () => {} };
      const found = await completions(words, io, environment, network, cache);
      if ('problem' in found) return undefined;
      const { values, directive } = found;
      // What is left to the shell are file names.
      if (values.length === 0 && (directive & DIRECTIVE.noFiles) === 0) return undefined;
      if ((directive & (DIRECTIVE.extensions | DIRECTIVE.directories)) !== 0) return undefined;
      const flag = /^--?[\w-]+=/.exec(words.at(-1) ?? '')?.[0] ?? '';
      return values.map((value) => flag + value.split('\t')[0]!);
    },
  };
}

/** What the last of `words` may become, or why nobody knows. */
async function completions(
  words: readonly string[],
  io: CommandIo,
  environment: CommandEnvironment,
  network: ClientNetwork,
  cache: DiscoveryCache,
): Promise<Completions | { readonly problem: string }> {
  const { clock } = environment;
  const [{ completionsOf, CompletionError }, { kubectlHints }] = await clock.outside(
    Promise.all([import('./cobra/completions.ts'), import('./completion/complete.ts')]),
  );
  const hints = kubectlHints({
    clock,
    async factory(given) {
      const commandPath = 'kubectl __complete';
      const flags = given.view(GLOBAL_FLAGS, new Set());
      const factory = new Factory({ io, environment, flags, network, cache, commandPath });
      await factory.load();
      return factory;
    },
  });
  try {
    return await completionsOf(root, words, GLOBAL_FLAGS, clock, hints);
  } catch (error) {
    if (!(error instanceof CompletionError)) throw error;
    return { problem: error.message };
  }
}

/** `__complete …`: what a shell's script asks for. Models cobra initCompleteCmd. */
async function complete(
  name: string,
  words: readonly string[],
  io: CommandIo,
  environment: CommandEnvironment,
  network: ClientNetwork,
  cache: DiscoveryCache,
): Promise<number> {
  if (words.length === 0) {
    io.stderr('error: requires at least 1 arg(s), only received 0\n');
    return 1;
  }
  const isKnown = root.subcommands!.some((command) => command.name === words[0]);
  // What no command is called may be a plugin, which gets no flags of kubectl's.
  if (words.length > 1 && !words[0]!.startsWith('-') && !isKnown)
    io.stderr('[Debug] Cleared global flags for plugin completion\n');
  const found = await completions(words, io, environment, network, cache);
  const { values, directive } = 'problem' in found ? { values: [], directive: DIRECTIVE.default } : found;
  if ('problem' in found) io.stderr(`[Debug] [Error] ${found.problem}\n`);
  const described = name === '__complete';
  for (const value of values) io.stdout(`${(described ? value : value.split('\t')[0]!).trim()}\n`);
  const { directiveText } = await environment.clock.outside(import('./cobra/completions.ts'));
  io.stdout(`:${directive}\n`);
  io.stderr(`Completion ended with directive: ${directiveText(directive)}\n`);
  return 0;
}

async function runKubectl(
  given: readonly string[],
  io: CommandIo,
  environment: CommandEnvironment,
  network: ClientNetwork,
  cache: DiscoveryCache,
): Promise<number> {
  let args = given;
  try {
    args = await preferredArguments(given, io, environment);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    io.stderr(`error occurred while applying preferences ${error.message}\n`);
    return 1;
  }
  const [first = '', ...words] = args;
  if (first === '__complete' || first === '__completeNoDesc')
    return complete(first, words, io, environment, network, cache);
  const found = await findCommand(root, args, GLOBAL_FLAGS, environment.clock);
  const command = found.path.at(-1)!;
  const commandPath = found.path.map(({ name }) => name).join(' ');
  const help = async () => {
    if (command.ownHelp !== undefined) return command.ownHelp;
    const { helpText } = await environment.clock.outside(import('./help/help.ts'));
    return { to: 'stdout', text: helpText(found.path) } as const;
  };
  const printHelp = async (to?: 'stdout' | 'stderr') => {
    const own = await help();
    io[to ?? own.to](own.text);
  };
  let factory: Factory | undefined;
  try {
    const unknown = found.path.length === 1 ? firstWord(found.args, GLOBAL_FLAGS) : undefined;
    if (unknown !== undefined) {
      if (args[0]!.startsWith('-')) {
        // What no command is called may be a plugin, which stands first.
        io.stderr(`Error: flags cannot be placed before plugin name: ${args[0]}\n`);
        return 1;
      }
      const { runPlugin } = await environment.clock.outside(import('./plugin-handler.ts'));
      const exit = await runPlugin(args, io, environment);
      if (exit !== undefined) return exit;
      throw unknownCommand(command, found.args[unknown]!);
    }
    const parsed = parseCommand(found, GLOBAL_FLAGS);
    for (const { name, deprecated } of parsed.flags.deprecated)
      io.stderr(`Flag --${name} has been deprecated, ${deprecated}\n`);
    if (command.run === undefined) {
      const [unknown] = parsed.args;
      if (unknown === undefined || command.helpTo === undefined) {
        await printHelp(command.helpTo);
        return command.helpTo === undefined ? 0 : 1;
      }
      throw new Error(
        `unknown command ${JSON.stringify(parsed.args.join(' '))}\nSee '${commandPath} -h' for help and examples`,
      );
    }
    checkRequiredFlags(parsed.flags);
    const own = new Set((command.flags ?? []).map(({ name }) => name));
    const global = parsed.flags.view(GLOBAL_FLAGS, own);
    factory = new Factory({ io, environment, flags: global, network, cache, commandPath });
    await factory.load();
    const exit = await command.run(
      {
        io,
        environment,
        flags: parsed.flags,
        commandPath,
        command,
        root,
        dashAt: parsed.dashAt,
        factory,
      },
      parsed,
    );
    const { warningCount } = factory;
    if (!exit && warningCount > 0 && global.bool('warnings-as-errors'))
      throw new Error(`${warningCount} warning${warningCount === 1 ? '' : 's'} received`);
    return environment.context.cancelled ? 130 : (exit ?? 0);
  } catch (error) {
    if (environment.context.cancelled) return 130;
    if (error instanceof HelpRequested) {
      await printHelp();
      return 0;
    }
    if (error instanceof ExitError) return error.code;
    if (!(error instanceof Error)) throw error;
    if (error instanceof FatalError) {
      factory!.log.fatal(error.place, error.message);
      return 1;
    }
    if (error instanceof HelpError) await printHelp();
    if (error instanceof PrintError) io.stdout(error.printed);
    const isUsage =
      error instanceof FlagError && /flag/.test(error.message) && !error.message.startsWith('required flag');
    io.stderr(
      isUsage ? `error: ${error.message}\nSee '${commandPath} --help' for usage.\n` : errorText(error),
    );
    return 1;
  }
}

/** The arguments with what the reader's preferences add; most have none. Models pkg/cmd NewKubectlCommand. */
async function preferredArguments(
  args: readonly string[],
  io: CommandIo,
  environment: CommandEnvironment,
): Promise<readonly string[]> {
  const { variables, machine, clock } = environment;
  if (args.length === 0 || variables.KUBECTL_KUBERC === 'false') return args;
  const at = args.findIndex((argument) => argument === '--' || /^--kuberc(?:=|$)/.test(argument));
  const flag = at < 0 || args[at] === '--' ? '' : (args[at]!.split('=')[1] ?? args[at + 1] ?? '');
  if (at >= 0 && args[at] !== '--' && flag === '') throw new Error('kuberc file is not found');
  const isAsked = flag !== '' || (variables.KUBERC ?? '') !== '';
  if (!isAsked && !machine.files.exists(`${variables.HOME ?? ''}/.kube/kuberc`)) return args;
  const { applyPreferences } = await clock.outside(import('./kuberc/apply.ts'));
  return applyPreferences(args, flag, io, environment, { root, flags: GLOBAL_FLAGS });
}

function unknownCommand(parent: CommandDefinition, typed: string): FlagError {
  const suggestions = suggestionsFor(parent, typed);
  const hint =
    suggestions.length === 0
      ? ''
      : `\n\nDid you mean this?\n${suggestions.map((name) => `\t${name}\n`).join('')}`;
  return new FlagError(`unknown command ${JSON.stringify(typed)} for "kubectl"${hint}`);
}
