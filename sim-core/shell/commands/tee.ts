import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';

/** GNU tee. */
export const tee: Command = {
  name: 'tee',
  async run(args, io, { machine, cwd }) {
    const parsed = getopt(
      'tee',
      args,
      { append: { short: 'a', long: 'append' }, interrupts: { short: 'i', long: 'ignore-interrupts' } },
      io,
    );
    if (parsed === undefined) return 1;
    const { files } = machine;
    const paths: string[] = [];
    let exit = 0;
    for (const operand of parsed.operands) {
      const path = resolvePath(cwd, operand);
      try {
        if (parsed.options.has('append')) files.append(path, '');
        else files.write(path, '');
        paths.push(path);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        io.stderr(`tee: ${operand}: ${error.message}\n`);
        exit = 1;
      }
    }
    for (let text = await io.stdin.read(); text !== undefined; text = await io.stdin.read()) {
      io.stdout(text);
      for (const path of paths) files.append(path, text);
      await io.drained?.();
    }
    return exit;
  },
};
