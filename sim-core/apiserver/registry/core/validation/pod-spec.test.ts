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
      'spec.containers[0].securityContext: Invalid value: {"privileged":true,"allowPrivilegeEscalation":false}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
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
