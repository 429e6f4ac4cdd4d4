import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import { LineInput, textInput } from '../../node/pipe.ts';
import type { Command, CommandIo } from '../command.ts';
import { getopt } from '../getopt.ts';

/** GNU head; it ends as soon as it has read enough. */
export const head: Command = {
  name: 'head',
  async run(args, io, { machine, cwd, context }) {
    // "-20" is "-n 20".
    const words = args.map((argument) => argument.replace(/^-(\d+)$/, '-n$1'));
    const parsed = getopt(
      'head',
      words,
      {
        lines: { short: 'n', long: 'lines', value: 'required' },
        bytes: { short: 'c', long: 'bytes', value: 'required' },
        quiet: { short: 'q', long: 'quiet' },
        verbose: { short: 'v', long: 'verbose' },
      },
      io,
    );
    if (parsed === undefined) return 1;
    const { options, operands } = parsed;
    const bytes = options.get('bytes');
    const count = bytes ?? options.get('lines') ?? '10';
    if (!/^[+-]?\d+$/.test(count)) {
      io.stderr(`head: invalid number of ${bytes === undefined ? 'lines' : 'bytes'}: ‘${count}’\n`);
      return 1;
    }
    const files = operands.length === 0 ? ['-'] : operands;
    const titled = options.has('verbose') || (files.length > 1 && !options.has('quiet'));
    let exit = 0;
    for (const [index, file] of files.entries()) {
      let input = io.stdin;
      if (file !== '-') {
        try {
          input = new LineInput(textInput(machine.files.read(resolvePath(cwd, file))));
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
        await lines(input, Number(count), count.startsWith('-'), io, () => context.cancelled);
      else await characters(input, Number(count), count.startsWith('-'), io);
    }
    return exit;
  },
};

async function lines(
  input: LineInput,
  count: number,
  fromEnd: boolean,
  io: CommandIo,
  cancelled: () => boolean,
): Promise<void> {
  if (fromEnd) {
    const all = (await input.readAll()).match(/[^\n]*\n|[^\n]+$/g) ?? [];
    return io.stdout(all.slice(0, Math.max(0, all.length + count)).join(''));
  }
  for (let left = count; left > 0 && !cancelled(); left--) {
    const { line, complete } = await input.readUntil('\n');
    if (line !== '' || complete) io.stdout(complete ? `${line}\n` : line);
    if (!complete) return;
  }
}

async function characters(input: LineInput, count: number, fromEnd: boolean, io: CommandIo): Promise<void> {
  if (fromEnd) return io.stdout((await input.readAll()).slice(0, count));
  for (let left = count; left > 0;) {
    const piece = await input.read();
    if (piece === undefined) return;
    io.stdout(piece.slice(0, left));
    left -= piece.length;
  }
}
