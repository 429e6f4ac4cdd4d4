import type { PodSpec } from 'kubernetes-types/core/v1';
import { expect, test } from 'vitest';
import { validatePodAnnotations, validatePodAnnotationsUpdate } from './pod-annotations.ts';
import { validateSeccompAnnotationsAndFields } from './seccomp.ts';

const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';
const SECCOMP = 'seccomp.security.alpha.kubernetes.io/pod';
const MIRROR = 'kubernetes.io/config.mirror';
const SPEC: PodSpec = { containers: [{ name: 'c', image: 'x' }] };

test.each<[Record<string, string>, string[]]>([
  [{ [`${APPARMOR}c`]: 'localhost/x', [SECCOMP]: 'docker/default' }, []],
  [{ [`${APPARMOR}d`]: 'unconfined' }, [`a[${APPARMOR}d]: Invalid value: "d": container not found`]],
  [{ [`${APPARMOR}c`]: 'x' }, [`a[${APPARMOR}c]: Invalid value: "x": invalid AppArmor profile name: "x"`]],
  [{ [SECCOMP]: 'x' }, [`a.${SECCOMP}: Invalid value: "x": must be a valid seccomp profile`]],
  [{ [SECCOMP]: 'localhost//x' }, [`a.${SECCOMP}: Invalid value: "/x": must be a relative path`]],
  [
    { [MIRROR]: 'x' },
    [`a[${MIRROR}]: Invalid value: "x": must set spec.nodeName if mirror pod annotation is set`],
  ],
])('validatePodAnnotations: %j', (annotations, want) => {
  expect(validatePodAnnotations(annotations, SPEC, 'a').map(({ message }) => message)).toEqual(want);
});

test.each<[Record<string, string>, Record<string, string>, string[]]>([
  [{ [`${APPARMOR}c`]: '' }, {}, [`a[${APPARMOR}c]: Forbidden: may not add AppArmor annotations`]],
  [
    {},
    { [`${APPARMOR}c`]: '' },
    [`a[${APPARMOR}c]: Forbidden: may not remove or update AppArmor annotations`],
  ],
  [{}, { [MIRROR]: 'x' }, [`a[${MIRROR}]: Forbidden: may not remove or update mirror pod annotation`]],
])('validatePodAnnotationsUpdate: %j over %j', (now, old, want) => {
  expect(validatePodAnnotationsUpdate(now, old, SPEC, 'a').map(({ message }) => message)).toEqual(want);
});

test.each<[string, NonNullable<NonNullable<PodSpec['securityContext']>['seccompProfile']>, string[]]>([
  ['runtime/default', { type: 'RuntimeDefault' }, []],
  ['localhost/x', { type: 'Localhost', localhostProfile: 'x' }, []],
  [
    'unconfined',
    { type: 'RuntimeDefault' },
    ['type: Forbidden: seccomp type in annotation and field must match'],
  ],
  [
    'localhost/x',
    { type: 'Localhost', localhostProfile: 'y' },
    ['localhostProfile: Forbidden: seccomp profile in annotation and field must match'],
  ],
])('validateSeccompAnnotationsAndFields: %s beside %j', (annotation, seccompProfile, want) => {
  const spec: PodSpec = { ...SPEC, securityContext: { seccompProfile } };
  expect(
    validateSeccompAnnotationsAndFields({ [SECCOMP]: annotation }, spec, 'spec').map(
      ({ message }) => message,
    ),
  ).toEqual(want.map((text) => `spec.securityContext.seccompProfile.${text}`));
});
