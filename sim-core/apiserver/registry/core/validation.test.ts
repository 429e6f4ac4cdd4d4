import { beforeAll, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { endpointsStrategy } from './endpoint/strategy.ts';
import { strategy as limitRange } from './limitrange/validation.ts';
import { nodeStrategy } from './node/strategy.ts';
import { strategy as persistentVolume } from './persistentvolume/validation.ts';
import { strategy as claim } from './persistentvolumeclaim/validation.ts';
import { strategy as resourceQuota } from './resourcequota/validation.ts';
import { validateService, validateServiceUpdate } from './service/validation.ts';
import { validateVolumes } from './validation/volume.ts';
import { checks } from '../checks.ts';

beforeAll(() => Promise.all(Object.values(checks).map((module) => module.fetch())));

const texts = (errors: readonly FieldError[] | undefined) => (errors ?? []).map(({ message }) => message);
const object = (rest: object) => ({ metadata: { name: 'x' }, ...rest }) as KubeObject;
const context = {} as never;

describe('PersistentVolume', () => {
  const volume = (spec: object) =>
    object({ spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], ...spec } });
  test.each([
    ['a good one', { hostPath: { path: '/data', type: '' } }, []],
    [
      'nothing of what is needed',
      { capacity: undefined, accessModes: undefined },
      [
        'spec.accessModes: Required value',
        'spec.capacity: Required value',
        'spec.capacity: Unsupported value: core.ResourceList(nil): supported values: "storage"',
        'spec: Required value: must specify a volume type',
      ],
    ],
    [
      'two sources',
      { hostPath: { path: '/a' }, nfs: {} },
      ['spec.nfs: Forbidden: may not specify more than 1 volume type'],
    ],
    [
      'a local volume of no node',
      { local: { path: '/a' } },
      ['spec.nodeAffinity: Required value: Local volume requires node affinity'],
    ],
    [
      'a recycled root',
      { hostPath: { path: '//' }, persistentVolumeReclaimPolicy: 'Recycle' },
      ["spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"],
    ],
    [
      'modes that do not go together',
      { csi: { driver: 'a', volumeHandle: 'b' }, accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'] },
      ['spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes'],
    ],
    [
      'an initiator that is none',
      { iscsi: { targetPortal: 'a:1', iqn: 'abc', lun: 256 } },
      [
        'spec.iscsi.iqn: Invalid value: "abc": must be valid format',
        'spec.iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive',
      ],
    ],
  ])('%s', (_name, spec, want) => {
    expect(texts(persistentVolume.validate!(volume(spec), context))).toEqual(want);
  });

  test('the source stays', () => {
    const old = volume({ hostPath: { path: '/a' } });
    const [error] = texts(
      persistentVolume.validateUpdate!(volume({ hostPath: { path: '/b' } }), old, context),
    );
    expect(error).toMatch(
      /^spec\.persistentvolumesource: Forbidden: spec\.persistentvolumesource is immutable after creation\n {2}core\.PersistentVolumeSource\{/,
    );
  });
});

describe('PersistentVolumeClaim', () => {
  const claimOf = (spec: object, rest: object = {}) =>
    object({
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } }, ...spec },
      ...rest,
    });
  test.each([
    [{}, []],
    [
      { accessModes: [], resources: {} },
      [
        'spec.accessModes: Required value: at least 1 access mode is required',
        'spec.resources[storage]: Required value',
      ],
    ],
    [
      { dataSource: { kind: 'Pod', name: 'a' } },
      [
        `spec.dataSource: Invalid value: "Pod": must be 'PersistentVolumeClaim' when referencing the default apiGroup`,
      ],
    ],
    [
      { volumeMode: 'Raw' },
      ['spec.volumeMode: Unsupported value: "Raw": supported values: "Block", "Filesystem"'],
    ],
  ])('%j', (spec, want) => {
    expect(texts(claim.validate!(claimOf(spec), context))).toEqual(want);
  });

  test('a bound claim may grow, and only that', () => {
    const bound = { status: { phase: 'Bound' } };
    const old = claimOf({ volumeName: 'v' }, bound);
    const sized = (storage: string) =>
      claimOf({ volumeName: 'v', resources: { requests: { storage } } }, bound);
    expect(texts(claim.validateUpdate!(sized('3Gi'), old, context))).toEqual([]);
    expect(texts(claim.validateUpdate!(sized('1Gi'), old, context))).toEqual([
      'spec.resources.requests.storage: Forbidden: field can not be less than previous value',
    ]);
    const [error] = texts(claim.validateUpdate!(claimOf({ volumeName: 'w' }, bound), old, context));
    expect(error).toMatch(
      /^spec: Forbidden: spec is immutable after creation except resources\.requests for bound claims\n/,
    );
  });

  test('the two fields of a data source fill each other', () => {
    const made = claimOf({ dataSource: { kind: 'PersistentVolumeClaim', name: 'a' } });
    claim.prepareForCreate!(made, context);
    expect(made.spec.dataSourceRef).toEqual({ kind: 'PersistentVolumeClaim', name: 'a' });
  });
});

test.each([
  [{ type: 'Container', min: { cpu: '1' }, max: { cpu: '2' } }, []],
  [
    { type: 'Node' },
    ['spec.limits[0].type: Invalid value: "Node": must be a standard limit type or fully qualified'],
  ],
  [
    { type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } },
    [
      'spec.limits[0].min[cpu]: Invalid value: resource.Quantity{i:resource.int64Amount{value:2, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"2", Format:"DecimalSI"}: min value 2 is greater than max value 1',
    ],
  ],
  [
    { type: 'Container', min: { cpu: '2' }, default: { cpu: '1' } },
    [
      'spec.limits[0].default[cpu]: Invalid value: resource.Quantity{i:resource.int64Amount{value:2, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"2", Format:"DecimalSI"}: min value 2 is greater than default value 1',
    ],
  ],
  [
    { type: 'PersistentVolumeClaim' },
    [
      'spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided',
    ],
  ],
  [
    { type: 'Pod', default: { cpu: '1' }, max: { pods: '1' } },
    [
      'spec.limits[0].max[pods]: Invalid value: "pods": must be a standard resource for containers',
      "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
    ],
  ],
  [
    { type: 'Container', min: { cpu: '1' }, max: { cpu: '2' }, maxLimitRequestRatio: { cpu: '3' } },
    [
      'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: resource.Quantity{i:resource.int64Amount{value:3, scale:0}, d:resource.infDecAmount{Dec:(*inf.Dec)(nil)}, s:"3", Format:"DecimalSI"}: ratio 3 is greater than max/min = 2.000000',
    ],
  ],
])('LimitRange %j', (item, want) => {
  expect(texts(limitRange.validate!(object({ spec: { limits: [item] } }), context))).toEqual(want);
});

test.each([
  [{ hard: { pods: '1', 'count/deployments.apps': '2', 'requests.nvidia.com/gpu': '1' } }, []],
  [
    { hard: { storage: '1' } },
    ['spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota'],
  ],
  [
    { hard: { cpu: '1' }, scopes: ['BestEffort', 'Other'] },
    [
      'spec.scopes: Invalid value: []core.ResourceQuotaScope{"BestEffort", "Other"}: unsupported scope applied to resource',
      'spec.scopes: Invalid value: []core.ResourceQuotaScope{"BestEffort", "Other"}: unsupported scope',
    ],
  ],
  [
    { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In' }] } },
    [
      "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
    ],
  ],
])('ResourceQuota %j', (spec, want) => {
  expect(texts(resourceQuota.validate!(object({ spec }), context))).toEqual(want);
});

test.each([
  [{ podCIDRs: ['10.0.0.0/24', 'fd00::/64'] }, []],
  [
    { podCIDRs: ['10.0.0.0/24', '10.0.1.0/24'] },
    [
      'spec.podCIDRs: Invalid value: []string{"10.0.0.0/24", "10.0.1.0/24"}: may specify no more than one CIDR for each IP family',
    ],
  ],
  [{ podCIDRs: ['10.0.0.0'] }, ['spec.podCIDRs[0]: Invalid value: []string{"10.0.0.0"}: must be valid CIDR']],
])('Node %j', (spec, want) => {
  expect(texts(nodeStrategy.validate!(object({ spec, status: {} }), context))).toEqual(want);
});

test.each([
  ['127.0.0.1', 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  ['::', 'may not be unspecified (::)'],
  ['169.254.1.1', 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  ['ff02::1', 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
])('Endpoints with %s', (ip, text) => {
  const subsets = [{ addresses: [{ ip }] }];
  expect(texts(endpointsStrategy.validate!(object({ subsets }), context))).toEqual([
    `subsets[0].addresses[0].ip: Invalid value: "${ip}": ${text}`,
  ]);
});

describe('Service', () => {
  const service = (spec: object) =>
    ({
      spec: {
        type: 'ClusterIP',
        sessionAffinity: 'None',
        internalTrafficPolicy: 'Cluster',
        ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }],
        ...spec,
      },
    }) as never;
  test.each([
    [{}, []],
    [
      { type: 'ExternalName', externalName: 'a.b', ipFamilyPolicy: 'SingleStack' },
      ['spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services'],
    ],
    [
      { externalTrafficPolicy: 'Local' },
      [
        `spec.externalTrafficPolicy: Invalid value: "Local": may only be set when \`type\` is 'NodePort' or 'LoadBalancer'`,
      ],
    ],
    [
      { clusterIP: 'None', clusterIPs: ['None', '10.0.0.1'] },
      [
        `spec.clusterIPs: Invalid value: []string{"None", "10.0.0.1"}: 'None' must be the first and only value`,
      ],
    ],
    [
      { loadBalancerSourceRanges: ['x'] },
      [
        "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
        'spec.LoadBalancerSourceRanges: Invalid value: "[x]": must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 ',
      ],
    ],
    [
      { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } } },
      [
        'spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than 86400',
      ],
    ],
    [
      { ports: [80, 80].map((port, at) => ({ name: `p${at}`, port, targetPort: port, protocol: 'TCP' })) },
      [
        'spec.ports[1]: Duplicate value: core.ServicePort{Name:"", Protocol:"TCP", AppProtocol:(*string)(nil), Port:80, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}',
      ],
    ],
  ])('%j', (spec, want) => {
    expect(texts(validateService(service(spec)))).toEqual(want);
  });

  test('an address stays', () => {
    const ip = (clusterIP: string) => service({ clusterIP, clusterIPs: [clusterIP] });
    expect(texts(validateServiceUpdate(ip('10.0.0.2'), ip('10.0.0.1')))).toEqual([
      'spec.clusterIPs[0]: Invalid value: []string{"10.0.0.2"}: may not change once set',
    ]);
  });
});

test.each([
  [{ rbd: {} }, ['v[0].rbd.monitors: Required value', 'v[0].rbd.image: Required value']],
  [
    { hostPath: { path: '/a/../b', type: 'Dir' } },
    expect.arrayContaining(['v[0].hostPath.path: Invalid value: "/a/../b": must not contain \'..\'']),
  ],
  [
    { emptyDir: {}, cephfs: { monitors: [] } },
    ['v[0].cephFS: Forbidden: may not specify more than 1 volume type'],
  ],
  [
    { ephemeral: { volumeClaimTemplate: { metadata: { name: 'x' }, spec: {} } } },
    [
      'v[0].ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set',
      'v[0].ephemeral.volumeClaimTemplate.spec.accessModes: Required value: at least 1 access mode is required',
      'v[0].ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value',
    ],
  ],
])('volume %j', (source, want) => {
  expect(texts(validateVolumes([{ name: 'a', ...source } as never], 'v').errors)).toEqual(want);
});
