import type { PodSpec } from 'kubernetes-types/core/v1';
import { expect, test } from 'vitest';
import { defaultPodSpec } from '../defaults/pod-spec.ts';
import { validatePodSpec } from './pod-spec.ts';

const C = { name: 'c', image: 'nginx:1' };

test.each<[string, Partial<PodSpec>, string[]]>([
  ['a sound pod', { containers: [C] }, []],
  [
    'two ports of one name',
    {
      containers: [
        {
          ...C,
          ports: [
            { name: 'http', containerPort: 80 },
            { name: 'http', containerPort: 81 },
          ],
        },
      ],
    },
    ['spec.containers[0].ports[1].name: Duplicate value: "http"'],
  ],
  [
    'one port of the host twice',
    {
      containers: [
        { ...C, ports: [{ containerPort: 80, hostPort: 80 }] },
        { ...C, name: 'd', ports: [{ containerPort: 80, hostPort: 80 }] },
      ],
    },
    ['spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"'],
  ],
  [
    'a volume of two kinds',
    { containers: [C], volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/x' } }] },
    ['spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type'],
  ],
  [
    'a mount path used twice',
    {
      containers: [
        {
          ...C,
          volumeMounts: [
            { name: 'v', mountPath: '/x' },
            { name: 'v', mountPath: '/x' },
          ],
        },
      ],
      volumes: [{ name: 'v' }],
    },
    ['spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/x": must be unique'],
  ],
  [
    'a variable from nowhere',
    { containers: [{ ...C, env: [{ name: 'A', valueFrom: {} }] }] },
    [
      'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
    ],
  ],
  [
    'a variable of an unknown field',
    { containers: [{ ...C, env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.foo' } } }] }] },
    [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.foo": error converting fieldPath: field label not supported: spec.foo',
    ],
  ],
  [
    'a variable of a field of another version, and one in odd steps',
    {
      containers: [
        {
          ...C,
          env: [
            { name: 'A', valueFrom: { fieldRef: { apiVersion: 'v2', fieldPath: 'metadata.name' } } },
            { name: 'B', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '2' } } },
            { name: 'C', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1m' } } },
          ],
          envFrom: [{ configMapRef: {} }],
        },
      ],
    },
    [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.name": error converting fieldPath: unsupported pod version: v2',
      'spec.containers[0].env[1].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with the cpu resource',
      'spec.containers[0].env[2].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.memory": only divisor\'s values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the memory resource',
      'spec.containers[0].envFrom[0].configMapRef.name: Required value',
    ],
  ],
  [
    'a policy for containers that start before',
    { containers: [{ ...C, restartPolicy: 'Always' } as never], dnsPolicy: 'Mine' },
    [
      'spec.containers[0].restartPolicy: Forbidden: may not be set for non-init containers',
      'spec.dnsPolicy: Unsupported value: "Mine": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
    ],
  ],
  [
    'a profile of one type with the file of another',
    {
      containers: [{ ...C, securityContext: { seccompProfile: { type: 'Localhost' } } }],
      securityContext: { seccompProfile: { type: 'RuntimeDefault', localhostProfile: 'x' } },
    },
    [
      'spec.containers[0].securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost',
      'spec.securityContext.seccompProfile.localhostProfile: Invalid value: core.SeccompProfile{Type:"RuntimeDefault", LocalhostProfile:"x"}: can only be set when seccomp type is Localhost',
    ],
  ],
  [
    'a process of the host beside one that is none',
    {
      containers: [
        { ...C, securityContext: { windowsOptions: { hostProcess: true } } },
        { ...C, name: 'd' },
      ],
    },
    [
      'spec: Invalid value: "": If pod contains any hostProcess containers then all containers must be HostProcess containers',
      'spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers',
    ],
  ],
  [
    'a liveness probe that must succeed twice',
    { containers: [{ ...C, livenessProbe: { exec: { command: ['x'] }, successThreshold: 2 } }] },
    ['spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1'],
  ],
  [
    'a probe without an action',
    { containers: [{ ...C, readinessProbe: {} }] },
    ['spec.containers[0].readinessProbe: Required value: must specify a handler type'],
  ],
  [
    'an init container with a probe',
    {
      containers: [C],
      initContainers: [{ name: 'i', image: 'x', readinessProbe: { exec: { command: ['x'] } } }],
    },
    [
      'spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
    ],
  ],
  [
    'huge pages without a limit',
    { containers: [{ ...C, resources: { requests: { 'hugepages-2Mi': '2Mi' } } }] },
    [
      'spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources',
      'spec.containers[0].resources: Forbidden: HugePages require cpu or memory',
    ],
  ],
  [
    'half a huge page',
    {
      containers: [
        { ...C, resources: { limits: { cpu: '1', 'hugepages-2Mi': '1Mi' } } },
        { ...C, name: 'd', resources: { limits: { cpu: '1', 'hugepages-x': '1' } } },
      ],
    },
    [
      'spec.containers[0].resources.limits[hugepages-2Mi]: Invalid value: "1Mi": 1Mi is not positive integer multiple of hugepages-2Mi',
      'spec.containers[1].resources.limits[hugepages-x]: Invalid value: "1": 1 is not positive integer multiple of hugepages-x',
    ],
  ],
  [
    'a resource of no standard',
    { containers: [{ ...C, resources: { requests: { gpu: '1' } } }] },
    [
      'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
      'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers',
    ],
  ],
  [
    'a privileged container that may not escalate',
    { containers: [{ ...C, securityContext: { privileged: true, allowPrivilegeEscalation: false } }] },
    [
      'spec.containers[0].securityContext: Invalid value: core.SecurityContext{Privileged:true, AllowPrivilegeEscalation:false}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
    ],
  ],
  [
    'a toleration of seconds for NoSchedule',
    {
      containers: [C],
      tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }],
    },
    [
      'spec.tolerations[0].effect: Invalid value: "NoSchedule": effect must be \'NoExecute\' when `tolerationSeconds` is set',
    ],
  ],
  [
    'what is not for its operating system',
    {
      containers: [{ ...C, securityContext: { windowsOptions: {} } }],
      os: { name: 'linux' },
    },
    [
      'spec.containers[0].securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod',
    ],
  ],
  [
    'an operating system that nobody knows',
    { containers: [C], os: { name: 'plan9' } },
    ['spec.os: Unsupported value: "plan9": supported values: "linux", "windows"'],
  ],
  [
    'host namespaces without the users of the host',
    { containers: [C], hostUsers: false, hostPID: true },
    ['spec.HostPID: Forbidden: when `pod.Spec.HostUsers` is false'],
  ],
  [
    'policies of a resize',
    {
      containers: [{ ...C, resizePolicy: [{ resourceName: 'gpu', restartPolicy: 'NotRequired' }] }],
    },
    ['spec.containers[0].resizePolicy: Unsupported value: "gpu": supported values: "cpu", "memory"'],
  ],
  [
    'claims',
    {
      containers: [C],
      resourceClaims: [{ name: 'a', resourceClaimName: 'b' }, { name: 'a' }] as PodSpec['resourceClaims'],
    },
    [
      'spec.resourceClaims[1].name: Duplicate value: "a"',
      'spec.resourceClaims[1]: Invalid value: map[string]interface {}{"name":"a"}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
    ],
  ],
  [
    'constraints that are alike, and keys of nothing',
    {
      containers: [C],
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: 'a', whenUnsatisfiable: 'DoNotSchedule', matchLabelKeys: ['k'] },
        { maxSkew: 1, topologyKey: 'a', whenUnsatisfiable: 'DoNotSchedule', nodeTaintsPolicy: 'Maybe' },
      ],
    },
    [
      'spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{a, DoNotSchedule}"',
      'spec.topologySpreadConstraints[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set',
      'spec.topologySpreadConstraints[1].nodeTaintsPolicy: Unsupported value: "Maybe": supported values: "Honor", "Ignore"',
    ],
  ],
  [
    'a preferred term without weight',
    {
      containers: [C],
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 0, preference: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } },
          ],
        },
      },
    },
    [
      'spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100',
    ],
  ],
])('validatePodSpec: %s', (_name, given, want) => {
  const spec = given as PodSpec;
  defaultPodSpec(spec);
  expect(validatePodSpec(spec, 'spec').map((error) => error.message)).toEqual(want);
});
