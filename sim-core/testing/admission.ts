import type { KubeObject } from '../apimachinery/object.ts';
import type { AdmissionAttributes } from '../apiserver/admission/plugin.ts';

type Given = Partial<Omit<AdmissionAttributes, 'resource' | 'kind'>> & {
  readonly resource: string;
  readonly group?: string;
  readonly kind?: string;
};

/** The attributes of a write: of an object's creation by an administrator, as far as nothing else is said. */
export function attributesOf({ resource, group = '', kind = '', ...given }: Given): AdmissionAttributes & {
  readonly warnings: string[];
} {
  const warnings: string[] = [];
  const object: KubeObject | undefined = given.object;
  return {
    operation: 'CREATE',
    kind: { group, version: 'v1', kind },
    resource: { group, version: 'v1', resource },
    subresource: '',
    namespace: object?.metadata.namespace ?? '',
    name: (object ?? given.oldObject)?.metadata.name ?? '',
    object: undefined,
    oldObject: undefined,
    options: {},
    dryRun: false,
    user: { name: 'admin', groups: ['system:masters'] },
    warn: (text) => warnings.push(text),
    warnings,
    ...given,
  };
}
