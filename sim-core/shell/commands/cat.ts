import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';

/** GNU cat. */
export const cat: Command = {
  name: 'cat',
  async run(args, io, { machine, cwd, context }) {
    const parsed = getopt(
      'cat',
      args,
      {
        all: { short: 'A', long: 'show-all' },
        numberNonblank: { short: 'b', long: 'number-nonblank' },
        endsAndNonprinting: { short: 'e' },
        ends: { short: 'E', long: 'show-ends' },
        number: { short: 'n', long: 'number' },
        squeeze: { short: 's', long: 'squeeze-blank' },
        tabsAndNonprinting: { short: 't' },
        tabs: { short: 'T', long: 'show-tabs' },
        unbuffered: { short: 'u' },
        nonprinting: { short: 'v', long: 'show-nonprinting' },
      },
      io,
    );
    if (parsed === undefined) return 1;
    const { options, operands } = parsed;
    const ends = options.has('all') || options.has('ends') || options.has('endsAndNonprinting');
    const tabs = options.has('all') || options.has('tabs') || options.has('tabsAndNonprinting');
    const numberNonblank = options.has('numberNonblank');
    const number = options.has('number') && !numberNonblank;
    let count = 0;
    let blank = false;
    const show = (text: string): void => {
      if (!ends && !tabs && !number && !numberNonblank && !options.has('squeeze')) return io.stdout(text);
      for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
        const empty = line === '\n';
        if (empty && blank && options.has('squeeze')) continue;
        blank = empty;
        const prefix = number || (numberNonblank && !empty) ? `${String(++count).padStart(6)}\t` : '';
        const shown = tabs ? line.replaceAll('\t', '^I') : line;
        io.stdout(prefix + (ends ? shown.replace('\n', '$\n') : shown));
      }
    };
    let exit = 0;
    for (const operand of operands.length === 0 ? ['-'] : operands) {
      try {
        const input = operand === '-' ? io.stdin : machine.files.open(resolvePath(cwd, operand));
        for (let text = await input.read(); text !== undefined; text = await input.read()) {
          show(text);
          await io.drained?.();
          // What has no end would go on for ever where nobody waits for its reader.
          if (context.cancelled) return exit;
        }
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        io.stderr(`cat: ${operand}: ${error.message}\n`);
        exit = 1;
      }
    }
    return exit;
  },
};
