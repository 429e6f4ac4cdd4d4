import { FileError } from '../../node/file-system.ts';
import type { Program, ProgramEnvironment, ProgramLookup } from '../../node/program.ts';
import { LineInput } from '../../node/pipe.ts';
import { CommandLoop } from './shell/interactive.ts';
import { parseScript } from './shell/parser.ts';
import { ShellInterpreter } from './shell/interpreter.ts';
import type { ShellFlavour } from './shell/interpreter.ts';
import { SyntaxProblem } from './shell/syntax.ts';
import type { Script } from './shell/syntax.ts';
import { resolvePath } from '../../node/path.ts';
import type { Tool, Userland } from './userland.ts';
import { FILES } from './utilities/files.ts';
import { NETWORK } from './utilities/network.ts';
import { SYSTEM } from './utilities/system.ts';
import { tar } from './utilities/tar.ts';
import { TEXT } from './utilities/text.ts';

const TOOLS: Readonly<Record<string, Tool>> = { ...TEXT, ...FILES, ...SYSTEM, ...NETWORK, tar };
const SHELLS = ['sh', 'ash', 'dash', 'bash'];

/** Runs the tool called `name`. `find` finds what a shell may run. A file that refuses what the tool does not look after ends it. */
export async function runTool(
  name: string,
  family: Userland,
  find: ProgramLookup,
  environment: ProgramEnvironment,
): Promise<number> {
  try {
    return await toolOf(name, family, find)(environment);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    environment.stderr(`${name}: ${error.path}: ${error.message}\n`);
    return 1;
  }
}

function toolOf(name: string, family: Userland, find: ProgramLookup): Program {
  if (SHELLS.includes(name)) {
    const flavour = family === 'busybox' ? 'ash' : name === 'bash' ? 'bash' : 'dash';
    return (environment) => shell(environment, find, flavour);
  }
  const program = TOOLS[name];
  if (program === undefined) throw new Error(`the userland ${family} has no tool ${JSON.stringify(name)}`);
  const own: Program = (environment) => program(environment, family);
  if (name === 'xargs') return (environment) => xargs(own, environment, find);
  if (name === 'env') {
    return (environment) =>
      environment.argv.length > 1 ? envWith(environment, own, find) : own(environment);
  }
  return own;
}

/** `sh -c SCRIPT [NAME [ARGUMENTS…]]`, `sh FILE`, and `sh`, which reads commands from its input. */
async function shell(
  environment: ProgramEnvironment,
  find: ProgramLookup,
  flavour: ShellFlavour,
): Promise<number> {
  const [name = 'sh', ...args] = environment.argv;
  const own = name.replace(/^.*\//, '');
  const options: string[] = [];
  while (/^[-+][a-zA-Z]+$/.test(args[0] ?? '')) options.push(args.shift()!);
  const letters = options.join('');
  const stdin = new LineInput(environment.stdin);
  const io = { stdin, stdout: environment.stdout, stderr: environment.stderr };
  if (letters.includes('c')) {
    const [script = '', zero, ...positional] = args;
    return interpret(script, zero ?? own, positional, true);
  }
  const [path, ...positional] = args;
  if (path !== undefined) {
    const { files, cwd } = environment;
    if (!files.exists(resolvePath(cwd, path))) {
      environment.stderr(`${own}: can't open '${path}': No such file or directory\n`);
      return 2;
    }
    return interpret(files.read(resolvePath(cwd, path)), path, positional, false);
  }
  const interpreter = new ShellInterpreter(environment, find, flavour, own, []);
  return new CommandLoop(environment, interpreter, flavour, io).run();

  async function interpret(
    text: string,
    zero: string,
    parameters: readonly string[],
    mayReplace: boolean,
  ): Promise<number> {
    let script: Script;
    try {
      script = parseScript(text);
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      environment.stderr(`${own}: ${error.message}\n`);
      return 2;
    }
    const interpreter = new ShellInterpreter(environment, find, flavour, zero, parameters);
    interpreter.exitOnError = letters.includes('e');
    interpreter.trace = letters.includes('x');
    // A shell that has one command to run gives its place to it.
    interpreter.replaces = mayReplace && script.length === 1 && script[0]!.node.type === 'simple';
    return interpreter.run(script, io);
  }
}

/** `env NAME=value… COMMAND`. */
async function envWith(environment: ProgramEnvironment, env: Program, find: ProgramLookup): Promise<number> {
  const args = environment.argv.slice(1);
  const envs: Record<string, string> = { ...environment.envs };
  while (/^[A-Za-z_]\w*=/.test(args[0] ?? '')) {
    const [name = '', ...value] = args.shift()!.split('=');
    envs[name] = value.join('=');
  }
  if (args.length === 0) return env({ ...environment, argv: ['env'], envs });
  const program = find(args[0]!);
  if (program === undefined) {
    environment.stderr(`env: can't execute '${args[0]}': No such file or directory\n`);
    return 127;
  }
  return program({ ...environment, argv: args, envs });
}

/** Gives the words of the input to a command. */
async function xargs(words: Program, environment: ProgramEnvironment, find: ProgramLookup): Promise<number> {
  let text = '';
  await words({ ...environment, stdout: (piece) => (text += piece) });
  const args = environment.argv.slice(1).filter((arg) => !/^-[rt]$/.test(arg));
  const each = args[0] === '-n' ? Number(args.splice(0, 2)[1]) : Infinity;
  const program = find(args[0] ?? 'echo');
  if (program === undefined) {
    environment.stderr(`xargs: ${args[0]}: No such file or directory\n`);
    return 127;
  }
  const given = text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  let status = 0;
  for (let at = 0; at < given.length; at += each) {
    const argv = [...(args.length === 0 ? ['echo'] : args), ...given.slice(at, at + each)];
    status = (await program({ ...environment, argv })) === 0 ? status : 123;
    if (each === Infinity) break;
  }
  return status;
}
