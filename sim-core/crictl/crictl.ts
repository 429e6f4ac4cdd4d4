import { CriError } from '../cri/runtime-service.ts';
import type { Command } from '../shell/command.ts';
import { COMMANDS, HELP } from './commands/registry.ts';
import { Fatal, type MachineRuntime } from './invocation.ts';
import { OptionProblem, parseOptions } from './options.ts';

export interface CrictlConfig {
  /** Undefined: no runtime was installed on the machine. */
  runtimeOf(hostname: string): MachineRuntime | undefined;
}

const VERSION = 'v1.36.0';
const GLOBAL = {
  config: { short: 'c', value: true },
  debug: { short: 'D' },
  enable: { value: true },
  help: { short: 'h' },
  'image-endpoint': { short: 'i', value: true },
  'runtime-endpoint': { short: 'r', value: true },
  timeout: { short: 't', value: true },
  version: { short: 'v' },
};
const ENDPOINT = 'unix:///run/containerd/containerd.sock';

/** crictl on the runtime of the machine that it is run on. Models cri-tools cmd/crictl. */
export function createCrictl(config: CrictlConfig): Command {
  return {
    name: 'crictl',
    async run(args, io, environment) {
      try {
        const { has, text, operands } = parseOptions(args, GLOBAL);
        if (has('version')) {
          io.stdout(`crictl version ${VERSION}\n`);
          return 0;
        }
        const [name, ...rest] = operands;
        if (name === undefined || name === 'help' || has('help')) {
          io.stdout(HELP);
          return 0;
        }
        const command = COMMANDS.find((one) => one.name === name || one.aliases?.includes(name));
        if (command === undefined) {
          io.stdout(HELP);
          io.stderr(`FATA[0000] No help topic for '${name}'\n`);
          return 1;
        }
        const parsed = parseOptions(rest, { ...command.options, help: { short: 'h' } });
        if (parsed.has('help')) {
          io.stdout(
            `NAME:\n   crictl ${command.name} - ${command.usage}\n\nUSAGE:\n   crictl ${command.name} [command options] ${command.operands ?? ''}\n`,
          );
          return 0;
        }
        const runtime = config.runtimeOf(environment.machine.hostname);
        await connect(runtime, text('runtime-endpoint') || ENDPOINT);
        return (await command.run({ io, environment, ...runtime! }, parsed)) ?? 0;
      } catch (error) {
        if (error instanceof OptionProblem) {
          io.stdout(`Incorrect Usage: ${error.message}\n\n`);
          io.stderr(`FATA[0000] ${error.message}\n`);
          return 1;
        }
        if (!(error instanceof Fatal) && !(error instanceof CriError)) throw error;
        io.stderr(`FATA[0000] ${error.message}\n`);
        return 1;
      }
    },
  };
}

/** Throws a {@link Fatal} if no runtime answers at `endpoint`. */
async function connect(runtime: MachineRuntime | undefined, endpoint: string): Promise<void> {
  const path = endpoint.replace(/^unix:\/\//, '');
  const refused = `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix ${path}: connect: no such file or directory"`;
  const isOurs = /^\/(?:var\/)?run\/containerd\/containerd\.sock$/.test(path);
  const problem = isOurs
    ? await runtime?.runtime.version().then(
        () => undefined,
        () => refused,
      )
    : refused;
  if (runtime === undefined || problem !== undefined)
    throw new Fatal(
      `validate service connection: validate CRI v1 runtime API for endpoint "${endpoint}": ${problem ?? refused}`,
    );
}
