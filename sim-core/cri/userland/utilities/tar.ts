import { bytesOfText, textOfBytes } from '../../../crypto/encoding/byte-text.ts';
import { concat } from '../../../crypto/encoding/bytes.ts';
import { FileError } from '../../../node/file-system.ts';
import type { FileSystem } from '../../../node/file-system.ts';
import { directoryName, resolvePath } from '../../../node/path.ts';
import type { Program, ProgramEnvironment } from '../../../node/program.ts';
import { parseOptions } from '../options.ts';

const BLOCK = 512;
const TYPES = { file: '0', symlink: '2', directory: '5' } as const;
const NAME_BYTES = 100;
/** Of pax and GNU: what they hold is the name of the entry that follows, where it is too long for a header. */
const PAX = 'x';
const GNU_LONG_NAME = 'L';

/** `tar c|x|t[vf] FILE [-C DIR] [PATH…]`, with "-" for the input or output; archives in the format ustar. */
export const tar: Program = async (environment) => {
  const { argv, stdout, stderr } = environment;
  const [first = '', ...rest] = argv.slice(1);
  const bundled = first.startsWith('-') ? first : `-${first}`;
  const { flags, values, operands } = parseOptions([bundled, ...rest], ['f', 'C', 'directory', 'file']);
  const mode = (['c', 'x', 't'] as const).find((letter) => flags.has(letter));
  if (mode === undefined) {
    stderr(
      "tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry 'tar --help' or 'tar --usage' for more information.\n",
    );
    return 2;
  }
  const archive = values.get('f') ?? values.get('file') ?? '-';
  const directory = resolvePath(environment.cwd, values.get('C') ?? values.get('directory') ?? '.');
  const place = resolvePath(environment.cwd, archive);
  try {
    if (!environment.files.exists(directory)) {
      stderr(`tar: ${values.get('C') ?? ''}: Cannot open: No such file or directory\n`);
      return failed(environment, 'Error is not recoverable: exiting now');
    }
    if (mode === 'c') {
      const written = create(environment, directory, operands);
      if (archive === '-') stdout(textOfBytes(written.bytes));
      else environment.files.write(place, textOfBytes(written.bytes));
      return written.complete ? 0 : failed(environment, 'Exiting with failure status due to previous errors');
    }
    const text = archive === '-' ? await inputOf(environment) : environment.files.read(place);
    const entries = entriesOf(bytesOfText(text));
    for (const entry of entries) {
      const isWanted =
        operands.length === 0 ||
        operands.some((name) => entry.name === name || entry.name.startsWith(`${name}/`));
      if (!isWanted) continue;
      if (mode === 't' || flags.has('v')) stdout(`${entry.name}\n`);
      if (mode === 'x') extract(environment.files, directory, entry);
    }
    return 0;
  } catch (error) {
    if (error instanceof FileError) stderr(`tar: ${error.path}: Cannot open: ${error.message}\n`);
    else if (error instanceof ArchiveError) stderr(`tar: ${error.message}\n`);
    else throw error;
    return failed(environment, 'Exiting with failure status due to previous errors');
  }
};

function failed({ stderr }: ProgramEnvironment, complaint: string): number {
  stderr(`tar: ${complaint}\n`);
  return 2;
}

async function inputOf({ stdin }: ProgramEnvironment): Promise<string> {
  let text = '';
  for (let piece = await stdin.read(); piece !== undefined; piece = await stdin.read()) text += piece;
  return text;
}

class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  readonly modified: number;
  readonly link: string;
  readonly content: Uint8Array;
}

function create(
  { files, stderr }: ProgramEnvironment,
  directory: string,
  operands: readonly string[],
): { bytes: Uint8Array; complete: boolean } {
  const blocks: Uint8Array[] = [];
  let complete = true;
  let isStripped = false;
  const add = (path: string, shown: string): void => {
    if (!files.exists(path)) {
      stderr(`tar: ${shown}: Cannot stat: No such file or directory\n`);
      complete = false;
      return;
    }
    const { type, mode, owner, group, modified } = files.stat(path);
    if (type === 'device') return;
    const name = shown.replace(/^\/+/, '');
    if (name !== shown && !isStripped) {
      stderr("tar: Removing leading `/' from member names\n");
      isStripped = true;
    }
    const content = type === 'file' ? bytesOfText(files.read(path)) : new Uint8Array();
    const link = type === 'symlink' ? files.readLink(path) : '';
    const full = type === 'directory' ? `${name.replace(/\/+$/, '')}/` : name;
    blocks.push(
      ...entryBlocks({ name: full, type: TYPES[type], mode, modified, link, content }, owner, group),
    );
    if (type !== 'directory') return;
    for (const child of files.list(path)) add(`${path}/${child}`, `${shown.replace(/\/+$/, '')}/${child}`);
  };
  for (const operand of operands) add(resolvePath(directory, operand), operand);
  return { bytes: concat(...blocks, new Uint8Array(2 * BLOCK)), complete };
}

function entryBlocks(entry: Entry, owner: string, group: string): Uint8Array[] {
  const name = bytesOfText(entry.name);
  const long =
    name.length > NAME_BYTES
      ? entryBlocks({ ...entry, name: '././@LongLink', type: GNU_LONG_NAME, content: name }, owner, group)
      : [];
  const header = new Uint8Array(BLOCK);
  const put = (at: number, bytes: Uint8Array) => header.set(bytes, at);
  const octal = (value: number, digits: number) => bytesOfText(value.toString(8).padStart(digits, '0'));
  put(0, name.subarray(0, NAME_BYTES));
  put(100, octal(entry.mode & 0o7777, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(entry.content.length, 11));
  put(136, octal(Math.floor(entry.modified / 1000), 11));
  put(148, bytesOfText('        '));
  put(156, bytesOfText(entry.type));
  put(157, bytesOfText(entry.link).subarray(0, NAME_BYTES));
  put(257, bytesOfText('ustar\u000000'));
  put(265, bytesOfText(owner));
  put(297, bytesOfText(group));
  // The sum of the header's bytes, its own place counted as blanks.
  put(148, bytesOfText(`${sumOf(header).toString(8).padStart(6, '0')}\0 `));
  const padding = new Uint8Array((BLOCK - (entry.content.length % BLOCK)) % BLOCK);
  return [...long, header, entry.content, padding];
}

const sumOf = (header: Uint8Array) => header.reduce((sum, byte) => sum + byte, 0);

function entriesOf(archive: Uint8Array): Entry[] {
  const entries: Entry[] = [];
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const text = (start: number, length: number) =>
      textOfBytes(header.subarray(start, start + length)).replace(/\0.*$/s, '');
    const number = (start: number, length: number) => parseInt(text(start, length).trim() || '0', 8);
    if (textOfBytes(header.subarray(257, 262)) !== 'ustar') {
      throw new ArchiveError('This does not look like a tar archive');
    }
    const size = number(124, 12);
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) throw new ArchiveError('Unexpected EOF in archive');
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = text(156, 1);
    if (type === GNU_LONG_NAME) longName = textOfBytes(content).replace(/\0.*$/s, '');
    else if (type === PAX) longName = /^\d+ path=(.*)$/m.exec(textOfBytes(content))?.[1] ?? longName;
    else {
      const prefix = text(345, 155);
      const name = longName ?? (prefix === '' ? text(0, NAME_BYTES) : `${prefix}/${text(0, NAME_BYTES)}`);
      longName = undefined;
      entries.push({
        name,
        type: type === '' ? TYPES.file : type,
        mode: number(100, 8),
        modified: number(136, 12) * 1000,
        link: text(157, NAME_BYTES),
        content,
      });
    }
  }
  return entries;
}

function extract(files: FileSystem, directory: string, entry: Entry): void {
  const path = resolvePath(directory, entry.name.replace(/^\/+/, ''));
  if (entry.type === TYPES.directory) {
    files.makeDirectory(path, { parents: true });
    return;
  }
  files.makeDirectory(directoryName(path), { parents: true });
  if (entry.type === TYPES.symlink) {
    if (files.exists(path)) files.remove(path);
    files.link(entry.link, path);
    return;
  }
  files.write(path, textOfBytes(entry.content), { mode: entry.mode });
  files.touch(path, entry.modified);
}
