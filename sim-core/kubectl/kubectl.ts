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
import { FlagError, FlagSet, HelpRequested } from './cobra/flags.ts';
import { root } from './cmd/root.ts';
import { DiscoveryCache } from './discovery/cache.ts';
import { Factory } from './factory.ts';
import { GLOBAL_FLAGS } from './genericclioptions/global-flags.ts';
import { errorText, ExitError, HelpError, PrintError } from './util/errors.ts';

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
      const { completeKubectl } = await environment.clock.outside(import('./completion/complete.ts'));
      const io: CommandIo = { stdin: new LineInput(NO_INPUT), stdout: () => {}, stderr: () => {} };
      return completeKubectl(words, environment, async (given) => {
        const flags = globalFlags(given);
        const commandPath = 'kubectl __complete';
        const factory = new Factory({ io, environment, flags, network, cache, commandPath });
        await factory.load();
        return factory;
      });
    },
  };
}

/** The flags that all commands take, as far as they stand among words that may not be whole. */
function globalFlags(words: readonly string[]): FlagSet {
  const given = new FlagSet(GLOBAL_FLAGS);
  for (const [index, word] of words.entries()) {
    const match = /^(?:--([\w-]+)|-(\w))(?:=(.*))?$/.exec(word);
    const flag = GLOBAL_FLAGS.find(({ name, shorthand }) => name === match?.[1] || shorthand === match?.[2]);
    const value = match?.[3] ?? words[index + 1];
    if (flag?.type === 'string' && value !== undefined) given.set(flag, value, word);
  }
  return given;
}

async function runKubectl(
  args: readonly string[],
  io: CommandIo,
  environment: CommandEnvironment,
  network: ClientNetwork,
  cache: DiscoveryCache,
): Promise<number> {
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
  try {
    const unknown = found.path.length === 1 ? firstWord(found.args, GLOBAL_FLAGS) : undefined;
    if (unknown !== undefined) {
      if (args[0]!.startsWith('-')) {
        // What no command is called may be a plugin, which stands first.
        io.stderr(`Error: flags cannot be placed before plugin name: ${args[0]}\n`);
        return 1;
      }
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
    const factory = new Factory({ io, environment, flags: global, network, cache, commandPath });
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
    return environment.context.cancelled ? 130 : (exit ?? 0);
  } catch (error) {
    if (environment.context.cancelled) return 130;
    if (error instanceof HelpRequested) {
      await printHelp();
      return 0;
    }
    if (error instanceof ExitError) return error.code;
    if (!(error instanceof Error)) throw error;
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

function unknownCommand(parent: CommandDefinition, typed: string): FlagError {
  const suggestions = suggestionsFor(parent, typed);
  const hint =
    suggestions.length === 0
      ? ''
      : `\n\nDid you mean this?\n${suggestions.map((name) => `\t${name}\n`).join('')}`;
  return new FlagError(`unknown command ${JSON.stringify(typed)} for "kubectl"${hint}`);
}
