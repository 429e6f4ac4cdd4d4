import type { Image } from '../../cri/containerd/image-registry.ts';
import { PUBLIC_IMAGES } from '../../cri/containerd/image-registry.ts';
import { server } from '../../cri/containerd/programs.ts';
import type { Program } from '../../node/program.ts';
import { IMAGES } from '../kubeadm/constants.ts';
import { etcdProgram } from './etcd.ts';
import { kubeApiserverProgram } from './kube-apiserver.ts';
import { kubeControllerManagerProgram } from './kube-controller-manager.ts';
import { kubeSchedulerProgram } from './kube-scheduler.ts';
import type { ComponentServices } from './services.ts';

const MIB = 1024 * 1024;

/** Sizes of the cluster's images, and of their processes (KiB) as ps shows them. */
const SIZES: Readonly<
  Record<Exclude<keyof typeof IMAGES, 'pause'>, { size: number; virtualSize: number; residentSize: number }>
> = {
  'kube-apiserver': { size: 28 * MIB, virtualSize: 1528340, residentSize: 325104 },
  'kube-controller-manager': { size: 23 * MIB, virtualSize: 1319676, residentSize: 118400 },
  'kube-scheduler': { size: 17 * MIB, virtualSize: 1289052, residentSize: 66304 },
  'kube-proxy': { size: 25 * MIB, virtualSize: 1296512, residentSize: 57216 },
  coredns: { size: 22 * MIB, virtualSize: 1287004, residentSize: 58112 },
  etcd: { size: 22 * MIB, virtualSize: 11740612, residentSize: 61440 },
};

/** Everything that the lab's registries hold: the public images, and the cluster's own with their programs. */
export function clusterImages(services: ComponentServices): readonly Image[] {
  const programs: Readonly<Record<keyof typeof SIZES, Program>> = {
    'kube-apiserver': kubeApiserverProgram(services),
    'kube-controller-manager': kubeControllerManagerProgram(services),
    'kube-scheduler': kubeSchedulerProgram(services),
    'kube-proxy': server,
    coredns: corednsProgram,
    etcd: etcdProgram(services),
  };
  const own = (Object.keys(SIZES) as (keyof typeof SIZES)[]).map((component): Image => {
    const [name, tag] = IMAGES[component].split(/:(?=[^/]*$)/) as [string, string];
    return {
      name,
      tags: new RegExp(`^${tag.replaceAll('.', '\\.')}$`),
      entrypoint: component === 'coredns' ? ['/coredns'] : [],
      command: component === 'coredns' ? [] : [component],
      program: programs[component],
      userland: false,
      ...SIZES[component],
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
