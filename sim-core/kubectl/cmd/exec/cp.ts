import { FileError, type FileSystem } from '../../../node/file-system.ts';
import { baseName, directoryName, resolvePath } from '../../../node/path.ts';
import { textInput } from '../../../node/pipe.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import type { FlagSet } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';
import { attachablePod } from '../../polymorphichelpers/attachable-pod.ts';
import { type ContainerPlace, containerOf, execute } from './streams.ts';

/** "[[namespace/]pod:]file". */
interface FileSpec {
  readonly namespace: string;
  /** "" for a file of this machine. */
  readonly pod: string;
  readonly file: string;
}

/** Models pkg/cmd/cp; files go over exec one by one, by the tools that every image has. */
export const cp: CommandDefinition = {
  name: 'cp',
  use: '<file-spec-src> <file-spec-dest> [options]',
  short: 'Copy files and directories to and from containers',
  flags: [
    { name: 'container', shorthand: 'c', type: 'string' },
    { name: 'no-preserve', type: 'bool', default: 'false' },
    { name: 'retries', type: 'int', default: '0' },
  ],
  async run(invocation, { args, flags }) {
    if (args.length !== 2) throw new Error('source and destination are required');
    const [source, destination] = args.map(parseSpec) as [FileSpec, FileSpec];
    if (source.pod !== '' && destination.pod !== '')
      throw new Error('one of src or dest must be a local file specification');
    if (source.file === '' || destination.file === '') throw new Error('filepath can not be empty');
    if (source.pod !== '') return fromPod(invocation, source, destination.file, flags);
    if (destination.pod !== '') return toPod(invocation, source.file, destination, flags);
    throw new Error('one of src or dest must be a remote file specification');
  },
};

function parseSpec(text: string): FileSpec {
  const colon = text.indexOf(':');
  if (colon < 0) return { namespace: '', pod: '', file: text };
  const [where, file] = [text.slice(0, colon), text.slice(colon + 1)];
  const [first = '', second, ...more] = where.split('/');
  if (where === '' || more.length > 0)
    throw new Error('filespec must match the canonical format: [[namespace/]pod:]file/path');
  return second === undefined ? { namespace: '', pod: first, file } : { namespace: first, pod: second, file };
}

async function placeOf(
  invocation: Invocation,
  { namespace, pod: name }: FileSpec,
  flags: FlagSet,
): Promise<ContainerPlace> {
  const factory = invocation.factory.inNamespace(namespace);
  const { pod } = await attachablePod({ ...invocation, factory }, name, 0);
  return containerOf(invocation, pod, flags.string('container'), false);
}

/** Runs a script in the container; what it writes, and its exit code. */
async function ask(
  invocation: Invocation,
  place: ContainerPlace,
  script: string,
  args: readonly string[],
  stdin?: string,
): Promise<{ readonly stdout: string; readonly exit: number }> {
  let stdout = '';
  const exit = await execute(invocation, place, ['sh', '-c', script, 'sh', ...args], {
    output: { stdout: (text) => void (stdout += text), stderr: () => {} },
    ...(stdin !== undefined && { stdin: textInput(stdin) }),
  });
  return { stdout, exit };
}

async function fromPod(
  invocation: Invocation,
  source: FileSpec,
  destination: string,
  flags: FlagSet,
): Promise<number> {
  const { io, environment } = invocation;
  const { files } = environment.machine;
  const place = await placeOf(invocation, source, flags);
  const root = source.file.replace(/(?<=.)\/+$/, '');
  const listed = await ask(
    invocation,
    place,
    'if [ -d "$1" ]; then find "$1" -type f; elif [ -e "$1" ]; then echo "$1"; else exit 3; fi',
    [root],
  );
  if (listed.exit !== 0) {
    // What tar says in the container comes out where the copy's own words do.
    io.stdout(
      `tar: ${root}: Cannot stat: No such file or directory\ntar: Exiting with failure status due to previous errors\n`,
    );
    io.stderr('command terminated with exit code 2\n');
    return 2;
  }
  if (root.startsWith('/')) io.stdout("tar: Removing leading `/' from member names\n");
  const target = resolvePath(environment.cwd, destination);
  const paths = listed.stdout.split('\n').filter((path) => path !== '');
  const isFile = paths.length === 1 && paths[0] === root;
  const base = isFile && isDirectory(files, target) ? resolvePath(target, baseName(root)) : target;
  for (const path of paths) {
    const { stdout } = await ask(invocation, place, 'cat "$1"', [path]);
    const own = isFile ? base : resolvePath(base, path.slice(root.length).replace(/^\/+/, ''));
    files.makeDirectory(directoryName(own), { parents: true });
    files.write(own, stdout);
  }
  return 0;
}

async function toPod(
  invocation: Invocation,
  source: string,
  destination: FileSpec,
  flags: FlagSet,
): Promise<number> {
  const { environment } = invocation;
  const { files } = environment.machine;
  const from = resolvePath(environment.cwd, source);
  if (!files.exists(from)) throw new Error(`${source} doesn't exist in local filesystem`);
  const place = await placeOf(invocation, destination, flags);
  // Into a directory, or to a new name.
  const { exit } = await ask(invocation, place, 'test -d "$1"', [destination.file]);
  const to = exit === 0 ? `${destination.file.replace(/\/+$/, '')}/${baseName(from)}` : destination.file;
  for (const path of filesBelow(files, from)) {
    const target = to + path.slice(from.length);
    const script = 'mkdir -p "$(dirname "$1")" && cat > "$1"';
    const { exit: written } = await ask(invocation, place, script, [target], files.read(path));
    if (written === 0) continue;
    invocation.io.stderr(
      `tar: ${target.replace(/^\//, '')}: Cannot open: No such file or directory\ntar: Exiting with failure status due to previous errors\ncommand terminated with exit code 2\n`,
    );
    return 2;
  }
  return 0;
}

function isDirectory(files: FileSystem, path: string): boolean {
  return files.exists(path) && files.stat(files.realPath(path)).type === 'directory';
}

function filesBelow(files: FileSystem, path: string): string[] {
  try {
    if (!isDirectory(files, path)) return [path];
    return files.list(path).flatMap((name) => filesBelow(files, `${path}/${name}`));
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}
