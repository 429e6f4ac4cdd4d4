import { FileError } from '../../../node/file-system.ts';
import { resolvePath } from '../../../node/path.ts';
import type { Command } from '../../command.ts';
import { getopt } from '../../getopt.ts';
import { PatternError } from '../../text/matcher.ts';
import { Execution } from './execution.ts';
import type { SedCommand } from './script.ts';
import { parseScript, SedScriptError } from './script.ts';

const OPTIONS = {
  quiet: { short: 'n', long: 'quiet' },
  silent: { long: 'silent' },
  debug: { long: 'debug' },
  expression: { short: 'e', long: 'expression', value: 'required' },
  file: { short: 'f', long: 'file', value: 'required' },
  followSymlinks: { long: 'follow-symlinks' },
  inPlace: { short: 'i', long: 'in-place', value: 'attached' },
  lineLength: { short: 'l', long: 'line-length', value: 'required' },
  posix: { long: 'posix' },
  extended: { short: 'E', long: 'regexp-extended' },
  extendedToo: { short: 'r' },
  separate: { short: 's', long: 'separate' },
  sandbox: { long: 'sandbox' },
  unbuffered: { short: 'u', long: 'unbuffered' },
  nul: { short: 'z', long: 'null-data' },
} as const;

const USAGE = 'Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n\n';

/** GNU sed. */
export const sed: Command = {
  name: 'sed',
  async run(args, io, environment) {
    const usage = { ...io, stderr: (text: string) => io.stderr(text.replace(/^Try [^]*/m, USAGE)) };
    const parsed = getopt('sed', args, OPTIONS, usage);
    if (parsed === undefined) return 1;
    const { options, given } = parsed;
    const operands = [...parsed.operands];
    const scripts: { readonly text: string; readonly where: string }[] = [];
    for (const [name, value] of given) {
      if (name === 'expression') scripts.push({ text: value, where: `-e expression #${scripts.length + 1}` });
      if (name !== 'file') continue;
      try {
        const text = environment.machine.files.read(resolvePath(environment.cwd, value));
        scripts.push({ text: text.replace(/\n$/, ''), where: `file ${value}` });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        io.stderr(`sed: couldn't open file ${value}: ${error.message}\n`);
        return 1;
      }
    }
    if (scripts.length === 0) {
      const first = operands.shift();
      if (first === undefined) {
        io.stderr(USAGE);
        return 1;
      }
      scripts.push({ text: first, where: '-e expression #1' });
    }
    const text = scripts.map((script) => script.text).join('\n');
    const where = scripts.at(-1)!.where;
    let commands: SedCommand[];
    try {
      commands = parseScript(text, options.has('posix'));
    } catch (error) {
      if (!(error instanceof SedScriptError)) throw error;
      const before = scripts.slice(0, -1).reduce((sum, script) => sum + script.text.length + 1, 0);
      const place =
        error.at < 0 ? '' : `${where}, char ${Math.max(0, error.at - (error.at === 0 ? 0 : before))}: `;
      io.stderr(`sed: ${place}${error.message}\n`);
      return 1;
    }
    try {
      const execution = new Execution(commands, io, environment, {
        quiet: options.has('quiet') || options.has('silent') || text.startsWith('#n\n') || text === '#n',
        extended: options.has('extended') || options.has('extendedToo'),
        separate: options.has('separate') || options.has('inPlace'),
        inPlace: options.get('inPlace'),
        end: options.has('nul') ? '\0' : '\n',
        lineLength: Number(options.get('lineLength') ?? 70),
      });
      return await execution.run(operands);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      io.stderr(`sed: ${where}, char ${text.length}: ${error.message}\n`);
      return 1;
    }
  },
};
