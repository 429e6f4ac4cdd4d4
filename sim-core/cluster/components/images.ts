import type { Image } from '../../cri/containerd/image.ts';
import { PAUSE } from '../../cri/containerd/image.ts';
import type { Program } from '../../node/program.ts';
import { ClusterEtcdNetwork } from '../etcd-network.ts';
import { IMAGES } from '../kubeadm/constants.ts';
import { etcdProgram } from './etcd.ts';
import { kubeApiserverProgram } from './kube-apiserver.ts';
import { deferred, deferredPrograms } from './deferred.ts';
import { PROCESS_SIZES } from './process-sizes.ts';
import { programOf } from './shell-command.ts';
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

/** What the image of etcd has beside it, in /usr/local/bin. */
const etcdTools = (services: ComponentServices): Readonly<Record<string, Program>> => ({
  etcdctl: deferred(services, async () => {
    const { createEtcdctl } = await import('../../etcdctl/etcdctl.ts');
    return programOf(createEtcdctl({ network: new ClusterEtcdNetwork(services) }));
  }),
  etcdutl: deferred(services, async () =>
    programOf((await import('../../etcdutl/etcdutl.ts')).createEtcdutl()),
  ),
});

/** The images that every machine of the cluster has from the start, with their programs. */
export function clusterImages(services: ComponentServices): readonly Image[] {
  const programs: Readonly<Record<keyof typeof IMAGE_SIZES, Program>> = {
    'kube-apiserver': kubeApiserverProgram(services),
    ...deferredPrograms(services),
    'kube-proxy': deferred(services, async () =>
      (await import('../addons/kube-proxy.ts')).kubeProxyProgram(services),
    ),
    coredns: deferred(services, async () => (await import('../addons/coredns.ts')).corednsProgram(services)),
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
      ...(component === 'etcd' && { executables: etcdTools(services) }),
      size: IMAGE_SIZES[component],
      ...PROCESS_SIZES[component],
    };
  });
  return [PAUSE, ...own];
}
