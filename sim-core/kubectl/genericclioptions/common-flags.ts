import type { Flag } from '../cobra/flags.ts';

// Groups of flags that several verbs share, as pkg/cmd/util adds them.

export const FILENAME_FLAGS: readonly Flag[] = [
  { name: 'filename', shorthand: 'f', type: 'stringSlice' },
  { name: 'kustomize', shorthand: 'k', type: 'string' },
  { name: 'recursive', shorthand: 'R', type: 'bool', default: 'false' },
];

export const SELECTOR_FLAG: Flag = { name: 'selector', shorthand: 'l', type: 'string' };
export const FIELD_SELECTOR_FLAG: Flag = { name: 'field-selector', type: 'string' };
export const ALL_NAMESPACES_FLAG: Flag = {
  name: 'all-namespaces',
  shorthand: 'A',
  type: 'bool',
  default: 'false',
};
export const CHUNK_SIZE_FLAG: Flag = { name: 'chunk-size', type: 'int', default: '500' };
export const SUBRESOURCE_FLAG: Flag = { name: 'subresource', type: 'string' };
export const DRY_RUN_FLAG: Flag = {
  name: 'dry-run',
  type: 'string',
  default: 'none',
  noOptionDefault: 'unchanged',
};
export const VALIDATE_FLAG: Flag = {
  name: 'validate',
  type: 'string',
  default: 'strict',
  noOptionDefault: 'strict',
};
export const SAVE_CONFIG_FLAG: Flag = { name: 'save-config', type: 'bool', default: 'false' };

/** Models genericclioptions RecordFlags. */
export const RECORD_FLAG: Flag = {
  name: 'record',
  type: 'bool',
  default: 'false',
  deprecated: '--record will be removed in the future',
};

export function fieldManagerFlag(manager: string): Flag {
  return { name: 'field-manager', type: 'string', default: manager };
}

/** -o and what goes with it, for verbs that print objects. */
export const PRINT_FLAGS: readonly Flag[] = [
  { name: 'allow-missing-template-keys', type: 'bool', default: 'true' },
  { name: 'output', shorthand: 'o', type: 'string' },
  { name: 'show-managed-fields', type: 'bool', default: 'false' },
  { name: 'template', type: 'string' },
];

/** Flags of the verbs under `create` and of `run`. */
export const CREATE_FLAGS: readonly Flag[] = [
  ...PRINT_FLAGS,
  DRY_RUN_FLAG,
  SAVE_CONFIG_FLAG,
  VALIDATE_FLAG,
  fieldManagerFlag('kubectl-create'),
];
