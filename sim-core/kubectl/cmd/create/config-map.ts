import type { KubeObject } from '../../../apimachinery/object.ts';
import { isEscape } from '../../../crypto/encoding/byte-text.ts';
import { encodeBase64 } from '../../util/base64.ts';
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
    const sources = Object.entries(keyValueSources(name, parsed, invocation, 'ConfigMap'));
    const data = Object.fromEntries(sources.filter(([, text]) => isText(text)));
    const binaryData = Object.fromEntries(
      sources.filter(([, text]) => !isText(text)).map(([key, text]) => [key, encodeBase64(text)]),
    );
    const object: KubeObject = {
      apiVersion: 'v1',
      ...(Object.keys(binaryData).length > 0 && { binaryData }),
      ...(Object.keys(data).length > 0 && { data }),
      kind: 'ConfigMap',
      metadata: { name },
    };
    return withHash(object, parsed.flags, invocation);
  },
};

/** False for bytes that are no UTF-8. */
function isText(content: string): boolean {
  return ![...content].some((character) => isEscape(character.codePointAt(0)!));
}
