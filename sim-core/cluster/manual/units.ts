/** The programs of the control plane. */
export type UnitName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

/** One unit of the manual installation: what its file says. */
export interface UnitText {
  readonly name: UnitName;
  readonly description: string;
  readonly documentation: string;
  readonly type?: string;
  readonly command: readonly string[];
}

const DATA = '/var/lib/kubernetes';

/** The four units of the control plane, in the order in which they start. */
export const UNITS: readonly UnitText[] = [
  {
    name: 'etcd',
    description: 'etcd',
    documentation: 'https://github.com/etcd-io/etcd',
    type: 'notify',
    command: [
      '/usr/local/bin/etcd',
      '--name controller',
      '--initial-advertise-peer-urls http://127.0.0.1:2380',
      '--listen-peer-urls http://127.0.0.1:2380',
      '--listen-client-urls http://127.0.0.1:2379',
      '--advertise-client-urls http://127.0.0.1:2379',
      '--initial-cluster-token etcd-cluster-0',
      '--initial-cluster controller=http://127.0.0.1:2380',
      '--initial-cluster-state new',
      '--data-dir=/var/lib/etcd',
    ],
  },
  {
    name: 'kube-apiserver',
    description: 'Kubernetes API Server',
    documentation: 'https://github.com/kubernetes/kubernetes',
    command: [
      '/usr/local/bin/kube-apiserver',
      '--allow-privileged=true',
      '--audit-log-maxage=30',
      '--audit-log-maxbackup=3',
      '--audit-log-maxsize=100',
      '--audit-log-path=/var/log/audit.log',
      '--authorization-mode=Node,RBAC',
      '--bind-address=0.0.0.0',
      `--client-ca-file=${DATA}/ca.crt`,
      '--enable-admission-plugins=NamespaceLifecycle,NodeRestriction,LimitRanger,ServiceAccount,DefaultStorageClass,ResourceQuota',
      '--etcd-servers=http://127.0.0.1:2379',
      '--event-ttl=1h',
      `--encryption-provider-config=${DATA}/encryption-config.yaml`,
      `--kubelet-certificate-authority=${DATA}/ca.crt`,
      `--kubelet-client-certificate=${DATA}/kube-api-server.crt`,
      `--kubelet-client-key=${DATA}/kube-api-server.key`,
      "--runtime-config='api/all=true'",
      `--service-account-key-file=${DATA}/service-accounts.crt`,
      `--service-account-signing-key-file=${DATA}/service-accounts.key`,
      '--service-account-issuer=https://server.kubernetes.local:6443',
      '--service-node-port-range=30000-32767',
      `--tls-cert-file=${DATA}/kube-api-server.crt`,
      `--tls-private-key-file=${DATA}/kube-api-server.key`,
      '--v=2',
    ],
  },
  {
    name: 'kube-controller-manager',
    description: 'Kubernetes Controller Manager',
    documentation: 'https://github.com/kubernetes/kubernetes',
    command: [
      '/usr/local/bin/kube-controller-manager',
      '--bind-address=0.0.0.0',
      '--cluster-cidr=10.200.0.0/16',
      '--cluster-name=kubernetes',
      `--cluster-signing-cert-file=${DATA}/ca.crt`,
      `--cluster-signing-key-file=${DATA}/ca.key`,
      `--kubeconfig=${DATA}/kube-controller-manager.kubeconfig`,
      `--root-ca-file=${DATA}/ca.crt`,
      `--service-account-private-key-file=${DATA}/service-accounts.key`,
      '--service-cluster-ip-range=10.32.0.0/24',
      '--use-service-account-credentials=true',
      '--v=2',
    ],
  },
  {
    name: 'kube-scheduler',
    description: 'Kubernetes Scheduler',
    documentation: 'https://github.com/kubernetes/kubernetes',
    command: [
      '/usr/local/bin/kube-scheduler',
      `--config=/etc/kubernetes/config/kube-scheduler.yaml`,
      '--v=2',
    ],
  },
];

/** The file /etc/systemd/system/<name>.service. */
export function unitFile({ description, documentation, type, command }: UnitText): string {
  return `[Unit]
Description=${description}
Documentation=${documentation}

[Service]
${type === undefined ? '' : `Type=${type}\n`}ExecStart=${command.join(' \\\n  ')}
Restart=on-failure
RestartSec=5

[Install]
WantedBy=multi-user.target
`;
}

/** Where the unit's file lies. */
export function unitPath({ name }: UnitText): string {
  return `/etc/systemd/system/${name}.service`;
}

/** argv of a unit: what systemd starts. */
export function argvOf({ command }: UnitText): string[] {
  return command.flatMap((line) => line.replaceAll("'", '').split(' '));
}
