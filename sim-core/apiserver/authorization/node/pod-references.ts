import type { Container, PodSpec } from 'kubernetes-types/core/v1';

/** What a pod names, by the resource of what is named. */
export interface PodReferences {
  readonly secrets: ReadonlySet<string>;
  readonly configmaps: ReadonlySet<string>;
  readonly persistentvolumeclaims: ReadonlySet<string>;
  readonly serviceaccounts: ReadonlySet<string>;
}

/**
 * Finds what a kubelet needs to run a pod.
 * Models pkg/api/v1/pod/util.go VisitPodSecretNames and VisitPodConfigmapNames.
 */
export function podReferences(podName: string, spec: PodSpec): PodReferences {
  const secrets = new Set<string>();
  const configmaps = new Set<string>();
  const persistentvolumeclaims = new Set<string>();
  const add = (set: Set<string>, name: string | undefined) => {
    if (name) set.add(name);
  };
  for (const secret of spec.imagePullSecrets ?? []) add(secrets, secret.name);
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    addEnvironment(container, secrets, configmaps);
  }
  for (const container of spec.ephemeralContainers ?? []) addEnvironment(container, secrets, configmaps);
  for (const volume of spec.volumes ?? []) {
    add(secrets, volume.secret?.secretName);
    add(secrets, volume.csi?.nodePublishSecretRef?.name);
    add(secrets, volume.iscsi?.secretRef?.name);
    add(configmaps, volume.configMap?.name);
    add(persistentvolumeclaims, volume.persistentVolumeClaim?.claimName);
    if (volume.ephemeral) persistentvolumeclaims.add(`${podName}-${volume.name}`);
    for (const source of volume.projected?.sources ?? []) {
      add(secrets, source.secret?.name);
      add(configmaps, source.configMap?.name);
    }
  }
  const serviceaccounts = new Set(spec.serviceAccountName ? [spec.serviceAccountName] : []);
  return { secrets, configmaps, persistentvolumeclaims, serviceaccounts };
}

function addEnvironment(
  { env, envFrom }: Pick<Container, 'env' | 'envFrom'>,
  secrets: Set<string>,
  configmaps: Set<string>,
): void {
  for (const { valueFrom } of env ?? []) {
    if (valueFrom?.secretKeyRef?.name) secrets.add(valueFrom.secretKeyRef.name);
    if (valueFrom?.configMapKeyRef?.name) configmaps.add(valueFrom.configMapKeyRef.name);
  }
  for (const { secretRef, configMapRef } of envFrom ?? []) {
    if (secretRef?.name) secrets.add(secretRef.name);
    if (configMapRef?.name) configmaps.add(configMapRef.name);
  }
}
