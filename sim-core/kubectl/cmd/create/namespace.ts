import type { Creator } from './create.ts';
import { MAPPINGS } from './mappings.ts';

export const namespace: Creator = {
  name: 'namespace',
  aliases: ['ns'],
  use: 'NAME [--dry-run=server|client|none] [options]',
  short: 'Create a namespace with the specified name',
  mapping: MAPPINGS.namespace,
  build: (name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {}, status: {} }),
};
