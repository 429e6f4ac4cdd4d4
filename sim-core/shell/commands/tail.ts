import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { Command, CommandEnvironment, CommandIo } from '../command.ts';
import { getopt } from '../getopt.ts';
import { type Count, numbered, withUnit } from '../text/count.ts';

/** How often -f looks for more, in simulated milliseconds. */
const INTERVAL = 1000;

/** GNU tail. */
export const tail: Command = {
  name: 'tail',
  async run(args, io, environment) {
    const words = numbered(args, true);
    const parsed = getopt(
      'tail',
      words,
      {
        lines: { short: 'n', long: 'lines', value: 'required' },
        bytes: { short: 'c', long: 'bytes', value: 'required' },
        follow: { short: 'f', long: 'follow', value: 'optional' },
        retry: { short: 'F' },
        quiet: { short: 'q', long: 'quiet' },
        silent: { long: 'silent' },
        verbose: { short: 'v', long: 'verbose' },
        process: { long: 'pid', value: 'required' },
        interval: { short: 's', long: 'sleep-interval', value: 'required' },
      },
      io,
    );
    if (parsed === undefined) return 1;
    const { options, operands } = parsed;
    const given = options.get('bytes') ?? options.get('lines') ?? '10';
    const count = withUnit(given);
    if (count === undefined) {
      io.stderr(`tail: invalid number of ${options.has('bytes') ? 'bytes' : 'lines'}: ‘${given}’\n`);
      return 1;
    }
    const end = (text: string) => (options.has('bytes') ? lastBytes(text, count) : lastLines(text, count));
    const files = operands.length === 0 ? ['-'] : operands;
    const titled =
      options.has('verbose') || (files.length > 1 && !options.has('quiet') && !options.has('silent'));
    const followed: { readonly path: string; length: number }[] = [];
    let exit = 0;
    for (const [index, file] of files.entries()) {
      const text = file === '-' ? await io.stdin.readAll() : read(file, io, environment);
      if (text === undefined) {
        exit = 1;
        continue;
      }
      const name = file === '-' ? 'standard input' : file;
      if (titled) io.stdout(`${index > 0 ? '\n' : ''}==> ${name} <==\n`);
      io.stdout(end(text));
      if (file !== '-') followed.push({ path: resolvePath(environment.cwd, file), length: text.length });
    }
    if (!options.has('follow') && !options.has('retry')) return exit;
    if (followed.length === 0 && exit !== 0) {
      io.stderr('tail: no files remaining\n');
      return exit;
    }
    return follow(followed, io, environment);
  },
};

function read(path: string, io: CommandIo, { machine, cwd }: CommandEnvironment): string | undefined {
  try {
    return machine.files.read(resolvePath(cwd, path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    io.stderr(
      error.code === 'EISDIR'
        ? `tail: error reading '${path}': ${error.message}\n`
        : `tail: cannot open '${path}' for reading: ${error.message}\n`,
    );
    return undefined;
  }
}

function lastLines(text: string, { sign, number }: Count): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (sign === '+') return lines.slice(Math.max(0, number - 1)).join('');
  return number === 0 ? '' : lines.slice(-number).join('');
}

function lastBytes(text: string, { sign, number }: Count): string {
  if (sign === '+') return text.slice(Math.max(0, number - 1));
  return number === 0 ? '' : text.slice(-number);
}

async function follow(
  files: readonly { readonly path: string; length: number }[],
  io: CommandIo,
  { machine, clock, context }: CommandEnvironment,
): Promise<number> {
  while (!context.cancelled) {
    await clock.sleep(INTERVAL, { context, periodic: true });
    for (const file of files) {
      const text = machine.files.exists(file.path) ? machine.files.read(file.path) : '';
      // A file that was cut is shown from its beginning.
      if (text.length < file.length) file.length = 0;
      if (text.length > file.length) io.stdout(text.slice(file.length));
      file.length = text.length;
    }
  }
  return 130;
}
