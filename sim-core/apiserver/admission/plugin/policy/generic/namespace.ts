import type { KubeObject } from '../../../../../apimachinery/object.ts';
import { notFoundError } from '../../../../../apimachinery/status.ts';
import type { ObjectReader } from '../../../../registry/rest/object-store.ts';
import type { AdmissionAttributes } from '../../../plugin.ts';

const NAMESPACES = { group: '', resource: 'namespaces' };

/** The namespace that a request is in; undefined for what is in none. Rejects with 404. */
export async function namespaceOf(
  { namespace, kind }: AdmissionAttributes,
  reader: ObjectReader,
): Promise<KubeObject | undefined> {
  const isNamespace = kind.group === '' && kind.kind === 'Namespace';
  if (namespace === '' || isNamespace) return undefined;
  const found = await reader.get(NAMESPACES, '', namespace);
  if (found === undefined) throw notFoundError(NAMESPACES, namespace);
  return found;
}
