import type { FileSystem } from '../../node/file-system.ts';
import type { IssuedCertificate, Pki } from '../pki.ts';
import {
  DNS_ADDRESS,
  DNS_DOMAIN,
  KUBERNETES_SERVICE_ADDRESS,
  MANIFESTS_DIRECTORY,
  PKI_DIRECTORY,
} from './constants.ts';
import { CONTROL_PLANE_COMPONENTS, controlPlaneManifest } from './manifests.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { toYaml } from '../../kubectl/printers/yaml-printer.ts';

interface Host {
  readonly hostname: string;
  readonly address: string;
}

/** CA names as they stand in certificates. */
export const CLUSTER_CA = 'kubernetes';
const ETCD_CA = 'etcd-ca';
const FRONT_PROXY_CA = 'front-proxy-ca';

/** Certificates of /etc/kubernetes/pki: path, issuer, who. */
const CERTIFICATES: readonly {
  readonly path: string;
  readonly issuer: string;
  readonly commonName: (host: Host) => string;
  readonly organizations?: readonly string[];
  readonly names?: (host: Host) => readonly string[];
}[] = [
  {
    path: 'apiserver',
    issuer: CLUSTER_CA,
    commonName: () => 'kube-apiserver',
    names: ({ hostname, address }) => [
      hostname,
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      `kubernetes.default.svc.${DNS_DOMAIN}`,
      KUBERNETES_SERVICE_ADDRESS,
      address,
    ],
  },
  {
    path: 'apiserver-kubelet-client',
    issuer: CLUSTER_CA,
    commonName: () => 'kube-apiserver-kubelet-client',
    organizations: ['kubeadm:cluster-admins'],
  },
  { path: 'front-proxy-client', issuer: FRONT_PROXY_CA, commonName: () => 'front-proxy-client' },
  {
    path: 'etcd/server',
    issuer: ETCD_CA,
    commonName: ({ hostname }) => hostname,
    names: ({ hostname, address }) => [hostname, 'localhost', address, '127.0.0.1'],
  },
  {
    path: 'etcd/peer',
    issuer: ETCD_CA,
    commonName: ({ hostname }) => hostname,
    names: ({ hostname, address }) => [hostname, 'localhost', address, '127.0.0.1'],
  },
  { path: 'etcd/healthcheck-client', issuer: ETCD_CA, commonName: () => 'kube-etcd-healthcheck-client' },
  { path: 'apiserver-etcd-client', issuer: ETCD_CA, commonName: () => 'kube-apiserver-etcd-client' },
];

/** Kubeconfig files of the control plane: name of the file, user and groups. */
const KUBECONFIGS: readonly {
  readonly file: string;
  readonly user: string;
  readonly organizations?: readonly string[];
}[] = [
  { file: 'admin.conf', user: 'kubernetes-admin', organizations: ['kubeadm:cluster-admins'] },
  { file: 'super-admin.conf', user: 'kubernetes-super-admin', organizations: ['system:masters'] },
  { file: 'controller-manager.conf', user: 'system:kube-controller-manager' },
  { file: 'scheduler.conf', user: 'system:kube-scheduler' },
];

/**
 * Keys, kubeconfigs and manifests of a control plane; gives the certificates of the kubeconfigs by user.
 *
 * Models the phases certs, kubeconfig, etcd and control-plane of `kubeadm init`.
 */
export function writeControlPlaneFiles(
  files: FileSystem,
  pki: Pki,
  host: Host,
  now: number,
): ReadonlyMap<string, IssuedCertificate> {
  files.makeDirectory(`${PKI_DIRECTORY}/etcd`, { parents: true });
  files.makeDirectory(MANIFESTS_DIRECTORY, { parents: true, mode: 0o700 });
  files.makeDirectory('/var/lib/etcd', { parents: true, mode: 0o700 });
  const authority = pki.authority(CLUSTER_CA, now);
  writePair(files, `${PKI_DIRECTORY}/ca`, authority);
  writePair(files, `${PKI_DIRECTORY}/front-proxy-ca`, pki.authority(FRONT_PROXY_CA, now));
  writePair(files, `${PKI_DIRECTORY}/etcd/ca`, pki.authority(ETCD_CA, now));
  for (const { path, issuer, commonName, organizations, names } of CERTIFICATES) {
    const request = {
      commonName: commonName(host),
      organizations: organizations ?? [],
      names: names?.(host) ?? [],
    };
    writePair(files, `${PKI_DIRECTORY}/${path}`, pki.issue(issuer, request, now));
  }
  const account = pki.keyPair();
  files.write(`${PKI_DIRECTORY}/sa.key`, account.privateKey, { mode: 0o600 });
  files.write(`${PKI_DIRECTORY}/sa.pub`, account.publicKey, { mode: 0o600 });

  const issued = new Map<string, IssuedCertificate>();
  for (const { file, user, organizations } of KUBECONFIGS) {
    const certificate = pki.issue(CLUSTER_CA, { commonName: user, organizations: organizations ?? [] }, now);
    issued.set(user, certificate);
    files.write(`/etc/kubernetes/${file}`, kubeconfigText(user, authority.certificate, { certificate }), {
      mode: 0o600,
    });
  }
  files.makeDirectory('/root/.kube', { parents: true });
  files.write('/root/.kube/config', files.read('/etc/kubernetes/admin.conf'), { mode: 0o600 });
  for (const component of CONTROL_PLANE_COMPONENTS) {
    files.write(`${MANIFESTS_DIRECTORY}/${component}.yaml`, controlPlaneManifest(component), { mode: 0o600 });
  }
  return issued;
}

const KUBELET_CERTIFICATE = '/var/lib/kubelet/pki/kubelet-client-current.pem';

/** What a kubelet needs on its machine; gives its certificate. Models the phase kubelet-start. */
export function writeKubeletFiles(files: FileSystem, pki: Pki, host: Host, now: number): IssuedCertificate {
  const authority = pki.authority(CLUSTER_CA, now);
  const name = `system:node:${host.hostname}`;
  const issued = pki.issue(CLUSTER_CA, { commonName: name, organizations: ['system:nodes'] }, now);
  files.makeDirectory(MANIFESTS_DIRECTORY, { parents: true, mode: 0o700 });
  files.makeDirectory(PKI_DIRECTORY, { parents: true });
  files.makeDirectory('/var/lib/kubelet/pki', { parents: true });
  files.makeDirectory('/var/log/pods', { parents: true });
  if (!files.exists(`${PKI_DIRECTORY}/ca.crt`)) {
    files.write(`${PKI_DIRECTORY}/ca.crt`, authority.certificate);
  }
  files.write(KUBELET_CERTIFICATE, issued.certificate + issued.key, { mode: 0o600 });
  files.write(
    '/etc/kubernetes/kubelet.conf',
    kubeconfigText(name, authority.certificate, { certificatePath: KUBELET_CERTIFICATE }),
    { mode: 0o600 },
  );
  files.write('/var/lib/kubelet/config.yaml', kubeletConfiguration());
  files.write(
    '/var/lib/kubelet/kubeadm-flags.env',
    'KUBELET_KUBEADM_ARGS="--pod-infra-container-image=registry.k8s.io/pause:3.10.1"\n',
  );
  files.makeDirectory('/usr/lib/systemd/system/kubelet.service.d', { parents: true });
  files.write('/usr/lib/systemd/system/kubelet.service', KUBELET_UNIT);
  files.write('/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf', KUBELET_DROP_IN);
  return issued;
}

function writePair(files: FileSystem, path: string, { certificate, key }: IssuedCertificate): void {
  files.write(`${path}.crt`, certificate);
  files.write(`${path}.key`, key, { mode: 0o600 });
}

/** The KubeletConfiguration as kubeadm writes it. */
export function kubeletConfiguration(): string {
  return toYaml({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    authentication: {
      anonymous: { enabled: false },
      webhook: { cacheTTL: '0s', enabled: true },
      x509: { clientCAFile: `${PKI_DIRECTORY}/ca.crt` },
    },
    authorization: { mode: 'Webhook', webhook: { cacheAuthorizedTTL: '0s', cacheUnauthorizedTTL: '0s' } },
    cgroupDriver: 'systemd',
    clusterDNS: [DNS_ADDRESS],
    clusterDomain: DNS_DOMAIN,
    containerRuntimeEndpoint: 'unix:///var/run/containerd/containerd.sock',
    cpuManagerReconcilePeriod: '0s',
    crashLoopBackOff: {},
    evictionPressureTransitionPeriod: '0s',
    fileCheckFrequency: '0s',
    healthzBindAddress: '127.0.0.1',
    healthzPort: 10248,
    httpCheckFrequency: '0s',
    imageMaximumGCAge: '0s',
    imageMinimumGCAge: '0s',
    kind: 'KubeletConfiguration',
    logging: {
      flushFrequency: 0,
      options: { json: { infoBufferSize: '0' }, text: { infoBufferSize: '0' } },
      verbosity: 0,
    },
    memorySwap: {},
    nodeStatusReportFrequency: '0s',
    nodeStatusUpdateFrequency: '0s',
    rotateCertificates: true,
    runtimeRequestTimeout: '0s',
    shutdownGracePeriod: '0s',
    shutdownGracePeriodCriticalPods: '0s',
    staticPodPath: MANIFESTS_DIRECTORY,
    streamingConnectionIdleTimeout: '0s',
    syncFrequency: '0s',
    volumeStatsAggPeriod: '0s',
  });
}

const KUBELET_UNIT = `[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=10

[Install]
WantedBy=multi-user.target
`;

const KUBELET_DROP_IN = `# Note: This dropin only works with kubeadm and kubelet v1.11+
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
# This is a file that "kubeadm init" and "kubeadm join" generates at runtime, populating the KUBELET_KUBEADM_ARGS variable dynamically
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
# This is a file that the user can use for overrides of the kubelet args as a last resort. Preferably, the user should use
# the .NodeRegistration.KubeletExtraArgs object in the configuration files instead. KUBELET_EXTRA_ARGS should be sourced from this file.
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`;
