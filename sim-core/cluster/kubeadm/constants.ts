import { ETCD_VERSION, KUBERNETES_VERSION } from '../../version.ts';

/** The lab's machines: the control plane, and its workers from node01 on. */
export const CONTROL_PLANE = { hostname: 'controlplane', address: '172.30.1.2' } as const;
export const workerMachine = (index: number) => ({
  hostname: `node${String(index + 1).padStart(2, '0')}`,
  address: `172.30.${index + 2}.2`,
});

export const API_SERVER_PORT = 6443;
export const SERVICE_SUBNET = '10.96.0.0/12';
export const KUBERNETES_SERVICE_ADDRESS = '10.96.0.1';
export const DNS_ADDRESS = '10.96.0.10';
export const DNS_DOMAIN = 'cluster.local';
export const POD_SUBNET = '192.168.0.0/16';

const REGISTRY = 'registry.k8s.io';
/** Images by component, with the tags that kubeadm of this version takes. */
export const IMAGES = {
  'kube-apiserver': `${REGISTRY}/kube-apiserver:${KUBERNETES_VERSION}`,
  'kube-controller-manager': `${REGISTRY}/kube-controller-manager:${KUBERNETES_VERSION}`,
  'kube-scheduler': `${REGISTRY}/kube-scheduler:${KUBERNETES_VERSION}`,
  'kube-proxy': `${REGISTRY}/kube-proxy:${KUBERNETES_VERSION}`,
  coredns: `${REGISTRY}/coredns/coredns:v1.13.1`,
  etcd: `${REGISTRY}/etcd:${ETCD_VERSION}-0`,
  pause: `${REGISTRY}/pause:3.10.1`,
} as const;

export const PKI_DIRECTORY = '/etc/kubernetes/pki';
export const MANIFESTS_DIRECTORY = '/etc/kubernetes/manifests';
