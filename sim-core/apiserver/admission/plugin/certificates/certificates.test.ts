import { describe, expect, test } from 'vitest';
import { attributesOf } from '../../../../testing/admission.ts';
import type { Authorizer } from '../../../authorization/authorizer.ts';
import { CertificateApproval } from './approval/admission.ts';
import { ClusterTrustBundleAttest } from './ctbattest/admission.ts';
import { CertificateSigning } from './signing/admission.ts';
import { CertificateSubjectRestriction } from './subjectrestriction/admission.ts';
import { organizationsOf } from './subjectrestriction/organizations.ts';

const MASTERS =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIbE1JR05BZ0VBTUNzeEZ6QVZCZ05WQkFvTURuTjVjM1JsYlRwdFlYTjBaWEp6TVJBd0RnWURWUVFEREFkdApZV3hzYjNKNU1Ga3dFd1lIS29aSXpqMENBUVlJS29aSXpqMERBUWNEUWdBRU1Kb2VYNjBYTm04R09qLzBWeHhQCm9LWU5FbDUvRlRjUVd3OVdOWXA5WUxjK2VGakVhZ0hYRkFxT1YyYnBSWnVXdTRySm1ySHBaRlRTTDIxMGNNb0QKaUtBQU1Bb0dDQ3FHU000OUJBTUNBMGNBTUVRQ0lDeVVpMEphZWJlaDY5dlE0RWhPMGY2L2kvNWx3d09ETXhMTgptaG50ZWlmK0FpQWV2NzNzdXVTTVFpZDJ2RTE3OTZKaVJ4Q0Z5dVRDTDRLcmRJSDZ3QlNGRkE9PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K';
const DEVELOPERS =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIbE1JR05BZ0VBTUNzeEREQUtCZ05WQkFvTUEyUmxkakVNTUFvR0ExVUVDZ3dEYjNCek1RMHdDd1lEVlFRRApEQVJxWVc1bE1Ga3dFd1lIS29aSXpqMENBUVlJS29aSXpqMERBUWNEUWdBRU1Kb2VYNjBYTm04R09qLzBWeHhQCm9LWU5FbDUvRlRjUVd3OVdOWXA5WUxjK2VGakVhZ0hYRkFxT1YyYnBSWnVXdTRySm1ySHBaRlRTTDIxMGNNb0QKaUtBQU1Bb0dDQ3FHU000OUJBTUNBMGNBTUVRQ0lCYUxObnV0UDdqZjI1cG83ZVJyV2gycHVjV3M1ckJHZ3Z4TgpzWXg0ZDRzdkFpQUtLdFpLQUZaV2xEYlhXVkFaVmFVdUttUndYR2xrR1E2RkE5cFlSZ1YrN2c9PQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K';

/** Allows verbs on signers: "approve example.com/*". */
const authorizerOf = (...allowed: string[]): Authorizer => ({
  name: 'Test',
  authorize: ({ verb, name, resource }) =>
    Promise.resolve({
      decision: resource === 'signers' && allowed.includes(`${verb} ${name}`) ? 'allow' : 'no opinion',
      reason: '',
    }),
});
const certificateOf = (status: object) => ({
  metadata: { name: 'jane' },
  spec: { signerName: 'example.com/web' },
  status,
});
const updateOf = (subresource: string, from: object, to: object) =>
  attributesOf({
    group: 'certificates.k8s.io',
    resource: 'certificatesigningrequests',
    subresource,
    operation: 'UPDATE',
    object: certificateOf(to),
    oldObject: certificateOf(from),
  });
const createOf = (resource: string, spec: object) =>
  attributesOf({ group: 'certificates.k8s.io', resource, object: { metadata: { name: 'jane' }, spec } });

describe('who may', () => {
  test.each([['approve example.com/web'], ['approve example.com/*']])('%s', async (allowed) => {
    const plugin = new CertificateApproval({ authorizer: authorizerOf(allowed) });
    await expect(plugin.validate(updateOf('approval', {}, {}))).resolves.toBeUndefined();
  });

  test('not approve', async () => {
    const plugin = new CertificateApproval({ authorizer: authorizerOf('sign example.com/*') });
    await expect(plugin.validate(updateOf('approval', {}, {}))).rejects.toThrow(
      'user not permitted to approve requests with signerName "example.com/web"',
    );
  });

  test('not sign, but write what is the same', async () => {
    const plugin = new CertificateSigning({ authorizer: authorizerOf() });
    await expect(plugin.validate(updateOf('status', {}, {}))).resolves.toBeUndefined();
    await expect(plugin.validate(updateOf('status', {}, { certificate: 'YQ==' }))).rejects.toThrow(
      'user not permitted to sign requests with signerName "example.com/web"',
    );
  });

  test('not attest', async () => {
    const plugin = new ClusterTrustBundleAttest({ authorizer: authorizerOf() });
    await expect(plugin.validate(createOf('clustertrustbundles', {}))).resolves.toBeUndefined();
    await expect(
      plugin.validate(createOf('clustertrustbundles', { signerName: 'example.com/web' })),
    ).rejects.toThrow('user not permitted to attest for signerName "example.com/web"');
  });
});

describe('the subject of a request', () => {
  test('organizations', () => {
    expect(organizationsOf(atob(DEVELOPERS))).toEqual(['dev', 'ops']);
    expect(organizationsOf(atob(MASTERS))).toEqual(['system:masters']);
    expect(organizationsOf('no PEM')).toEqual([]);
  });

  test.each([
    ['kubernetes.io/kube-apiserver-client', MASTERS, true],
    ['kubernetes.io/kube-apiserver-client', DEVELOPERS, false],
    ['example.com/web', MASTERS, false],
  ])('%s', async (signerName, request, refused) => {
    const answer = new CertificateSubjectRestriction().validate(
      createOf('certificatesigningrequests', { signerName, request }),
    );
    if (!refused) return expect(answer).resolves.toBeUndefined();
    await expect(answer).rejects.toThrow(
      'use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
    );
  });
});
