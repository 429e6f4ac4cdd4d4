import { parseApiVersion, type KubeObject } from '../../apimachinery/object.ts';

/** "pod/nginx", "deployment.apps/web". */
export function nameText(object: KubeObject): string {
  const { group } = parseApiVersion(object.apiVersion ?? '');
  const kind = (object.kind ?? '').toLowerCase();
  return `${group === '' ? kind : `${kind}.${group}`}/${object.metadata.name ?? '<unknown>'}`;
}
