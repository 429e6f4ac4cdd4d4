import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import { Leave } from '../leave.ts';
import { SyntaxProblem } from '../syntax.ts';
import type { GrammarBuiltin } from './builtin.ts';

const status = (text: string | undefined, fallback: number) =>
  text === undefined ? fallback : /^-?\d+$/.test(text) ? Number(text) & 0xff : 2;

export const exitBuiltin: GrammarBuiltin = async (shell, args) => {
  const { lastExit } = shell.session;
  if (args[0] !== undefined && !/^-?\d+$/.test(args[0]))
    shell.say(`exit: ${args[0]}: numeric argument required`);
  // The login shell takes its leave in its own way.
  if (shell.kind === 'login') await shell.login('exit', args);
  throw new Leave('shell', status(args[0], lastExit));
};

export const returnBuiltin: GrammarBuiltin = (shell, args) => {
  if (!shell.variables.inFunction && !shell.sourcing) {
    shell.say("return: can only `return' from a function or sourced script");
    return 2;
  }
  throw new Leave('function', status(args[0], shell.session.lastExit));
};

const loopControl =
  (name: string, goesOn: boolean): GrammarBuiltin =>
  (shell, args) => {
    if (shell.loops === 0) {
      shell.say(`${name}: only meaningful in a \`for', \`while', or \`until' loop`);
      return 0;
    }
    const depth = args[0] === undefined ? 1 : Number(args[0]);
    if (!(depth >= 1)) {
      shell.say(`${name}: ${args[0]}: loop count out of range`);
      throw new Leave('loop', 1, shell.loops);
    }
    throw new Leave('loop', 0, depth, goesOn);
  };

export const breakBuiltin = loopControl('break', false);
export const continueBuiltin = loopControl('continue', true);

export const evalBuiltin: GrammarBuiltin = (shell, args) => {
  shell.session.lastExit = 0;
  return shell.evaluate(args.join(' '));
};

/** `exec command`: what comes after it is not run any more. */
export const execBuiltin: GrammarBuiltin = async (shell, args) => {
  const words = args[0] === '-a' ? args.slice(2) : args;
  throw new Leave('shell', await shell.invoke(words, { functions: false }));
};

/** `source file [argument …]`: runs a file in this shell. */
export const source: GrammarBuiltin = async (shell, args) => {
  const [path, ...positional] = args;
  if (path === undefined) {
    shell.say('.: filename argument required\n.: usage: . filename [arguments]');
    return 2;
  }
  const { session } = shell;
  const { files } = session.machine;
  let text: string;
  try {
    const device = /^\/dev\/(?:stdin|fd\/0)$/.test(path);
    text = device ? await shell.input.readAll() : files.read(resolvePath(session.cwd, path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    shell.say(error.code === 'EISDIR' ? `source: ${path}: is a directory` : `${path}: ${error.message}`);
    return 1;
  }
  const before = session.positional;
  if (positional.length > 0) session.positional = positional;
  shell.sourcing = true;
  session.lastExit = 0;
  try {
    return await shell.evaluate(text);
  } catch (error) {
    if (!(error instanceof Leave) || error.from !== 'function') throw error;
    return error.status;
  } finally {
    shell.sourcing = false;
    session.positional = before;
  }
};

/** `bash`, `sh`: a shell that runs a text, a file or what it reads. */
export const shell =
  (name: string): GrammarBuiltin =>
  async (process, args) => {
    const operands = [...args];
    const options: string[] = [];
    let text: string | undefined;
    let reads = false;
    while (/^[-+]./.test(operands[0] ?? '')) {
      const option = operands.shift()!;
      if (option === '--') break;
      if (option === '--version') {
        process.output.write('GNU bash, version 5.2.21(1)-release (x86_64-pc-linux-gnu)\n');
        return 0;
      }
      if (option === '-o' || option === '+o') options.push(option, operands.shift() ?? '');
      else if (option.startsWith('--')) continue;
      else {
        const letters = option.slice(1);
        if (letters.includes('c')) {
          text = operands.shift();
          if (text === undefined) {
            process.output.write('');
            process.say(`-c: option requires an argument`);
            return 2;
          }
        }
        if (letters.includes('s')) reads = true;
        const rest = letters.replace(/[csil]/g, '');
        if (rest !== '') options.push(option[0]! + rest);
      }
    }
    const run = (script: string, shown: string, positional: readonly string[]) =>
      process.runScript(
        options.length === 0 ? script : `set ${options.join(' ')}\n${script}`,
        shown,
        positional,
      );
    if (text !== undefined) return run(text, operands[0] ?? name, operands.slice(1));
    const [path, ...positional] = operands;
    if (path === undefined || reads) return run(await process.input.readAll(), name, operands);
    const { files } = process.session.machine;
    try {
      return await run(files.read(resolvePath(process.session.cwd, path)), path, positional);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      if (error.code === 'EISDIR') {
        process.say(`${path}: ${path}: Is a directory`);
        return 126;
      }
      process.say(`${path}: ${error.message}`);
      return 127;
    }
  };

const SIGNALS = /^(?:SIG)?(EXIT|ERR|INT|TERM|HUP|DEBUG|RETURN|QUIT|PIPE|USR1|USR2|ALRM|WINCH|CHLD|CONT)$/i;
const NUMBERS: Readonly<Record<string, string>> = { 0: 'EXIT', 1: 'HUP', 2: 'INT', 3: 'QUIT', 15: 'TERM' };

export const trap: GrammarBuiltin = (process, args) => {
  const { traps } = process.session;
  const shown = (name: string) => (/^(EXIT|ERR|DEBUG|RETURN)$/.test(name) ? name : `SIG${name}`);
  const operands = args.filter((argument) => argument !== '--');
  if (operands.length === 0 || operands[0] === '-p') {
    for (const [name, text] of traps)
      process.output.write(`trap -- '${text.replaceAll("'", "'\\''")}' ${shown(name)}\n`);
    return 0;
  }
  const [action, ...signals] =
    operands.length === 1 ? ['-', operands[0]!] : (operands as [string, ...string[]]);
  let exit = 0;
  for (const signal of signals) {
    const name = NUMBERS[signal] ?? SIGNALS.exec(signal)?.[1]?.toUpperCase();
    if (name === undefined) {
      process.say(`trap: ${signal}: invalid signal specification`);
      exit = 1;
    } else if (action === '-') traps.delete(name);
    else {
      try {
        process.host.parse(action);
        traps.set(name, action);
      } catch (error) {
        if (!(error instanceof SyntaxProblem)) throw error;
        process.say(error.message);
        exit = 1;
      }
    }
  }
  return exit;
};
