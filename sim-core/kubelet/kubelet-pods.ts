import type { Container, Pod, Service } from 'kubernetes-types/core/v1';
import type { SharedInformer } from '../client-go/tools/cache/shared-informer.ts';
import type { Context } from '../clock/context.ts';
import type { Machine } from '../node/machine.ts';
import { containerEnvironment } from './container-environment.ts';
import type { ContainerEnvironment } from './kuberuntime/container-config.ts';
import { ensureHostsFile, etcHostsPath, hostnameOf } from './network/etc-hosts.ts';
import { nodeResources } from './nodestatus/setters.ts';
import { isStaticPod } from './types.ts';
import type { ObjectCache } from './volumemanager/object-cache.ts';
import type { VolumeManager } from './volumemanager/volume-manager.ts';
import { podDirectory } from './volumemanager/volume-manager.ts';

export interface RunContainerOptionsConfig {
  readonly machine: Machine;
  readonly objects: ObjectCache;
  readonly volumes: VolumeManager;
  readonly services: SharedInformer<Service>;
  /** "cluster.local". */
  readonly clusterDomain: string;
  readonly context: Context;
}

/**
 * What a container sees of the outside: its variables and its mounts, those included that the kubelet adds
 * (/etc/hosts and the file of the termination message, which it makes). Rejects with a StartError.
 *
 * Models pkg/kubelet/kubelet_pods.go GenerateRunContainerOptions and kuberuntime makeMounts.
 */
export async function runContainerOptions(
  pod: Pod,
  container: Container,
  podIP: string,
  { machine, objects, volumes, services, clusterDomain, context }: RunContainerOptionsConfig,
): Promise<ContainerEnvironment> {
  const { files } = machine;
  if (!isStaticPod(pod)) await services.synced(context);
  const envs = await containerEnvironment(
    pod,
    container,
    {
      podIP,
      hostIP: machine.address,
      hostname: pod.spec?.hostNetwork === true ? machine.hostname : hostnameOf(pod),
      objects,
      allocatable: nodeResources(machine).allocatable,
      services: services.lister.list(),
    },
    context,
  );
  const mounts = volumes.mountsOf(pod, container, envs);
  const isMounted = (path: string) => mounts.some(({ containerPath }) => containerPath === path);
  if (!isMounted('/etc/hosts')) {
    ensureHostsFile(files, pod, podIP, clusterDomain);
    mounts.push({ hostPath: etcHostsPath(pod), containerPath: '/etc/hosts', readonly: false });
  }
  const logPath = container.terminationMessagePath ?? '/dev/termination-log';
  if (!isMounted(logPath)) {
    const directory = `${podDirectory(pod)}/containers/${container.name}`;
    files.makeDirectory(directory, { parents: true });
    const hostPath = `${directory}/${files.list(directory).length.toString(16).padStart(8, '0')}`;
    files.write(hostPath, '', { mode: 0o666 });
    mounts.push({ hostPath, containerPath: logPath, readonly: false });
  }
  return { envs, mounts };
}
