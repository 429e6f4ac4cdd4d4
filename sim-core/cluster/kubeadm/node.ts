import { RestClient } from '../../client-go/rest/client.ts';
import { Containerd } from '../../cri/containerd/containerd.ts';
import type { Image } from '../../cri/containerd/image-registry.ts';
import { ImageStore } from '../../cri/containerd/image-store.ts';
import { PodNetwork } from '../../cri/containerd/pod-network.ts';
import { cancelled, server } from '../../cri/containerd/programs.ts';
import { Kubelet } from '../../kubelet/kubelet.ts';
import type { Machine } from '../../node/machine.ts';
import type { Program } from '../../node/program.ts';
import { KUBERNETES_VERSION } from '../../version.ts';
import { klogLine } from '../components/klog.ts';
import { PROCESS_SIZES } from '../components/process-sizes.ts';
import { restConfigFrom } from '../components/kubeconfig.ts';
import type { ComponentServices } from '../components/services.ts';
import { traceComponent } from '../components/services.ts';
import { KUBERNETES_SERVICE_ADDRESS, MANIFESTS_DIRECTORY } from './constants.ts';

export interface NodeHostConfig {
  readonly images: readonly Image[];
  /** Images that are on the machine from the start. */
  readonly present: readonly string[];
}

/** Container runtime and kubelet of one machine, loaded as services; nothing runs yet. */
export function installNode(
  services: ComponentServices,
  machine: Machine,
  { images, present }: NodeHostConfig,
): Containerd {
  const { clock, rand } = services;
  const store = new ImageStore(clock, { images, present });
  const runtime = new Containerd(
    clock,
    rand.fork(`containerd ${machine.hostname}`),
    machine,
    store,
    new PodNetwork(),
  );
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
  const ids = { machineID: idText(rand, ''), systemUUID: rand.uuid(), bootID: rand.uuid() };
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
      program: kubeletProgram(services, runtime, store, ids),
      restart: 'always',
      restartDelay: 10_000,
      ...PROCESS_SIZES.kubelet,
    },
    { enabled: true },
  );
  return runtime;
}

function idText(rand: ComponentServices['rand'], separator: string): string {
  return rand.uuid().replaceAll('-', separator);
}

/** The program `kubelet`. */
function kubeletProgram(
  services: ComponentServices,
  runtime: Containerd,
  images: ImageStore,
  ids: { machineID: string; systemUUID: string; bootID: string },
): Program {
  return async (environment) => {
    const { clock, machine, terminated, killed, stderr } = environment;
    const rest = restConfigFrom(
      services,
      environment,
      '/etc/kubernetes/kubelet.conf',
      `kubelet/${KUBERNETES_VERSION} (linux/amd64) kubernetes/$Format`,
    );
    if ('problem' in rest) {
      stderr(
        klogLine(
          'E',
          clock.now(),
          'run.go:72',
          `"command failed" err="failed to run Kubelet: ${rest.problem}"`,
        ),
      );
      return 1;
    }
    traceComponent(services, 'kubelet', environment);
    const kubelet = new Kubelet(
      {
        clock,
        rand: services.rand.fork(`kubelet ${machine.hostname}`),
        machine,
        client: new RestClient(rest),
        runtime,
        images,
        tracer: services.tracer,
        log: (message) => stderr(klogLine('E', clock.now(), 'file.go:187', message)),
      },
      {
        nodeName: machine.hostname,
        staticPodPath: MANIFESTS_DIRECTORY,
        taints: [],
        ids,
        master: { host: KUBERNETES_SERVICE_ADDRESS, port: 443 },
      },
      killed,
    );
    void kubelet.run();
    await cancelled(terminated);
    return 0;
  };
}
