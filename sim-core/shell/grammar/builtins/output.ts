import { echoText } from '../../commands/echo.ts';
import { test, TestProblem } from '../conditions.ts';
import { printf } from '../printf.ts';
import type { GrammarBuiltin } from './builtin.ts';

export const echoBuiltin: GrammarBuiltin = (shell, args) => {
  shell.output.write(echoText(args));
  return 0;
};

export const pwd: GrammarBuiltin = (shell) => {
  shell.output.write(`${shell.session.cwd}\n`);
  return 0;
};

export const umask: GrammarBuiltin = (shell, args) => {
  if (args.length === 0) shell.output.write('0022\n');
  return 0;
};

/** `printf [-v name] format [argument …]`. */
export const printfBuiltin: GrammarBuiltin = async (shell, args) => {
  const operands = [...args];
  let variable: string | undefined;
  if (operands[0] === '-v') variable = operands.splice(0, 2)[1];
  if (operands[0] === '--') operands.shift();
  const [format, ...values] = operands;
  if (format === undefined) {
    shell.say('printf: usage: printf [-v var] format [arguments]');
    return 2;
  }
  const { text, problems } = printf(format, values, shell.host.clock.now());
  for (const problem of problems) shell.say(`printf: ${problem}`);
  if (variable !== undefined) await shell.words.assign(variable, text);
  else shell.output.write(text);
  return problems.length > 0 ? 1 : 0;
};

export const testBuiltin =
  (name: 'test' | '['): GrammarBuiltin =>
  (shell, args) => {
    if (name === '[' && args.at(-1) !== ']') {
      shell.say("[: missing `]'");
      return 2;
    }
    try {
      return test(name === '[' ? args.slice(0, -1) : args, shell.conditions()) ? 0 : 1;
    } catch (error) {
      if (!(error instanceof TestProblem)) throw error;
      shell.say(`${name}: ${error.message}`);
      return 2;
    }
  };
