import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PkiFiles } from '../../cluster/checkpoint.ts';
import type { Machine } from '../../node/machine.ts';

const PKI_DIRECTORY = '/etc/kubernetes/pki';
/** What servers that share a cluster must have in common. */
const KEPT = [
  'ca.crt',
  'ca.key',
  'front-proxy-ca.crt',
  'front-proxy-ca.key',
  'etcd/ca.crt',
  'etcd/ca.key',
  'sa.key',
  'sa.pub',
];

/** The files of --pki as they are; none of them need be there. */
export function readPki(directory: string): PkiFiles {
  const present = KEPT.filter((path) => existsSync(join(directory, path)));
  return Object.fromEntries(present.map((path) => [path, readFileSync(join(directory, path), 'utf8')]));
}

/** Keeps what the control plane made, for the next start. */
export function writePki(directory: string, { files }: Machine): void {
  for (const path of KEPT) {
    const made = `${PKI_DIRECTORY}/${path}`;
    const kept = join(directory, path);
    if (!files.exists(made) || existsSync(kept)) continue;
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(kept, files.read(made), { mode: path.endsWith('.key') ? 0o600 : 0o644 });
  }
}
