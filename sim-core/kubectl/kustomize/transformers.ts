import type { KubeObject } from '../../apimachinery/object.ts';
import type { Kustomization } from './kustomization.ts';

type Fields = { [name: string]: unknown };

/** Kinds without a namespace. */
const CLUSTER_SCOPED = new Set(
  `Namespace Node PersistentVolume StorageClass ClusterRole ClusterRoleBinding CustomResourceDefinition
   PriorityClass IngressClass RuntimeClass CSIDriver CSINode VolumeAttachment APIService
   MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy
   ValidatingAdmissionPolicyBinding CertificateSigningRequest FlowSchema PriorityLevelConfiguration`.split(
    /\s+/,
  ),
);
/** Kinds whose names stay as they are. */
const UNRENAMED = new Set(['Namespace', 'CustomResourceDefinition', 'APIService']);

/** Selectors that labels go into, and the templates beneath, by kind. */
const LABEL_PATHS: Readonly<Record<string, { selectors: readonly string[]; templates: readonly string[] }>> =
  {
    Service: { selectors: ['spec/selector'], templates: [] },
    ReplicationController: { selectors: ['spec/selector'], templates: ['spec/template/metadata/labels'] },
    Deployment: { selectors: ['spec/selector/matchLabels'], templates: ['spec/template/metadata/labels'] },
    ReplicaSet: { selectors: ['spec/selector/matchLabels'], templates: ['spec/template/metadata/labels'] },
    DaemonSet: { selectors: ['spec/selector/matchLabels'], templates: ['spec/template/metadata/labels'] },
    StatefulSet: { selectors: ['spec/selector/matchLabels'], templates: ['spec/template/metadata/labels'] },
    Job: { selectors: [], templates: ['spec/template/metadata/labels'] },
    CronJob: {
      selectors: [],
      templates: ['spec/jobTemplate/metadata/labels', 'spec/jobTemplate/spec/template/metadata/labels'],
    },
    PodDisruptionBudget: { selectors: ['spec/selector/matchLabels'], templates: [] },
    NetworkPolicy: { selectors: ['spec/podSelector/matchLabels'], templates: [] },
  };
const ANNOTATION_TEMPLATES: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(LABEL_PATHS).map(([kind, { templates }]) => [
    kind,
    templates.map((path) => path.replace(/labels$/, 'annotations')),
  ]),
);
const SCALED = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet']);

/** Adds `values` to the map at a path, making what is missing on the way. */
function addTo(object: KubeObject, path: string, values: Readonly<Record<string, string>>): void {
  let at = object as unknown as Fields;
  for (const step of path.split('/')) at = (at[step] ??= {}) as Fields;
  Object.assign(at, values);
}

function addLabels(
  object: KubeObject,
  pairs: Readonly<Record<string, string>>,
  selectors: boolean,
  templates: boolean,
): void {
  addTo(object, 'metadata/labels', pairs);
  const paths = LABEL_PATHS[object.kind ?? ''];
  if (selectors) for (const path of paths?.selectors ?? []) addTo(object, path, pairs);
  if (templates) for (const path of paths?.templates ?? []) addTo(object, path, pairs);
}

/** Does what the kustomization asks of every object: namespace, labels, annotations, images, replicas, names. */
export function transform(objects: readonly KubeObject[], kustomization: Kustomization): void {
  const { namespace, namePrefix = '', nameSuffix = '', commonLabels, commonAnnotations } = kustomization;
  for (const object of objects) {
    const original = object.metadata.name ?? '';
    if (namespace !== undefined) setNamespace(object, namespace);
    if (!UNRENAMED.has(object.kind ?? ''))
      object.metadata = { ...object.metadata, name: namePrefix + original + nameSuffix };
    for (const { pairs, includeSelectors = false, includeTemplates = false } of kustomization.labels ?? [])
      addLabels(object, pairs, includeSelectors, includeSelectors || includeTemplates);
    if (commonLabels !== undefined) addLabels(object, commonLabels, true, true);
    if (commonAnnotations !== undefined) {
      addTo(object, 'metadata/annotations', commonAnnotations);
      for (const path of ANNOTATION_TEMPLATES[object.kind ?? ''] ?? [])
        addTo(object, path, commonAnnotations);
    }
    for (const { name, count } of kustomization.replicas ?? []) {
      if (name === original && SCALED.has(object.kind ?? ''))
        (object.spec as { replicas?: number }).replicas = count;
    }
    if (kustomization.images !== undefined) setImages(object, kustomization.images);
  }
}

function setNamespace(object: KubeObject, namespace: string): void {
  if (object.kind === 'Namespace') object.metadata = { ...object.metadata, name: namespace };
  else if (!CLUSTER_SCOPED.has(object.kind ?? '')) object.metadata = { ...object.metadata, namespace };
}

/** Changes the images of all containers, wherever they stand. */
function setImages(value: unknown, images: NonNullable<Kustomization['images']>): void {
  if (Array.isArray(value)) return value.forEach((item) => setImages(item, images));
  if (typeof value !== 'object' || value === null) return;
  for (const [key, field] of Object.entries(value)) {
    if (/^(initC|ephemeralC|c)ontainers$/.test(key) && Array.isArray(field)) {
      for (const container of field as { image?: string }[]) {
        if (container.image !== undefined) container.image = imageOf(container.image, images);
      }
    } else setImages(field, images);
  }
}

function imageOf(image: string, images: NonNullable<Kustomization['images']>): string {
  const match = /^(.*?)(?::([^/:@]+))?(@[^/]+)?$/.exec(image)!;
  const [, name = '', tag, digest] = match;
  const change = images.find((candidate) => candidate.name === name);
  if (change === undefined) return image;
  const base = change.newName ?? name;
  if (change.digest !== undefined) return `${base}@${change.digest}`;
  if (change.newTag !== undefined) return `${base}:${change.newTag}`;
  return base + (tag === undefined ? '' : `:${tag}`) + (digest ?? '');
}
