import type { KubeObject } from '../../../apimachinery/object.ts';

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: Record<string, Record<string, unknown>>;
}
export interface Container {
  name: string;
  image?: string;
  env?: EnvVar[];
  resources?: { limits?: Record<string, string>; requests?: Record<string, string> };
}
export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  serviceAccountName?: string;
  serviceAccount?: string;
}

/** The pod spec of a pod, or of the template of a workload; throws for other kinds. */
export function podSpecOf(object: KubeObject): PodSpec {
  const found = findPodSpec(object);
  if (found === undefined)
    throw new Error(`the object is not a pod or does not have a pod template: *v1.${object.kind}`);
  return found;
}

/** Is it a pod, or does it make some? */
export function hasPodSpec(object: KubeObject): boolean {
  return findPodSpec(object) !== undefined;
}

function findPodSpec(object: KubeObject): PodSpec | undefined {
  const spec = object.spec as
    { template?: { spec: PodSpec }; jobTemplate?: { spec: { template: { spec: PodSpec } } } } | undefined;
  return (
    spec?.template?.spec ??
    spec?.jobTemplate?.spec.template.spec ??
    (object.kind === 'Pod' ? (spec as unknown as PodSpec) : undefined)
  );
}

/** The containers whose name matches `pattern`, init containers first. */
export function containersOf(spec: PodSpec, pattern: string): Container[] {
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  const matches = new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  return all.filter(({ name }) => matches.test(name));
}
