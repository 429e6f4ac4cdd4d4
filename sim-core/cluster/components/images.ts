import type { Image } from '../../cri/containerd/image-registry.ts';
import { PUBLIC_IMAGES } from '../../cri/containerd/image-registry.ts';
import { server } from '../../cri/containerd/programs.ts';
import type { Program } from '../../node/program.ts';
import { IMAGES } from '../kubeadm/constants.ts';
import { etcdProgram } from './etcd.ts';
import { kubeApiserverProgram } from './kube-apiserver.ts';
import { deferredPrograms } from './deferred.ts';
import { PROCESS_SIZES } from './process-sizes.ts';
import type { ComponentServices } from './services.ts';

const MIB = 1024 * 1024;

/** Sizes of the cluster's images in bytes. */
const IMAGE_SIZES: Readonly<Record<Exclude<keyof typeof IMAGES, 'pause'>, number>> = {
  'kube-apiserver': 28 * MIB,
  'kube-controller-manager': 23 * MIB,
  'kube-scheduler': 17 * MIB,
  'kube-proxy': 25 * MIB,
  coredns: 22 * MIB,
  etcd: 22 * MIB,
};

/** Everything that the lab's registries hold: the public images, and the cluster's own with their programs. */
export function clusterImages(services: ComponentServices): readonly Image[] {
  const programs: Readonly<Record<keyof typeof IMAGE_SIZES, Program>> = {
    'kube-apiserver': kubeApiserverProgram(services),
    ...deferredPrograms(services),
    'kube-proxy': server,
    coredns: corednsProgram,
    etcd: etcdProgram(services),
  };
  const own = (Object.keys(IMAGE_SIZES) as (keyof typeof IMAGE_SIZES)[]).map((component): Image => {
    const [name, tag] = IMAGES[component].split(/:(?=[^/]*$)/) as [string, string];
    return {
      name,
      tags: new RegExp(`^${tag.replaceAll('.', '\\.')}$`),
      entrypoint: component === 'coredns' ? ['/coredns'] : [],
      command: component === 'coredns' ? [] : [component],
      program: programs[component],
      size: IMAGE_SIZES[component],
      ...PROCESS_SIZES[component],
    };
  });
  return [...PUBLIC_IMAGES, ...own];
}

/** Health and readiness of CoreDNS, by port. */
const COREDNS_PORTS: readonly { readonly port: number; readonly path: string }[] = [
  { port: 8080, path: '/health' },
  { port: 8181, path: '/ready' },
];

const corednsProgram: Program = async (environment) => {
  const { machine, address, killed } = environment;
  for (const { port, path } of COREDNS_PORTS) {
    const stop = machine.network.listen(address, port, {
      onceChanged: (asked) => (asked === path ? () => {} : undefined),
      handler: async (request) => ({
        status: request.path === path ? 200 : 404,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: request.path === path ? 'OK' : '404 page not found\n',
      }),
    });
    killed.onCancel(stop);
  }
  return server(environment);
};
