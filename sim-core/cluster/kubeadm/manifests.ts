import type { Container, Pod, Probe, Volume, VolumeMount } from 'kubernetes-types/core/v1';
import { CONTROL_PLANE, IMAGES, PKI_DIRECTORY, POD_SUBNET, SERVICE_SUBNET } from './constants.ts';
import { toYaml } from '../../apimachinery/json/yaml-writer.ts';

const PKI = PKI_DIRECTORY;
const { hostname, address } = CONTROL_PLANE;

/** Flags of each component, in kubeadm's (alphabetical) order. */
const FLAGS = {
  etcd: [
    `--advertise-client-urls=https://${address}:2379`,
    `--cert-file=${PKI}/etcd/server.crt`,
    '--client-cert-auth=true',
    '--data-dir=/var/lib/etcd',
    '--feature-gates=InitialCorruptCheck=true',
    `--initial-advertise-peer-urls=https://${address}:2380`,
    `--initial-cluster=${hostname}=https://${address}:2380`,
    `--key-file=${PKI}/etcd/server.key`,
    `--listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`,
    '--listen-metrics-urls=http://127.0.0.1:2381',
    `--listen-peer-urls=https://${address}:2380`,
    `--name=${hostname}`,
    `--peer-cert-file=${PKI}/etcd/peer.crt`,
    '--peer-client-cert-auth=true',
    `--peer-key-file=${PKI}/etcd/peer.key`,
    `--peer-trusted-ca-file=${PKI}/etcd/ca.crt`,
    '--snapshot-count=10000',
    `--trusted-ca-file=${PKI}/etcd/ca.crt`,
    '--watch-progress-notify-interval=5s',
  ],
  'kube-apiserver': [
    `--advertise-address=${address}`,
    '--allow-privileged=true',
    '--authorization-mode=Node,RBAC',
    `--client-ca-file=${PKI}/ca.crt`,
    '--enable-admission-plugins=NodeRestriction',
    '--enable-bootstrap-token-auth=true',
    `--etcd-cafile=${PKI}/etcd/ca.crt`,
    `--etcd-certfile=${PKI}/apiserver-etcd-client.crt`,
    `--etcd-keyfile=${PKI}/apiserver-etcd-client.key`,
    '--etcd-servers=https://127.0.0.1:2379',
    `--kubelet-client-certificate=${PKI}/apiserver-kubelet-client.crt`,
    `--kubelet-client-key=${PKI}/apiserver-kubelet-client.key`,
    '--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname',
    `--proxy-client-cert-file=${PKI}/front-proxy-client.crt`,
    `--proxy-client-key-file=${PKI}/front-proxy-client.key`,
    '--requestheader-allowed-names=front-proxy-client',
    `--requestheader-client-ca-file=${PKI}/front-proxy-ca.crt`,
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-username-headers=X-Remote-User',
    '--secure-port=6443',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${PKI}/sa.pub`,
    `--service-account-signing-key-file=${PKI}/sa.key`,
    `--service-cluster-ip-range=${SERVICE_SUBNET}`,
    `--tls-cert-file=${PKI}/apiserver.crt`,
    `--tls-private-key-file=${PKI}/apiserver.key`,
  ],
  'kube-controller-manager': [
    '--allocate-node-cidrs=true',
    '--authentication-kubeconfig=/etc/kubernetes/controller-manager.conf',
    '--authorization-kubeconfig=/etc/kubernetes/controller-manager.conf',
    '--bind-address=127.0.0.1',
    `--client-ca-file=${PKI}/ca.crt`,
    `--cluster-cidr=${POD_SUBNET}`,
    '--cluster-name=kubernetes',
    `--cluster-signing-cert-file=${PKI}/ca.crt`,
    `--cluster-signing-key-file=${PKI}/ca.key`,
    '--controllers=*,bootstrapsigner,tokencleaner',
    '--kubeconfig=/etc/kubernetes/controller-manager.conf',
    '--leader-elect=true',
    `--requestheader-client-ca-file=${PKI}/front-proxy-ca.crt`,
    `--root-ca-file=${PKI}/ca.crt`,
    `--service-account-private-key-file=${PKI}/sa.key`,
    `--service-cluster-ip-range=${SERVICE_SUBNET}`,
    '--use-service-account-credentials=true',
  ],
  'kube-scheduler': [
    '--authentication-kubeconfig=/etc/kubernetes/scheduler.conf',
    '--authorization-kubeconfig=/etc/kubernetes/scheduler.conf',
    '--bind-address=127.0.0.1',
    '--kubeconfig=/etc/kubernetes/scheduler.conf',
    '--leader-elect=true',
  ],
} as const;

type ControlPlaneComponent = keyof typeof FLAGS;

/** In the order in which kubeadm writes the manifests. */
export const CONTROL_PLANE_COMPONENTS: readonly ControlPlaneComponent[] = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
];

interface HostMount {
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly readOnly?: boolean;
}

const directory = (name: string, path: string): HostMount => ({ name, path, type: 'DirectoryOrCreate' });
const readOnly = (mount: HostMount): HostMount => ({ ...mount, readOnly: true });
/** What a Debian-like host keeps its trusted certificates in. */
const HOST_CERTIFICATES = {
  'ca-certs': '/etc/ssl/certs',
  'etc-ca-certificates': '/etc/ca-certificates',
  'usr-local-share-ca-certificates': '/usr/local/share/ca-certificates',
  'usr-share-ca-certificates': '/usr/share/ca-certificates',
};
const certificates = (name: keyof typeof HOST_CERTIFICATES) =>
  readOnly(directory(name, HOST_CERTIFICATES[name]));
const kubeconfig = (path: string): HostMount => ({
  name: 'kubeconfig',
  path,
  type: 'FileOrCreate',
  readOnly: true,
});

interface ComponentShape {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly port: number;
  readonly probe: { readonly host: string; readonly scheme: string };
  /** Paths of the probes; missing: there is no such probe. */
  readonly liveness: string;
  readonly readiness?: string;
  readonly startup: string;
  readonly requests: Readonly<Record<string, string>>;
  /** In the order of the container's mounts. */
  readonly mounts: readonly HostMount[];
}

const SHAPES: Readonly<Record<ControlPlaneComponent, ComponentShape>> = {
  etcd: {
    annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': `https://${address}:2379` },
    port: 2381,
    probe: { host: '127.0.0.1', scheme: 'HTTP' },
    liveness: '/livez',
    readiness: '/readyz',
    startup: '/readyz',
    requests: { cpu: '100m', memory: '100Mi' },
    mounts: [directory('etcd-data', '/var/lib/etcd'), directory('etcd-certs', `${PKI}/etcd`)],
  },
  'kube-apiserver': {
    annotations: { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${address}:6443` },
    port: 6443,
    probe: { host: address, scheme: 'HTTPS' },
    liveness: '/livez',
    readiness: '/readyz',
    startup: '/livez',
    requests: { cpu: '250m' },
    mounts: [
      certificates('ca-certs'),
      certificates('etc-ca-certificates'),
      readOnly(directory('k8s-certs', PKI)),
      certificates('usr-local-share-ca-certificates'),
      certificates('usr-share-ca-certificates'),
    ],
  },
  'kube-controller-manager': {
    port: 10257,
    probe: { host: '127.0.0.1', scheme: 'HTTPS' },
    liveness: '/healthz',
    startup: '/healthz',
    requests: { cpu: '200m' },
    mounts: [
      certificates('ca-certs'),
      certificates('etc-ca-certificates'),
      directory('flexvolume-dir', '/usr/libexec/kubernetes/kubelet-plugins/volume/exec'),
      readOnly(directory('k8s-certs', PKI)),
      kubeconfig('/etc/kubernetes/controller-manager.conf'),
      certificates('usr-local-share-ca-certificates'),
      certificates('usr-share-ca-certificates'),
    ],
  },
  'kube-scheduler': {
    port: 10259,
    probe: { host: '127.0.0.1', scheme: 'HTTPS' },
    liveness: '/livez',
    readiness: '/readyz',
    startup: '/livez',
    requests: { cpu: '100m' },
    mounts: [kubeconfig('/etc/kubernetes/scheduler.conf')],
  },
};

/**
 * The text of a component's file in /etc/kubernetes/manifests.
 *
 * Models cmd/kubeadm/app/phases/controlplane/manifests.go and phases/etcd/local.go.
 */
export function controlPlaneManifest(component: ControlPlaneComponent): string {
  const shape = SHAPES[component];
  const probe = (path: string, failureThreshold: number, timing: Partial<Probe>): Probe => ({
    failureThreshold,
    httpGet: { host: shape.probe.host, path, port: 'probe-port', scheme: shape.probe.scheme },
    ...timing,
    timeoutSeconds: 15,
  });
  const slow = { initialDelaySeconds: 10, periodSeconds: 10 };
  const container: Container = {
    command: [component, ...FLAGS[component]],
    image: IMAGES[component],
    imagePullPolicy: 'IfNotPresent',
    livenessProbe: probe(shape.liveness, 8, slow),
    name: component,
    ports: [{ containerPort: shape.port, name: 'probe-port', protocol: 'TCP' }],
    ...(shape.readiness !== undefined && {
      readinessProbe: probe(shape.readiness, 3, { periodSeconds: 1 }),
    }),
    resources: { requests: { ...shape.requests } },
    startupProbe: probe(shape.startup, 24, slow),
    volumeMounts: shape.mounts.map(mountOf),
  };
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(shape.annotations !== undefined && { annotations: { ...shape.annotations } }),
      labels: { component, tier: 'control-plane' },
      name: component,
      namespace: 'kube-system',
    },
    spec: {
      containers: [container],
      hostNetwork: true,
      priority: 2000001000,
      priorityClassName: 'system-node-critical',
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      volumes: [...shape.mounts].sort((a, b) => (a.name < b.name ? -1 : 1)).map(volumeOf),
    },
    status: {},
  };
  return toYaml(pod);
}

function mountOf({ name, path, readOnly: isReadOnly }: HostMount): VolumeMount {
  return { mountPath: path, name, ...(isReadOnly === true && { readOnly: true }) };
}

function volumeOf({ name, path, type }: HostMount): Volume {
  return { hostPath: { path, type }, name };
}
