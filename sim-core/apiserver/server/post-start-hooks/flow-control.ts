import type { KubeObject } from '../../../apimachinery/object.ts';

const API_VERSION = 'flowcontrol.apiserver.k8s.io/v1';
const ANNOTATIONS = { 'apf.kubernetes.io/autoupdate-spec': 'true' };

const group = (name: string) => ({ kind: 'Group', group: { name } });
const user = (name: string) => ({ kind: 'User', user: { name } });
const kubeSystemAccounts = {
  kind: 'ServiceAccount',
  serviceAccount: { namespace: 'kube-system', name: '*' },
};
const EVERYBODY = [group('system:unauthenticated'), group('system:authenticated')];
const EVERYTHING = {
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  resourceRules: [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] },
  ],
};
const leases = (verbs: readonly string[]) => ({
  verbs,
  apiGroups: ['coordination.k8s.io'],
  resources: ['leases'],
  namespaces: ['*'],
});

/** Name, type, nominal shares, lendable percent; queues, hand size and queue length of those that queue. */
const PRIORITY_LEVELS: readonly (readonly [
  name: string,
  shares: number,
  lendable: number,
  queuing?: readonly [queues: number, handSize: number, lengthLimit: number],
])[] = [
  ['catch-all', 5, 0],
  ['global-default', 20, 50, [128, 6, 50]],
  ['leader-election', 10, 0, [16, 4, 50]],
  ['node-high', 40, 25, [64, 6, 50]],
  ['system', 30, 33, [64, 6, 50]],
  ['workload-high', 40, 50, [128, 6, 50]],
  ['workload-low', 100, 90, [128, 6, 50]],
];

/** Name, priority level, precedence, what tells flows apart, and the rules. */
const FLOW_SCHEMAS: readonly (readonly [
  name: string,
  level: string,
  precedence: number,
  distinguisher: 'ByUser' | 'ByNamespace' | undefined,
  rule: object,
])[] = [
  ['exempt', 'exempt', 1, undefined, { subjects: [group('system:masters')], ...EVERYTHING }],
  [
    'probes',
    'exempt',
    2,
    undefined,
    {
      subjects: EVERYBODY,
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
    },
  ],
  [
    'system-leader-election',
    'leader-election',
    100,
    'ByUser',
    {
      subjects: [user('system:kube-controller-manager'), user('system:kube-scheduler'), kubeSystemAccounts],
      resourceRules: [leases(['get', 'create', 'update'])],
    },
  ],
  [
    'system-node-high',
    'node-high',
    400,
    'ByUser',
    {
      subjects: [group('system:nodes')],
      resourceRules: [
        {
          verbs: ['*'],
          apiGroups: [''],
          resources: ['nodes', 'nodes/status'],
          clusterScope: true,
          namespaces: ['*'],
        },
        leases(['*']),
      ],
    },
  ],
  ['system-nodes', 'system', 500, 'ByUser', { subjects: [group('system:nodes')], ...EVERYTHING }],
  [
    'kube-controller-manager',
    'workload-high',
    800,
    'ByNamespace',
    { subjects: [user('system:kube-controller-manager')], ...EVERYTHING },
  ],
  [
    'kube-scheduler',
    'workload-high',
    800,
    'ByNamespace',
    { subjects: [user('system:kube-scheduler')], ...EVERYTHING },
  ],
  [
    'kube-system-service-accounts',
    'workload-high',
    900,
    'ByNamespace',
    { subjects: [kubeSystemAccounts], ...EVERYTHING },
  ],
  [
    'service-accounts',
    'workload-low',
    9000,
    'ByUser',
    { subjects: [group('system:serviceaccounts')], ...EVERYTHING },
  ],
  ['global-default', 'global-default', 9900, 'ByUser', { subjects: EVERYBODY, ...EVERYTHING }],
  ['catch-all', 'catch-all', 10000, 'ByUser', { subjects: EVERYBODY, ...EVERYTHING }],
];

/**
 * The flow schemas and priority levels that every server has.
 * Models k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap/default.go.
 */
export function flowControlObjects(): readonly KubeObject[] {
  return [
    {
      kind: 'PriorityLevelConfiguration',
      apiVersion: API_VERSION,
      metadata: { name: 'exempt', annotations: ANNOTATIONS },
      spec: { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
    },
    ...PRIORITY_LEVELS.map(([name, nominalConcurrencyShares, lendablePercent, queuing]) => ({
      kind: 'PriorityLevelConfiguration',
      apiVersion: API_VERSION,
      metadata: { name, annotations: ANNOTATIONS },
      spec: {
        type: 'Limited',
        limited: {
          nominalConcurrencyShares,
          lendablePercent,
          limitResponse:
            queuing === undefined
              ? { type: 'Reject' }
              : {
                  type: 'Queue',
                  queuing: { queues: queuing[0], handSize: queuing[1], queueLengthLimit: queuing[2] },
                },
        },
      },
    })),
    ...FLOW_SCHEMAS.map(([name, level, matchingPrecedence, distinguisher, rule]) => ({
      kind: 'FlowSchema',
      apiVersion: API_VERSION,
      metadata: { name, annotations: ANNOTATIONS },
      spec: {
        priorityLevelConfiguration: { name: level },
        matchingPrecedence,
        ...(distinguisher !== undefined && { distinguisherMethod: { type: distinguisher } }),
        rules: [rule],
      },
    })),
  ];
}
