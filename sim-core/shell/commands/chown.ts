import type { FileSystem } from '../../node/file-system.ts';
import { FileError } from '../../node/file-system.ts';
import { resolvePath } from '../../node/path.ts';
import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';

const OPTIONS = {
  recursive: { short: 'R', long: 'recursive' },
  noDereference: { short: 'h', long: 'no-dereference' },
  silent: { short: 'f', long: 'silent' },
  quiet: { long: 'quiet' },
} as const;

/** GNU chown. The machines know root and nobody by name; other users and groups are numbers. */
export const chown: Command = {
  name: 'chown',
  async run(args, io, { machine: { files }, cwd }) {
    const parsed = getopt('chown', args, OPTIONS, io);
    if (parsed === undefined) return 1;
    const { options, operands } = parsed;
    const [spec, ...paths] = operands;
    const fail = (message: string) => {
      io.stderr(`chown: ${message}\n`);
      return 1;
    };
    const tryHelp = "\nTry 'chown --help' for more information.";
    if (spec === undefined) return fail(`missing operand${tryHelp}`);
    if (paths.length === 0) return fail(`missing operand after ‘${spec}’${tryHelp}`);
    const [user = '', group] = spec.split(':');
    const owner = user === '' ? undefined : nameOf(user);
    if (owner === null) return fail(`invalid user: ‘${spec}’`);
    // With a colon and nothing after it, it is the group of the user.
    const ofGroup = group === '' ? groupOf(owner) : group === undefined ? undefined : nameOf(group);
    if (ofGroup === null) return fail(`invalid group: ‘${spec}’`);
    let exit = 0;
    for (const operand of paths) {
      try {
        for (const path of filesAt(files, resolvePath(cwd, operand), options.has('recursive')))
          files.changeOwner(options.has('noDereference') ? path : files.realPath(path), {
            ...(owner !== undefined && { owner }),
            ...(ofGroup !== undefined && { group: ofGroup }),
          });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        exit = 1;
        if (!options.has('silent') && !options.has('quiet'))
          fail(`cannot access '${operand}': ${error.message}`);
      }
    }
    return exit;
  },
};

const NOBODY = 'nobody';
const NOGROUP = 'nogroup';

const groupOf = (user: string | undefined) => (user === NOBODY ? NOGROUP : user);

/** The name of a user or a group, by name or by number; null if nobody has it. */
function nameOf(text: string): string | null {
  if (text === 'root' || /^\+?0+$/.test(text)) return 'root';
  if (text === NOBODY || text === NOGROUP) return text;
  const number = /^\+?(\d+)$/.exec(text)?.[1];
  return number === undefined ? null : String(Number(number));
}

/** What lies at `path`, and all below it. */
function* filesAt(files: FileSystem, path: string, below: boolean): Generator<string> {
  yield path;
  if (!below || files.stat(path).type !== 'directory') return;
  for (const name of files.list(path)) yield* filesAt(files, `${path}/${name}`, true);
}
