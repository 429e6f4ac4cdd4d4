/** The one version of the simulated Kubernetes, and of what comes with it. */
export const KUBERNETES_VERSION = 'v1.36.4';
export const ETCD_VERSION = '3.6.6';
export const KUSTOMIZE_VERSION = 'v5.8.1';
export const GIT_COMMIT = '0000000000000000000000000000000000000000';
