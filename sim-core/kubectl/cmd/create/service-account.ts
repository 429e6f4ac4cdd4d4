import type { Creator } from './create.ts';
import { MAPPINGS } from './mappings.ts';

export const serviceAccount: Creator = {
  name: 'serviceaccount',
  aliases: ['sa'],
  use: 'NAME [--dry-run=server|client|none] [options]',
  short: 'Create a service account with the specified name',
  failure: 'failed to create serviceaccount: ',
  mapping: MAPPINGS.serviceAccount,
  build: (name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } }),
};
