import type { KubeObject } from '../../../apimachinery/object.ts';
import { Quantity } from '../../../apimachinery/quantity/quantity.ts';
import { decodeBase64 } from '../../../crypto/encoding/base64.ts';
import { decodeUtf8 } from '../../../crypto/encoding/utf8.ts';
import type { Invocation } from '../../invocation.ts';
import { Helper } from '../../resource/helper.ts';
import { MAPPINGS } from '../create/mappings.ts';
import type { Container, EnvVar } from './pod-spec.ts';

interface Keyed {
  readonly name: string;
  readonly key: string;
}

/**
 * What a variable's reference stands for: the value of a key of a secret or config map, of a field of the object or of
 * a container's resource. Rejects with kubectl's words for what is not there.
 * Models pkg/cmd/set/env GetEnvVarRefValue.
 */
export async function resolveReference(
  invocation: Invocation,
  { valueFrom = {} }: EnvVar,
  object: KubeObject,
  container: Container,
): Promise<string> {
  const { secretKeyRef, configMapKeyRef, fieldRef, resourceFieldRef } = valueFrom as {
    secretKeyRef?: Keyed;
    configMapKeyRef?: Keyed;
    fieldRef?: { fieldPath: string };
    resourceFieldRef?: { resource: string; divisor?: string };
  };
  const client = invocation.factory.client();
  const namespace = object.metadata.namespace ?? '';
  if (secretKeyRef !== undefined) {
    const { name, key } = secretKeyRef;
    const secret = await new Helper(client, MAPPINGS.secret).get(namespace, name);
    const encoded = (secret.data as Record<string, string> | undefined)?.[key];
    if (encoded === undefined) throw new Error(`key ${key} not found in secret ${name}`);
    return decodeUtf8(decodeBase64(encoded) ?? new Uint8Array());
  }
  if (configMapKeyRef !== undefined) {
    const { name, key } = configMapKeyRef;
    const map = await new Helper(client, MAPPINGS.configMap).get(namespace, name);
    const value = (map.data as Record<string, string> | undefined)?.[key];
    if (value === undefined) throw new Error(`key ${key} not found in config map ${name}`);
    return value;
  }
  if (fieldRef !== undefined) return fieldText(object, fieldRef.fieldPath);
  if (resourceFieldRef !== undefined) return resourceText(container, resourceFieldRef);
  throw new Error('invalid valueFrom');
}

/** Models pkg/cmd/set/env extractFieldPathAsString. */
function fieldText({ metadata }: KubeObject, path: string): string {
  const subscript = /^metadata\.(annotations|labels)\['(.*)'\]$/.exec(path);
  if (subscript !== null) return metadata[subscript[1] as 'annotations' | 'labels']?.[subscript[2]!] ?? '';
  switch (path) {
    case 'metadata.annotations':
      return mapText(metadata.annotations);
    case 'metadata.labels':
      return mapText(metadata.labels);
    case 'metadata.name':
    case 'metadata.namespace':
    case 'metadata.uid':
      return metadata[path.slice('metadata.'.length) as 'name' | 'namespace' | 'uid'] ?? '';
    default:
      throw new Error(`unsupported fieldPath: ${path}`);
  }
}

function mapText(map: Readonly<Record<string, string>> = {}): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n');
}

/** Models pkg/cmd/set/env extractContainerResourceValue. */
function resourceText(
  { resources = {} }: Container,
  { resource, divisor = '1' }: { readonly resource: string; readonly divisor?: string },
): string {
  const [kind = '', name = ''] = resource.split('.');
  const list = { limits: resources.limits, requests: resources.requests }[kind];
  if (!/^(cpu|memory|ephemeral-storage)$/.test(name) || !(kind === 'limits' || kind === 'requests'))
    throw new Error(`Unsupported container resource : ${resource}`);
  const unit = Quantity.parse(divisor === '0' ? '1' : divisor);
  const amount = Quantity.parse(list?.[name] ?? '0');
  const [value, of] =
    name === 'cpu' ? [amount.milliValue(), unit.milliValue()] : [amount.value(), unit.value()];
  return String(Math.ceil(value / of));
}
