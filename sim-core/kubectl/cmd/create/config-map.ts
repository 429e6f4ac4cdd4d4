import type { KubeObject } from '../../../apimachinery/object.ts';
import type { Creator } from './create.ts';
import { keyValueSources, SOURCE_FLAGS, withHash } from './key-values.ts';
import { MAPPINGS } from './mappings.ts';

export const configMap: Creator = {
  name: 'configmap',
  aliases: ['cm'],
  use: 'NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none] [options]',
  short: 'Create a config map from a local file, directory or literal value',
  failure: 'failed to create configmap: ',
  mapping: MAPPINGS.configMap,
  flags: SOURCE_FLAGS,
  build(name, parsed, invocation) {
    const data = keyValueSources(name, parsed, invocation, 'ConfigMap');
    const object: KubeObject = {
      apiVersion: 'v1',
      ...(Object.keys(data).length > 0 && { data }),
      kind: 'ConfigMap',
      metadata: { name },
    };
    return withHash(object, parsed.flags, invocation);
  },
};
