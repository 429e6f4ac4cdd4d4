import type { KubeObject } from '../../apimachinery/object.ts';
import { KUBERNETES_VERSION } from '../../version.ts';
import type { IssuedCertificate } from '../pki.ts';
import {
  API_SERVER_PORT,
  CONTROL_PLANE,
  DNS_ADDRESS,
  DNS_DOMAIN,
  IMAGES,
  POD_SUBNET,
  SERVICE_SUBNET,
} from './constants.ts';
import { kubeletConfiguration } from './files.ts';
import { KUBECONFIG_FILE } from '../../kubectl/clientcmd/kubeconfig-file.ts';
import { API_SERVER_URL } from './kubeconfig.ts';
import { toYaml } from '../../apimachinery/json/yaml-writer.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';
const RBAC_GROUP = 'rbac.authorization.k8s.io';
const BOOTSTRAPPERS = 'system:bootstrappers:kubeadm:default-node-token';

type Subject = { kind: 'Group' | 'User' | 'ServiceAccount'; name: string; namespace?: string };
const group = (name: string): Subject => ({ kind: 'Group', name });
const serviceAccount = (name: string, namespace: string): Subject => ({
  kind: 'ServiceAccount',
  name,
  namespace,
});

function binding(
  kind: 'ClusterRoleBinding' | 'RoleBinding',
  metadata: { name: string; namespace?: string },
  role: { kind: 'ClusterRole' | 'Role'; name: string },
  subjects: readonly Subject[],
): KubeObject {
  return {
    apiVersion: RBAC,
    kind,
    metadata,
    roleRef: { apiGroup: RBAC_GROUP, ...role },
    subjects: subjects.map((subject) => ({
      ...(subject.kind !== 'ServiceAccount' && { apiGroup: RBAC_GROUP }),
      ...subject,
    })),
  };
}

const clusterBinding = (name: string, role: string, subjects: readonly Subject[]) =>
  binding('ClusterRoleBinding', { name }, { kind: 'ClusterRole', name: role }, subjects);
const roleBinding = (name: string, namespace: string, subjects: readonly Subject[]) =>
  binding('RoleBinding', { name, namespace }, { kind: 'Role', name }, subjects);

function role(name: string, namespace: string, resourceNames: readonly string[]): KubeObject {
  return {
    apiVersion: RBAC,
    kind: 'Role',
    metadata: { name, namespace },
    rules: [
      { apiGroups: [''], resourceNames: [...resourceNames], resources: ['configmaps'], verbs: ['get'] },
    ],
  };
}

const configMap = (name: string, namespace: string, data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  data,
  kind: 'ConfigMap',
  metadata: { name, namespace },
});

/** The binding that makes admin.conf an administrator. Made with super-admin.conf, before all others. */
export const CLUSTER_ADMINS = clusterBinding('kubeadm:cluster-admins', 'cluster-admin', [
  group('kubeadm:cluster-admins'),
]);

/** Phase upload-config: kubeadm's own configuration and the kubelets'. */
export function uploadConfigObjects(): KubeObject[] {
  return [
    configMap('kubeadm-config', 'kube-system', {
      ClusterConfiguration: toYaml({
        apiServer: {},
        apiVersion: 'kubeadm.k8s.io/v1beta4',
        caCertificateValidityPeriod: '87600h0m0s',
        certificateValidityPeriod: '8760h0m0s',
        certificatesDir: '/etc/kubernetes/pki',
        clusterName: 'kubernetes',
        controllerManager: {},
        dns: {},
        encryptionAlgorithm: 'RSA-2048',
        etcd: { local: { dataDir: '/var/lib/etcd' } },
        imageRepository: 'registry.k8s.io',
        kind: 'ClusterConfiguration',
        kubernetesVersion: KUBERNETES_VERSION,
        networking: { dnsDomain: DNS_DOMAIN, podSubnet: POD_SUBNET, serviceSubnet: SERVICE_SUBNET },
        proxy: {},
        scheduler: {},
      }),
    }),
    role('kubeadm:nodes-kubeadm-config', 'kube-system', ['kubeadm-config']),
    roleBinding('kubeadm:nodes-kubeadm-config', 'kube-system', [group(BOOTSTRAPPERS), group('system:nodes')]),
    configMap('kubelet-config', 'kube-system', { kubelet: kubeletConfiguration() }),
    role('kubeadm:kubelet-config', 'kube-system', ['kubelet-config']),
    roleBinding('kubeadm:kubelet-config', 'kube-system', [group('system:nodes'), group(BOOTSTRAPPERS)]),
  ];
}

/** Phase bootstrap-token: what a machine that joins may do. */
export function bootstrapTokenObjects(authority: IssuedCertificate): KubeObject[] {
  return [
    {
      apiVersion: RBAC,
      kind: 'ClusterRole',
      metadata: { name: 'kubeadm:get-nodes' },
      rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }],
    },
    clusterBinding('kubeadm:get-nodes', 'kubeadm:get-nodes', [group(BOOTSTRAPPERS)]),
    clusterBinding('kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', [group(BOOTSTRAPPERS)]),
    clusterBinding(
      'kubeadm:node-autoapprove-bootstrap',
      'system:certificates.k8s.io:certificatesigningrequests:nodeclient',
      [group(BOOTSTRAPPERS)],
    ),
    clusterBinding(
      'kubeadm:node-autoapprove-certificate-rotation',
      'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
      [group('system:nodes')],
    ),
    configMap('cluster-info', 'kube-public', {
      kubeconfig: KUBECONFIG_FILE.print({
        apiVersion: 'v1',
        clusters: [
          {
            cluster: {
              'certificate-authority-data': authority.certificateFile,
              server: API_SERVER_URL,
            },
            name: '',
          },
        ],
        contexts: null,
        'current-context': '',
        kind: 'Config',
        users: null,
      }),
    }),
    role('kubeadm:bootstrap-signer-clusterinfo', 'kube-public', ['cluster-info']),
    roleBinding('kubeadm:bootstrap-signer-clusterinfo', 'kube-public', [
      { kind: 'User', name: 'system:anonymous' },
    ]),
  ];
}

const CORE_FILE = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes ${DNS_DOMAIN} in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success ${DNS_DOMAIN}
       disable denial ${DNS_DOMAIN}
    }
    loop
    reload
    loadbalance
}
`;

/** Addon coredns. Models cmd/kubeadm/app/phases/addons/dns/manifests.go. */
export function dnsObjects(): KubeObject[] {
  const labels = { 'k8s-app': 'kube-dns' };
  return [
    configMap('coredns', 'kube-system', { Corefile: CORE_FILE }),
    {
      apiVersion: RBAC,
      kind: 'ClusterRole',
      metadata: { name: 'system:coredns' },
      rules: [
        {
          apiGroups: [''],
          resources: ['endpoints', 'services', 'pods', 'namespaces'],
          verbs: ['list', 'watch'],
        },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
      ],
    },
    clusterBinding('system:coredns', 'system:coredns', [serviceAccount('coredns', 'kube-system')]),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'coredns', namespace: 'kube-system' } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { labels, name: 'coredns', namespace: 'kube-system' },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        strategy: { rollingUpdate: { maxUnavailable: 1 }, type: 'RollingUpdate' },
        template: {
          metadata: { labels },
          spec: {
            affinity: {
              podAntiAffinity: {
                preferredDuringSchedulingIgnoredDuringExecution: [
                  {
                    podAffinityTerm: {
                      labelSelector: {
                        matchExpressions: [{ key: 'k8s-app', operator: 'In', values: ['kube-dns'] }],
                      },
                      topologyKey: 'kubernetes.io/hostname',
                    },
                    weight: 100,
                  },
                ],
              },
            },
            containers: [
              {
                args: ['-conf', '/etc/coredns/Corefile'],
                image: IMAGES.coredns,
                imagePullPolicy: 'IfNotPresent',
                livenessProbe: {
                  failureThreshold: 5,
                  httpGet: { path: '/health', port: 'liveness-probe', scheme: 'HTTP' },
                  initialDelaySeconds: 60,
                  successThreshold: 1,
                  timeoutSeconds: 5,
                },
                name: 'coredns',
                ports: [
                  { containerPort: 53, name: 'dns', protocol: 'UDP' },
                  { containerPort: 53, name: 'dns-tcp', protocol: 'TCP' },
                  { containerPort: 9153, name: 'metrics', protocol: 'TCP' },
                  { containerPort: 8080, name: 'liveness-probe', protocol: 'TCP' },
                  { containerPort: 8181, name: 'readiness-probe', protocol: 'TCP' },
                ],
                readinessProbe: { httpGet: { path: '/ready', port: 'readiness-probe', scheme: 'HTTP' } },
                resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
                  readOnlyRootFilesystem: true,
                },
                volumeMounts: [{ mountPath: '/etc/coredns', name: 'config-volume', readOnly: true }],
              },
            ],
            dnsPolicy: 'Default',
            nodeSelector: { 'kubernetes.io/os': 'linux' },
            priorityClassName: 'system-cluster-critical',
            serviceAccountName: 'coredns',
            tolerations: [
              { key: 'CriticalAddonsOnly', operator: 'Exists' },
              { effect: 'NoSchedule', key: 'node-role.kubernetes.io/control-plane' },
            ],
            volumes: [
              {
                configMap: { items: [{ key: 'Corefile', path: 'Corefile' }], name: 'coredns' },
                name: 'config-volume',
              },
            ],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
        labels: {
          'k8s-app': 'kube-dns',
          'kubernetes.io/cluster-service': 'true',
          'kubernetes.io/name': 'CoreDNS',
        },
        name: 'kube-dns',
        namespace: 'kube-system',
      },
      spec: {
        clusterIP: DNS_ADDRESS,
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
          { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
          { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
        ],
        selector: labels,
      },
    },
  ];
}

/** Addon kube-proxy. Models cmd/kubeadm/app/phases/addons/proxy/manifests.go. */
export function proxyObjects(): KubeObject[] {
  const labels = { 'k8s-app': 'kube-proxy' };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'kube-proxy', namespace: 'kube-system' } },
    configMap('kube-proxy', 'kube-system', {
      'config.conf': toYaml({
        apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
        bindAddress: '0.0.0.0',
        clientConnection: { kubeconfig: '/var/lib/kube-proxy/kubeconfig.conf' },
        clusterCIDR: POD_SUBNET,
        kind: 'KubeProxyConfiguration',
        mode: '',
      }),
      'kubeconfig.conf': toYaml({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [
          {
            cluster: {
              'certificate-authority': '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
              server: `https://${CONTROL_PLANE.address}:${API_SERVER_PORT}`,
            },
            name: 'default',
          },
        ],
        contexts: [
          { context: { cluster: 'default', namespace: 'default', user: 'default' }, name: 'default' },
        ],
        'current-context': 'default',
        users: [
          { name: 'default', user: { tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token' } },
        ],
      }),
    }),
    clusterBinding('kubeadm:node-proxier', 'system:node-proxier', [
      serviceAccount('kube-proxy', 'kube-system'),
    ]),
    role('kube-proxy', 'kube-system', ['kube-proxy']),
    roleBinding('kube-proxy', 'kube-system', [group(BOOTSTRAPPERS)]),
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { labels, name: 'kube-proxy', namespace: 'kube-system' },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                command: [
                  '/usr/local/bin/kube-proxy',
                  '--config=/var/lib/kube-proxy/config.conf',
                  '--hostname-override=$(NODE_NAME)',
                ],
                env: [
                  {
                    name: 'NODE_NAME',
                    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } },
                  },
                ],
                image: IMAGES['kube-proxy'],
                imagePullPolicy: 'IfNotPresent',
                name: 'kube-proxy',
                securityContext: { privileged: true },
                volumeMounts: [
                  { mountPath: '/var/lib/kube-proxy', name: 'kube-proxy' },
                  { mountPath: '/run/xtables.lock', name: 'xtables-lock' },
                  { mountPath: '/lib/modules', name: 'lib-modules', readOnly: true },
                ],
              },
            ],
            hostNetwork: true,
            nodeSelector: { 'kubernetes.io/os': 'linux' },
            priorityClassName: 'system-node-critical',
            serviceAccountName: 'kube-proxy',
            tolerations: [{ operator: 'Exists' }],
            volumes: [
              { configMap: { name: 'kube-proxy' }, name: 'kube-proxy' },
              { hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' }, name: 'xtables-lock' },
              { hostPath: { path: '/lib/modules' }, name: 'lib-modules' },
            ],
          },
        },
        updateStrategy: { type: 'RollingUpdate' },
      },
    },
  ];
}

/** Phase mark-control-plane: the labels and the taint of the control plane's node. */
export const CONTROL_PLANE_MARK = {
  labels: {
    'node-role.kubernetes.io/control-plane': '',
    'node.kubernetes.io/exclude-from-external-load-balancers': '',
  },
  taint: { effect: 'NoSchedule', key: 'node-role.kubernetes.io/control-plane' },
} as const;
