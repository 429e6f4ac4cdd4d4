import type { ConfigMap, Container, Pod, Secret } from 'kubernetes-types/core/v1';
import type { Context } from '../clock/context.ts';
import type { Mount } from '../cri/runtime-service.ts';
import type { ContainerEnvironment } from './kuberuntime/container-config.ts';
import { expand, podField } from './kuberuntime/container-config.ts';
import { StartError } from './kuberuntime/errors.ts';
import { nameOf, namespaceOf } from './types.ts';
import type { ObjectCache } from './volumemanager/object-cache.ts';
import { VolumeManager } from './volumemanager/volume-manager.ts';

/** How a pod finds the apiserver. Models the service environment variables of "kubernetes". */
export interface MasterService {
  readonly host: string;
  readonly port: number;
}

/**
 * Environment and mounts of one container. Rejects with a StartError when an object that the
 * environment names does not exist.
 *
 * Models pkg/kubelet/kubelet_pods.go makeEnvironmentVariables and makeMounts.
 */
export async function containerEnvironment(
  pod: Pod,
  container: Container,
  addresses: { readonly podIP: string; readonly hostIP: string },
  objects: ObjectCache,
  master: MasterService,
  context: Context,
): Promise<ContainerEnvironment> {
  const envs: Record<string, string> = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOSTNAME: pod.spec?.hostname ?? nameOf(pod),
    KUBERNETES_SERVICE_HOST: master.host,
    KUBERNETES_SERVICE_PORT: String(master.port),
    KUBERNETES_SERVICE_PORT_HTTPS: String(master.port),
  };
  const lookUp = async (
    kind: 'configMaps' | 'secrets',
    name: string | undefined,
    optional: boolean | undefined,
  ) => {
    const found = await objects.get(kind, namespaceOf(pod), name ?? '', context);
    if (found === undefined && optional !== true) {
      throw new StartError(
        'CreateContainerConfigError',
        `${kind === 'configMaps' ? 'configmap' : 'secret'} ${JSON.stringify(name ?? '')} not found`,
      );
    }
    return found;
  };
  for (const { prefix, configMapRef, secretRef } of container.envFrom ?? []) {
    const reference = configMapRef ?? secretRef;
    const found = await lookUp(configMapRef ? 'configMaps' : 'secrets', reference?.name, reference?.optional);
    for (const key of Object.keys(found?.data ?? {})) envs[`${prefix ?? ''}${key}`] = valueOf(found!, key)!;
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom === undefined) {
      envs[name] = expand(value ?? '', envs);
      continue;
    }
    const { fieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
    if (fieldRef !== undefined) {
      envs[name] = podField(pod, fieldRef.fieldPath, addresses);
      continue;
    }
    const reference = configMapKeyRef ?? secretKeyRef;
    if (reference === undefined) continue;
    const kind = configMapKeyRef ? 'configMaps' : 'secrets';
    const found = await lookUp(kind, reference.name, reference.optional);
    const text = found && valueOf(found, reference.key);
    if (text !== undefined) envs[name] = text;
    else if (reference.optional !== true) {
      throw new StartError(
        'CreateContainerConfigError',
        `couldn't find key ${reference.key} in ${configMapKeyRef ? 'ConfigMap' : 'Secret'} ${namespaceOf(pod)}/${reference.name}`,
      );
    }
  }
  return { envs, mounts: mountsOf(pod, container) };
}

function mountsOf(pod: Pod, container: Container): Mount[] {
  return (container.volumeMounts ?? []).flatMap(({ name, mountPath, subPath, readOnly }) => {
    const volume = (pod.spec!.volumes ?? []).find((candidate) => candidate.name === name);
    if (volume === undefined) return [];
    const hostPath = VolumeManager.hostPathOf(pod, volume);
    return [
      {
        hostPath: subPath === undefined ? hostPath : `${hostPath}/${subPath}`,
        containerPath: mountPath,
        readonly: readOnly ?? false,
      },
    ];
  });
}

/** A key's text; secrets hold theirs in base64. */
function valueOf(object: ConfigMap | Secret, key: string): string | undefined {
  const raw = object.data?.[key];
  if (raw === undefined || object.kind === 'ConfigMap' || !('type' in object)) return raw;
  return decodeBase64(raw);
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function decodeBase64(text: string): string {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of text) {
    const value = BASE64.indexOf(character);
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return decodeURIComponent(bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
}
