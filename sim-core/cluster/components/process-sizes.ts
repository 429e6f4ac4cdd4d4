/** How a process of the cluster shows in ps: sizes in KiB, share of one CPU. */
export interface ProcessSize {
  readonly virtualSize: number;
  readonly residentSize: number;
  readonly load: number;
}

export const PROCESS_SIZES = {
  'kube-apiserver': { virtualSize: 1528340, residentSize: 325104, load: 0.031 },
  'kube-controller-manager': { virtualSize: 1319676, residentSize: 118400, load: 0.012 },
  'kube-scheduler': { virtualSize: 1289052, residentSize: 66304, load: 0.007 },
  'kube-proxy': { virtualSize: 1296512, residentSize: 57216, load: 0.001 },
  coredns: { virtualSize: 1287004, residentSize: 58112, load: 0.002 },
  etcd: { virtualSize: 11740612, residentSize: 61440, load: 0.017 },
  kubelet: { virtualSize: 2044396, residentSize: 98304, load: 0.014 },
  containerd: { virtualSize: 2003548, residentSize: 61184, load: 0.006 },
} as const satisfies Readonly<Record<string, ProcessSize>>;
