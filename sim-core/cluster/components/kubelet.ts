import { RestClient } from '../../client-go/rest/client.ts';
import type { Containerd } from '../../cri/containerd/containerd.ts';
import type { ImageStore } from '../../cri/containerd/image-store.ts';
import { cancelled } from '../../cri/containerd/programs.ts';
import { Kubelet } from '../../kubelet/kubelet.ts';
import type { Program } from '../../node/program.ts';
import { KUBERNETES_VERSION } from '../../version.ts';
import { KUBERNETES_SERVICE_ADDRESS, MANIFESTS_DIRECTORY } from '../kubeadm/constants.ts';
import { readMachineIds } from '../kubeadm/machine-ids.ts';
import { klogLine } from './klog.ts';
import { restConfigFrom } from './kubeconfig.ts';
import type { ComponentServices } from './services.ts';
import { traceComponent } from './services.ts';

/** The program `kubelet`. */
export function kubeletProgram(
  services: ComponentServices,
  runtime: Containerd,
  images: ImageStore,
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
        ids: readMachineIds(machine.files),
        master: { host: KUBERNETES_SERVICE_ADDRESS, port: 443 },
        resumed: environment.resumed,
      },
      killed,
    );
    void kubelet.run();
    await cancelled(terminated);
    return 0;
  };
}
