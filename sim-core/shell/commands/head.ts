import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { LineInput } from '../../node/pipe.ts';
import type { Command, CommandIo } from '../command.ts';
import { getopt } from '../getopt.ts';
import { type Count, numbered, withUnit } from '../text/count.ts';

/** GNU head; it ends as soon as it has read enough. */
export const head: Command = {
  name: 'head',
  async run(args, io, { machine, cwd, context }) {
    const words = numbered(args, false);
    const parsed = getopt(
      'head',
      words,
      {
        lines: { short: 'n', long: 'lines', value: 'required' },
        bytes: { short: 'c', long: 'bytes', value: 'required' },
        quiet: { short: 'q', long: 'quiet' },
        silent: { long: 'silent' },
        verbose: { short: 'v', long: 'verbose' },
        nul: { short: 'z', long: 'zero-terminated' },
      },
      io,
    );
    if (parsed === undefined) return 1;
    const { options, operands } = parsed;
    const bytes = options.get('bytes');
    const given = bytes ?? options.get('lines') ?? '10';
    const count = withUnit(given);
    if (count === undefined) {
      io.stderr(`head: invalid number of ${bytes === undefined ? 'lines' : 'bytes'}: ‘${given}’\n`);
      return 1;
    }
    const files = operands.length === 0 ? ['-'] : operands;
    const titled =
      options.has('verbose') || (files.length > 1 && !options.has('quiet') && !options.has('silent'));
    let exit = 0;
    for (const [index, file] of files.entries()) {
      let input = io.stdin;
      if (file !== '-') {
        try {
          input = new LineInput(machine.files.open(resolvePath(cwd, file)));
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
          io.stderr(
            error.code === 'EISDIR'
              ? `head: error reading '${file}': ${error.message}\n`
              : `head: cannot open '${file}' for reading: ${error.message}\n`,
          );
          exit = 1;
          continue;
        }
      }
      if (titled) io.stdout(`${index > 0 ? '\n' : ''}==> ${file === '-' ? 'standard input' : file} <==\n`);
      if (bytes === undefined)
        await lines(input, count, options.has('nul') ? '\0' : '\n', io, () => context.cancelled);
      else await characters(input, count, io);
    }
    return exit;
  },
};

async function lines(
  input: LineInput,
  count: Count,
  end: string,
  io: CommandIo,
  cancelled: () => boolean,
): Promise<void> {
  if (count.sign === '-') {
    const all = (await input.readAll()).split(new RegExp(`(?<=${end})`));
    if (all.at(-1) === '') all.pop();
    return io.stdout(all.slice(0, Math.max(0, all.length - count.number)).join(''));
  }
  for (let left = count.number; left > 0 && !cancelled(); left--) {
    const { line, complete } = await input.readUntil(end);
    if (line !== '' || complete) io.stdout(complete ? line + end : line);
    if (!complete) return;
  }
}

async function characters(input: LineInput, count: Count, io: CommandIo): Promise<void> {
  if (count.sign === '-') {
    const text = await input.readAll();
    return io.stdout(text.slice(0, Math.max(0, text.length - count.number)));
  }
  for (let left = count.number; left > 0;) {
    const piece = await input.read();
    if (piece === undefined) return;
    io.stdout(piece.slice(0, left));
    left -= piece.length;
  }
}
