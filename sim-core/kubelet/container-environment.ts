import type { Container, Pod, Service } from 'kubernetes-types/core/v1';
import type { Context } from '../clock/context.ts';
import type { Allocatable } from './field-path.ts';
import { podField, resourceField } from './field-path.ts';
import { expand } from './kuberuntime/container-config.ts';
import { StartError } from './kuberuntime/errors.ts';
import { serviceEnvironment } from './service-environment.ts';
import { namespaceOf } from './types.ts';
import type { ObjectCache } from './volumemanager/object-cache.ts';
import { dataOf } from './volumemanager/object-data.ts';

/** Where a container's environment comes from, beside its pod. */
export interface EnvironmentSources {
  readonly podIP: string;
  readonly hostIP: string;
  readonly hostname: string;
  readonly objects: ObjectCache;
  readonly allocatable: Allocatable;
  /** All Services that the kubelet knows. */
  readonly services: readonly Service[];
}

/**
 * Environment of one container. Rejects with a StartError when an object or a key that it names does not
 * exist.
 *
 * Models pkg/kubelet/kubelet_pods.go makeEnvironmentVariables.
 */
export async function containerEnvironment(
  pod: Pod,
  container: Container,
  sources: EnvironmentSources,
  context: Context,
): Promise<Record<string, string>> {
  const namespace = namespaceOf(pod);
  const envs: Record<string, string> = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOSTNAME: sources.hostname,
  };
  const lookUp = async (
    kind: 'configMaps' | 'secrets',
    name: string | undefined,
    optional: boolean | undefined,
  ) => {
    const found = await sources.objects.get(kind, namespace, name ?? '', context);
    if (found === undefined && optional !== true && !context.cancelled) {
      throw new StartError(
        'CreateContainerConfigError',
        `${kind === 'configMaps' ? 'configmap' : 'secret'} ${JSON.stringify(name ?? '')} not found`,
      );
    }
    return found && dataOf(found, kind);
  };
  const own: Record<string, string> = {};
  for (const { prefix, configMapRef, secretRef } of container.envFrom ?? []) {
    const reference = configMapRef ?? secretRef;
    const data = await lookUp(configMapRef ? 'configMaps' : 'secrets', reference?.name, reference?.optional);
    for (const [key, value] of Object.entries(data ?? {})) own[`${prefix ?? ''}${key}`] = value;
  }
  const links = servicesOf(pod, sources.services);
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom === undefined) {
      own[name] = expand(value ?? '', { ...links, ...own });
      continue;
    }
    const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
    if (fieldRef !== undefined) own[name] = podField(pod, fieldRef.fieldPath, sources);
    else if (resourceFieldRef !== undefined) {
      own[name] = resourceField(pod, container, resourceFieldRef, sources.allocatable);
    }
    const reference = configMapKeyRef ?? secretKeyRef;
    if (reference === undefined) continue;
    const data = await lookUp(configMapKeyRef ? 'configMaps' : 'secrets', reference.name, reference.optional);
    const text = data?.[reference.key];
    if (text !== undefined) own[name] = text;
    else if (reference.optional !== true && !context.cancelled) {
      throw new StartError(
        'CreateContainerConfigError',
        `couldn't find key ${reference.key} in ${configMapKeyRef ? 'ConfigMap' : 'Secret'} ${namespace}/${reference.name}`,
      );
    }
  }
  const all = { ...envs, ...own };
  for (const [name, value] of Object.entries(links)) if (!(name in own)) all[name] = value;
  return all;
}

/** The Services of the pod's namespace, if it wants them, and always that of the apiserver. */
function servicesOf(pod: Pod, services: readonly Service[]): Record<string, string> {
  const namespace = namespaceOf(pod);
  const linked = pod.spec?.enableServiceLinks ?? true;
  const isMaster = ({ metadata }: Service) =>
    metadata?.namespace === 'default' && metadata.name === 'kubernetes';
  const chosen = services.filter(
    (service) => isMaster(service) || (linked && service.metadata?.namespace === namespace),
  );
  // A Service of the pod's own namespace comes before one of the same name elsewhere.
  chosen.sort(
    (a, b) => Number(a.metadata?.namespace === namespace) - Number(b.metadata?.namespace === namespace),
  );
  return serviceEnvironment(chosen);
}
