import type { FileSystem } from '../../node/file-system.ts';
import { Pem, PEM_FILE } from '../../crypto/x509/pem.ts';
import type { ExtendedKeyUsage } from '../../crypto/x509/usages.ts';
import type { KubeconfigFile } from '../../kubectl/clientcmd/kubeconfig-file.ts';
import { KUBECONFIG_FILE } from '../../kubectl/clientcmd/kubeconfig-file.ts';
import type { IssuedCertificate, Pki } from '../pki.ts';
import {
  DNS_ADDRESS,
  DNS_DOMAIN,
  KUBERNETES_SERVICE_ADDRESS,
  MANIFESTS_DIRECTORY,
  PKI_DIRECTORY,
} from './constants.ts';
import { CONTROL_PLANE_COMPONENTS, controlPlaneManifest } from './manifests.ts';
import { kubeconfigFile } from './kubeconfig.ts';
import { toYaml } from '../../apimachinery/json/yaml-writer.ts';

interface Host {
  readonly hostname: string;
  readonly address: string;
}

/** CA names as they stand in certificates. */
export const CLUSTER_CA = 'kubernetes';
export const ETCD_CA = 'etcd-ca';
export const FRONT_PROXY_CA = 'front-proxy-ca';

const SERVER: readonly ExtendedKeyUsage[] = ['server auth'];
const CLIENT: readonly ExtendedKeyUsage[] = ['client auth'];

/** The certificate that may get further names. */
const API_SERVER = 'apiserver';

/** Certificates of /etc/kubernetes/pki: path, issuer, who. Models cmd/kubeadm/app/phases/certs/certlist.go. */
export const CERTIFICATES: readonly {
  readonly path: string;
  /** What kubeadm says when it renews it. */
  readonly longName: string;
  readonly issuer: string;
  readonly commonName: (host: Host) => string;
  readonly organizations?: readonly string[];
  readonly usages: readonly ExtendedKeyUsage[];
  readonly names?: (host: Host) => readonly string[];
}[] = [
  {
    path: API_SERVER,
    longName: 'certificate for serving the Kubernetes API',
    issuer: CLUSTER_CA,
    commonName: () => 'kube-apiserver',
    usages: SERVER,
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
    longName: 'certificate for the API server to connect to kubelet',
    issuer: CLUSTER_CA,
    commonName: () => 'kube-apiserver-kubelet-client',
    organizations: ['kubeadm:cluster-admins'],
    usages: CLIENT,
  },
  {
    path: 'front-proxy-client',
    longName: 'certificate for the front proxy client',
    issuer: FRONT_PROXY_CA,
    commonName: () => 'front-proxy-client',
    usages: CLIENT,
  },
  {
    path: 'etcd/server',
    longName: 'certificate for serving etcd',
    issuer: ETCD_CA,
    commonName: ({ hostname }) => hostname,
    usages: [...SERVER, ...CLIENT],
    names: ({ hostname, address }) => [hostname, 'localhost', address, '127.0.0.1', '::1'],
  },
  {
    path: 'etcd/peer',
    longName: 'certificate for etcd nodes to communicate with each other',
    issuer: ETCD_CA,
    commonName: ({ hostname }) => hostname,
    usages: [...SERVER, ...CLIENT],
    names: ({ hostname, address }) => [hostname, 'localhost', address, '127.0.0.1', '::1'],
  },
  {
    path: 'etcd/healthcheck-client',
    longName: 'certificate for liveness probes to healthcheck etcd',
    issuer: ETCD_CA,
    commonName: () => 'kube-etcd-healthcheck-client',
    usages: CLIENT,
  },
  {
    path: 'apiserver-etcd-client',
    longName: 'certificate the apiserver uses to access etcd',
    issuer: ETCD_CA,
    commonName: () => 'kube-apiserver-etcd-client',
    usages: CLIENT,
  },
];

/** Kubeconfig files of the control plane: name of the file, what it is for, user and groups. */
export const KUBECONFIGS: readonly {
  readonly file: string;
  /** What kubeadm says when it renews the certificate in it. */
  readonly longName: string;
  readonly user: string;
  readonly organizations?: readonly string[];
}[] = [
  {
    file: 'admin.conf',
    longName: 'certificate embedded in the kubeconfig file for the admin to use and for kubeadm itself',
    user: 'kubernetes-admin',
    organizations: ['kubeadm:cluster-admins'],
  },
  {
    file: 'super-admin.conf',
    longName: 'certificate embedded in the kubeconfig file for the super-admin',
    user: 'kubernetes-super-admin',
    organizations: ['system:masters'],
  },
  {
    file: 'controller-manager.conf',
    longName: 'certificate embedded in the kubeconfig file for the controller manager to use',
    user: 'system:kube-controller-manager',
  },
  {
    file: 'scheduler.conf',
    longName: 'certificate embedded in the kubeconfig file for the scheduler manager to use',
    user: 'system:kube-scheduler',
  },
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
  certSANs: readonly string[],
): ReadonlyMap<string, IssuedCertificate> {
  files.makeDirectory(`${PKI_DIRECTORY}/etcd`, { parents: true });
  files.makeDirectory(MANIFESTS_DIRECTORY, { parents: true, mode: 0o700 });
  files.makeDirectory('/var/lib/etcd', { parents: true, mode: 0o700 });
  const authority = pki.authority(CLUSTER_CA, now);
  writePair(files, `${PKI_DIRECTORY}/ca`, authority);
  writePair(files, `${PKI_DIRECTORY}/front-proxy-ca`, pki.authority(FRONT_PROXY_CA, now));
  writePair(files, `${PKI_DIRECTORY}/etcd/ca`, pki.authority(ETCD_CA, now));
  for (const { path, issuer, commonName, organizations, usages, names } of CERTIFICATES) {
    const subject = { commonName: commonName(host), ...(organizations && { organizations }) };
    const sans = [...(names?.(host) ?? []), ...(path === API_SERVER ? certSANs : [])];
    const issued = pki.issue(issuer, { subject, usages, sans, now });
    writePair(files, `${PKI_DIRECTORY}/${path}`, issued);
  }
  const account = pki.serviceAccountKey();
  files.writeAs(`${PKI_DIRECTORY}/sa.key`, PEM_FILE, Pem.of(account), { mode: 0o600 });
  files.writeAs(`${PKI_DIRECTORY}/sa.pub`, PEM_FILE, Pem.of(account.publicKey), { mode: 0o600 });

  const issued = new Map<string, IssuedCertificate>();
  for (const { file, user, organizations } of KUBECONFIGS) {
    const subject = { commonName: user, ...(organizations && { organizations }) };
    const certificate = pki.issue(CLUSTER_CA, { subject, usages: CLIENT, now });
    issued.set(user, certificate);
    writeKubeconfig(files, `/etc/kubernetes/${file}`, kubeconfigFile(user, authority, { certificate }));
  }
  files.makeDirectory('/root/.kube', { parents: true });
  writeKubeconfig(files, '/root/.kube/config', files.readAs('/etc/kubernetes/admin.conf', KUBECONFIG_FILE));
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
  const subject = { commonName: name, organizations: ['system:nodes'] };
  const issued = pki.issue(CLUSTER_CA, { subject, usages: CLIENT, now });
  files.makeDirectory(MANIFESTS_DIRECTORY, { parents: true, mode: 0o700 });
  files.makeDirectory(PKI_DIRECTORY, { parents: true });
  files.makeDirectory('/var/lib/kubelet/pki', { parents: true });
  files.makeDirectory('/var/log/pods', { parents: true });
  if (!files.exists(`${PKI_DIRECTORY}/ca.crt`)) {
    files.writeAs(`${PKI_DIRECTORY}/ca.crt`, PEM_FILE, authority.certificateFile);
  }
  files.writeAs(KUBELET_CERTIFICATE, PEM_FILE, Pem.of(issued.certificate, issued.key), { mode: 0o600 });
  writeKubeconfig(
    files,
    '/etc/kubernetes/kubelet.conf',
    kubeconfigFile(name, authority, { certificatePath: KUBELET_CERTIFICATE }),
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

/** A certificate and its key, as `path`.crt and `path`.key. */
export function writePair(
  files: FileSystem,
  path: string,
  { certificateFile, keyFile }: IssuedCertificate,
): void {
  files.writeAs(`${path}.crt`, PEM_FILE, certificateFile);
  files.writeAs(`${path}.key`, PEM_FILE, keyFile, { mode: 0o600 });
}

export function writeKubeconfig(files: FileSystem, path: string, file: KubeconfigFile): void {
  files.writeAs(path, KUBECONFIG_FILE, file, { mode: 0o600 });
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
