import { Containerd } from '../../cri/containerd/containerd.ts';
import { ImageStore } from '../../cri/containerd/image-store.ts';
import type { SavedPodNetwork } from '../../cri/containerd/pod-network.ts';
import { PodNetwork } from '../../cri/containerd/pod-network.ts';
import { server } from '../../cri/containerd/programs.ts';
import type { Machine } from '../../node/machine.ts';
import { deferred } from '../components/deferred.ts';
import { clusterImages } from '../components/images.ts';
import { PROCESS_SIZES } from '../components/process-sizes.ts';
import type { Foundation } from '../foundation.ts';

export interface NodeConfig {
  /** Images that are on the machine, by full name. */
  readonly images: readonly string[];
  /** Addresses of its pods that are given out. */
  readonly podNetwork?: SavedPodNetwork;
}

/** Container runtime and kubelet of one machine, loaded as services; nothing runs yet. */
export function installNode(foundation: Foundation, machine: Machine, config: NodeConfig): void {
  const { services } = foundation;
  const { clock, rand } = services;
  machine.files.makeDirectory('/lib/modules', { parents: true });
  const images = new ImageStore(clock, { images: clusterImages(services), present: config.images });
  const podNetwork = new PodNetwork(config.podNetwork);
  const containerd = new Containerd(
    clock,
    rand.fork(`containerd ${machine.hostname}`),
    machine,
    images,
    podNetwork,
  );
  foundation.runtimes.set(machine.hostname, { containerd, images, podNetwork });
  machine.services.load(
    {
      name: 'containerd.service',
      description: 'containerd container runtime',
      path: '/usr/lib/systemd/system/containerd.service',
      command: ['/usr/bin/containerd'],
      program: server,
      restart: 'always',
      restartDelay: 5000,
      ...PROCESS_SIZES.containerd,
    },
    { enabled: true },
  );
  machine.services.load(
    {
      name: 'kubelet.service',
      description: 'kubelet: The Kubernetes Node Agent',
      path: '/usr/lib/systemd/system/kubelet.service',
      command: [
        '/usr/bin/kubelet',
        '--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf',
        '--kubeconfig=/etc/kubernetes/kubelet.conf',
        '--config=/var/lib/kubelet/config.yaml',
        '--pod-infra-container-image=registry.k8s.io/pause:3.10.1',
      ],
      program: deferred(services, async () => {
        const { kubeletProgram } = await import('../components/kubelet.ts');
        return kubeletProgram(services, containerd, images);
      }),
      restart: 'always',
      restartDelay: 10_000,
      ...PROCESS_SIZES.kubelet,
    },
    { enabled: true },
  );
}
