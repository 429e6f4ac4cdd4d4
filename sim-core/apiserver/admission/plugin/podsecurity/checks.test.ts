import { expect, test } from 'vitest';
import { violationsOf, violationText } from './checks.ts';
import type { Level } from './policy.ts';

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
  expect(violationText(violationsOf({ level: level as Level, version: 'latest' }, spec as never))).toBe(want);
});

const PROBED = { containers: [{ name: 'c', livenessProbe: { httpGet: { host: '192.0.2.1', port: 80 } } }] };
const UNMASKED = pod({ ...SAFE, procMount: 'Unmasked' }, { hostUsers: false });

test.each([
  [
    'baseline',
    'latest',
    PROBED,
    'probe or lifecycle host (container "c" uses probe or lifecycle host "192.0.2.1")',
  ],
  ['baseline', 'v1.33', PROBED, ''],
  ['baseline', 'v1.35', UNMASKED, ''],
  [
    'restricted',
    'v1.35',
    UNMASKED,
    'procMount (container "c" must not set securityContext.procMount to "Unmasked")',
  ],
  ['restricted', 'v1.35', pod({ ...SAFE, runAsNonRoot: undefined }, { hostUsers: false }), ''],
  [
    'restricted',
    'v1.34',
    pod({ ...SAFE, runAsNonRoot: undefined }, { hostUsers: false }),
    'runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true)',
  ],
  ['restricted', 'latest', pod({ runAsNonRoot: true }, { os: { name: 'windows' } }), ''],
  [
    'baseline',
    'latest',
    pod({ appArmorProfile: { type: 'Unconfined' } }),
    'forbidden AppArmor profile (container "c" must not set AppArmor profile type to "Unconfined")',
  ],
  [
    'baseline',
    'latest',
    pod({}, { securityContext: { windowsOptions: { hostProcess: true } } }),
    'hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)',
  ],
])('%s of %s', (level, version, spec, want) => {
  expect(violationText(violationsOf({ level: level as Level, version }, spec as never))).toBe(want);
});
