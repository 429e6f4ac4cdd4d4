import { inFieldOrder } from '../../apimachinery/json/field-order.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { parseApiVersion } from '../../apimachinery/object.ts';
import { inStructureOrder } from '../../apimachinery/schema/structure-order.ts';
import { schemaOfKind } from './schema.ts';

/**
 * The object as Go's structures write it: fields in the order of their declaration.
 * Objects of kinds that have no structure keep their order below the metadata.
 */
export function typedObject(object: KubeObject): KubeObject {
  const { apiVersion = '', kind = '' } = object;
  const schema = schemaOfKind({ ...parseApiVersion(apiVersion), kind });
  const plain = JSON.parse(JSON.stringify(object)) as KubeObject;
  return schema === undefined ? inFieldOrder(plain) : inStructureOrder(plain, schema);
}
