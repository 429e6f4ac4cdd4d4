import { expect, test } from 'vitest';
import { violationsOf } from './checks.ts';

const SAFE = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
const pod = (securityContext: object, spec: object = {}) => ({
  containers: [{ name: 'c', securityContext }],
  ...spec,
});

test.each([
  ['baseline', 'a plain pod', pod({}), ''],
  [
    'baseline',
    'privileged',
    pod({ privileged: true }),
    'privileged (container "c" must not set securityContext.privileged=true)',
  ],
  [
    'baseline',
    'the host’s namespaces',
    pod({}, { hostNetwork: true, hostPID: true }),
    'host namespaces (hostNetwork=true, hostPID=true)',
  ],
  [
    'baseline',
    'a path of the host',
    pod({}, { volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
    'hostPath volumes (volume "v")',
  ],
  [
    'baseline',
    'a capability',
    pod({ capabilities: { add: ['SYS_ADMIN'] } }),
    'non-default capabilities (container "c" must not include "SYS_ADMIN" in securityContext.capabilities.add)',
  ],
  ['restricted', 'a pod that gives up all', pod(SAFE), ''],
  [
    'restricted',
    'a path of the host',
    pod(SAFE, { volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
    'restricted volume types (volume "v" uses restricted volume type "hostPath")',
  ],
  [
    'restricted',
    'root by number',
    pod({ ...SAFE, runAsUser: 0 }),
    'runAsUser=0 (container "c" must not set runAsUser=0)',
  ],
  ['privileged', 'anything', pod({ privileged: true }, { hostNetwork: true }), ''],
])('violationsOf %s: %s', (level, _name, spec, want) => {
  expect(violationsOf(level, spec as never)).toBe(want);
});
