import type { KubeObject } from '../../../apimachinery/object.ts';

const API_VERSION = 'flowcontrol.apiserver.k8s.io/v1';
const ANNOTATIONS = { 'apf.kubernetes.io/autoupdate-spec': 'true' };
const ALL_VERBS = { verbs: ['*'] };
const EVERY_RESOURCE = {
  ...ALL_VERBS,
  apiGroups: ['*'],
  resources: ['*'],
  clusterScope: true,
  namespaces: ['*'],
};
const EVERY_PATH = { ...ALL_VERBS, nonResourceURLs: ['*'] };
const EVERYTHING = { resourceRules: [EVERY_RESOURCE], nonResourceRules: [EVERY_PATH] };
const LEASES = (namespace: string) => [
  {
    verbs: ['get', 'create', 'update'],
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    namespaces: [namespace],
  },
];

const group = (name: string) => ({ kind: 'Group', group: { name } });
const user = (name: string) => ({ kind: 'User', user: { name } });
const account = (name: string, namespace: string) => ({
  kind: 'ServiceAccount',
  serviceAccount: { namespace, name },
});
const EVERYBODY = [group('system:unauthenticated'), group('system:authenticated')];

interface Level {
  readonly shares: number;
  readonly lendablePercent: number;
  readonly queues?: readonly [queues: number, handSize: number, queueLengthLimit: number];
}

/** Models k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap/default.go. */
const LEVELS: Readonly<Record<string, Level>> = {
  system: { shares: 30, lendablePercent: 33, queues: [64, 6, 50] },
  'node-high': { shares: 40, lendablePercent: 25, queues: [64, 6, 50] },
  'leader-election': { shares: 10, lendablePercent: 0, queues: [16, 4, 50] },
  'workload-high': { shares: 40, lendablePercent: 50, queues: [128, 6, 50] },
  'workload-low': { shares: 100, lendablePercent: 90, queues: [128, 6, 50] },
  'global-default': { shares: 20, lendablePercent: 50, queues: [128, 6, 50] },
  'catch-all': { shares: 5, lendablePercent: 0 },
};

interface Schema {
  readonly name: string;
  readonly level: string;
  readonly precedence: number;
  readonly distinguisher?: 'ByUser' | 'ByNamespace';
  readonly rules: readonly object[];
}

const SCHEMAS: readonly Schema[] = [
  {
    name: 'exempt',
    level: 'exempt',
    precedence: 1,
    rules: [{ subjects: [group('system:masters')], ...EVERYTHING }],
  },
  {
    name: 'probes',
    level: 'exempt',
    precedence: 2,
    rules: [
      {
        subjects: EVERYBODY,
        nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
      },
    ],
  },
  {
    name: 'system-leader-election',
    level: 'leader-election',
    precedence: 100,
    distinguisher: 'ByUser',
    rules: [
      {
        subjects: [
          user('system:kube-controller-manager'),
          user('system:kube-scheduler'),
          account('*', 'kube-system'),
        ],
        resourceRules: LEASES('*'),
      },
    ],
  },
  {
    name: 'endpoint-controller',
    level: 'workload-high',
    precedence: 150,
    distinguisher: 'ByUser',
    rules: [
      {
        subjects: [
          user('system:kube-controller-manager'),
          account('endpoint-controller', 'kube-system'),
          account('endpointslicemirroring-controller', 'kube-system'),
        ],
        resourceRules: [
          {
            verbs: ['get', 'create', 'update'],
            apiGroups: [''],
            resources: ['endpoints'],
            namespaces: ['*'],
          },
        ],
      },
    ],
  },
  {
    name: 'workload-leader-election',
    level: 'leader-election',
    precedence: 200,
    distinguisher: 'ByUser',
    rules: [{ subjects: [account('*', 'kube-system')], resourceRules: LEASES('*') }],
  },
  {
    name: 'system-node-high',
    level: 'node-high',
    precedence: 400,
    distinguisher: 'ByUser',
    rules: [
      {
        subjects: [group('system:nodes')],
        resourceRules: [
          { ...ALL_VERBS, apiGroups: [''], resources: ['nodes', 'nodes/status'], clusterScope: true },
          {
            ...ALL_VERBS,
            apiGroups: ['coordination.k8s.io'],
            resources: ['leases'],
            namespaces: ['kube-node-lease'],
          },
        ],
      },
    ],
  },
  {
    name: 'system-nodes',
    level: 'system',
    precedence: 500,
    distinguisher: 'ByUser',
    rules: [{ subjects: [group('system:nodes')], ...EVERYTHING }],
  },
  ...['kube-controller-manager', 'kube-scheduler'].map((component): Schema => ({
    name: component,
    level: 'workload-high',
    precedence: 800,
    distinguisher: 'ByNamespace',
    rules: [{ subjects: [user(`system:${component}`)], ...EVERYTHING }],
  })),
  {
    name: 'kube-system-service-accounts',
    level: 'workload-high',
    precedence: 900,
    distinguisher: 'ByNamespace',
    rules: [{ subjects: [account('*', 'kube-system')], ...EVERYTHING }],
  },
  {
    name: 'service-accounts',
    level: 'workload-low',
    precedence: 9000,
    distinguisher: 'ByUser',
    rules: [{ subjects: [group('system:serviceaccounts')], ...EVERYTHING }],
  },
  {
    name: 'global-default',
    level: 'global-default',
    precedence: 9900,
    distinguisher: 'ByUser',
    rules: [{ subjects: EVERYBODY, ...EVERYTHING }],
  },
  {
    name: 'catch-all',
    level: 'catch-all',
    precedence: 10000,
    distinguisher: 'ByUser',
    rules: [{ subjects: EVERYBODY, ...EVERYTHING }],
  },
];

const object = (kind: string, name: string, spec: object): KubeObject => ({
  kind,
  apiVersion: API_VERSION,
  metadata: { name, annotations: { ...ANNOTATIONS } },
  spec,
});

/** The priority levels and flow schemas that every server has. */
export function flowControlObjects(): KubeObject[] {
  const levels = Object.entries(LEVELS).map(([name, { shares, lendablePercent, queues }]) =>
    object('PriorityLevelConfiguration', name, {
      type: 'Limited',
      limited: {
        nominalConcurrencyShares: shares,
        lendablePercent,
        limitResponse:
          queues === undefined
            ? { type: 'Reject' }
            : {
                type: 'Queue',
                queuing: { queues: queues[0], handSize: queues[1], queueLengthLimit: queues[2] },
              },
      },
    }),
  );
  const exempt = object('PriorityLevelConfiguration', 'exempt', {
    type: 'Exempt',
    exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 },
  });
  const schemas = SCHEMAS.map(({ name, level, precedence, distinguisher, rules }) =>
    object('FlowSchema', name, {
      priorityLevelConfiguration: { name: level },
      matchingPrecedence: precedence,
      ...(distinguisher !== undefined && { distinguisherMethod: { type: distinguisher } }),
      rules,
    }),
  );
  return [exempt, ...levels, ...schemas];
}
