import type { KubeObject } from '../../apimachinery/object.ts';

/** What an object was called where it was written, and what it is called now. */
export interface Renamed {
  readonly kind: string;
  readonly original: string;
  readonly object: KubeObject;
}

interface Reference {
  /** The field that holds the referring object, or a list of them. */
  readonly holder: string;
  readonly field: string;
  /** The kind that is referred to; missing: the referring object says it in its `kind`. */
  readonly kind?: string;
}

/** Where the names of other objects stand. Models kustomize's builtin nameReference configuration. */
const REFERENCES: readonly Reference[] = [
  { holder: 'configMap', field: 'name', kind: 'ConfigMap' },
  { holder: 'configMapRef', field: 'name', kind: 'ConfigMap' },
  { holder: 'configMapKeyRef', field: 'name', kind: 'ConfigMap' },
  { holder: 'secret', field: 'secretName', kind: 'Secret' },
  { holder: 'secret', field: 'name', kind: 'Secret' },
  { holder: 'secretRef', field: 'name', kind: 'Secret' },
  { holder: 'secretKeyRef', field: 'name', kind: 'Secret' },
  { holder: 'imagePullSecrets', field: 'name', kind: 'Secret' },
  { holder: 'secrets', field: 'name', kind: 'Secret' },
  { holder: 'tls', field: 'secretName', kind: 'Secret' },
  { holder: 'persistentVolumeClaim', field: 'claimName', kind: 'PersistentVolumeClaim' },
  { holder: 'service', field: 'name', kind: 'Service' },
  { holder: 'spec', field: 'serviceName', kind: 'Service' },
  { holder: 'spec', field: 'serviceAccountName', kind: 'ServiceAccount' },
  { holder: 'spec', field: 'volumeName', kind: 'PersistentVolume' },
  { holder: 'spec', field: 'priorityClassName', kind: 'PriorityClass' },
  { holder: 'spec', field: 'storageClassName', kind: 'StorageClass' },
  { holder: 'roleRef', field: 'name' },
  { holder: 'subjects', field: 'name' },
  { holder: 'scaleTargetRef', field: 'name' },
];

/** Makes references follow the objects that were renamed. */
export function updateReferences(objects: readonly KubeObject[], renamed: readonly Renamed[]): void {
  for (const object of objects) visit(object, renamed, object.metadata.namespace);
}

function visit(value: unknown, renamed: readonly Renamed[], namespace: string | undefined): void {
  if (Array.isArray(value)) return value.forEach((item) => visit(item, renamed, namespace));
  if (typeof value !== 'object' || value === null) return;
  for (const [holder, field] of Object.entries(value)) {
    for (const reference of REFERENCES) {
      if (reference.holder !== holder) continue;
      for (const one of Array.isArray(field) ? field : [field]) update(one, reference, renamed, namespace);
    }
    visit(field, renamed, namespace);
  }
}

function update(
  holder: unknown,
  { field, kind }: Reference,
  renamed: readonly Renamed[],
  namespace: string | undefined,
): void {
  if (typeof holder !== 'object' || holder === null) return;
  const fields = holder as Record<string, unknown>;
  const wanted = kind ?? fields.kind;
  const found = renamed.find((one) => one.kind === wanted && one.original === fields[field]);
  if (found !== undefined) {
    fields[field] = found.object.metadata.name;
    // A subject says where its service account lives.
    if (wanted === 'ServiceAccount' && kind === undefined && found.object.metadata.namespace !== undefined)
      fields.namespace = found.object.metadata.namespace;
  } else if (
    wanted === 'ServiceAccount' &&
    kind === undefined &&
    fields[field] === 'default' &&
    namespace !== undefined
  ) {
    fields.namespace = namespace;
  }
}
