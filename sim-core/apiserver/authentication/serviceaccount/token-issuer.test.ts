import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/object.ts';
import { Rand } from '../../../clock/rand.ts';
import { VirtualClock } from '../../../clock/virtual-clock.ts';
import { PrivateKey } from '../../../crypto/keys/private-key.ts';
import { readerOf } from '../../../testing/object-reader.ts';
import { settle } from '../../../testing/settle.ts';
import type { TokenClaims } from './claims.ts';
import { toLegacyJson } from './claims.ts';
import { parseToken } from './jwt.ts';
import { SigningKeys } from './signing-keys.ts';
import { ServiceAccountTokens } from './token-issuer.ts';
import { curve } from '../../../crypto/keys/curve.ts';

await curve.fetch();

const ISSUER = 'https://kubernetes.default.svc.cluster.local';
const START = Date.UTC(2026, 10, 23, 9);
const HOUR = 3600_000;

const object = (name: string, uid: string, more: object = {}): KubeObject => ({
  kind: 'Any',
  apiVersion: 'v1',
  metadata: { name, namespace: 'default', uid, ...more },
});
const keyOf = (byte: number) => PrivateKey.fromRandom(new Uint8Array(32).fill(byte));
const ACCOUNT = { name: 'robot', uid: 'account-uid' };
const CLAIMS: TokenClaims = {
  namespace: 'default',
  serviceAccount: ACCOUNT,
  audiences: [ISSUER],
  issuedAt: START,
  expiresAt: START + HOUR,
};

function newTokens({
  key = keyOf(1),
  others = [] as PrivateKey[],
  objects = { serviceaccounts: [object('robot', 'account-uid')] } as Record<string, KubeObject[]>,
} = {}) {
  const clock = new VirtualClock({ start: START, settle });
  const keys = new SigningKeys(
    key,
    others.map(({ publicKey }) => publicKey),
  );
  const tokens = new ServiceAccountTokens(clock, new Rand(1), readerOf(objects), { issuer: ISSUER, keys });
  return { clock, tokens, keys };
}

test('a token says what upstream’s say, fields in their order', () => {
  const { tokens } = newTokens();
  const token = tokens.issue({
    ...CLAIMS,
    warnAfter: START + 1000,
    pod: { name: 'p', uid: 'pod-uid' },
    node: { name: 'n', uid: 'node-uid' },
  });
  const { header, claims } = parseToken(token)!;
  expect(Object.keys(header)).toEqual(['alg', 'kid']);
  expect(JSON.stringify(claims)).toBe(
    JSON.stringify({
      aud: [ISSUER],
      exp: (START + HOUR) / 1000,
      iat: START / 1000,
      iss: ISSUER,
      jti: claims['jti'],
      'kubernetes.io': {
        namespace: 'default',
        node: { name: 'n', uid: 'node-uid' },
        pod: { name: 'p', uid: 'pod-uid' },
        serviceaccount: ACCOUNT,
        warnafter: START / 1000 + 1,
      },
      nbf: START / 1000,
      sub: 'system:serviceaccount:default:robot',
    }),
  );
});

test('the user of a token', async () => {
  const pods = [object('p', 'pod-uid')];
  const { tokens } = newTokens({ objects: { serviceaccounts: [object('robot', 'account-uid')], pods } });
  const token = tokens.issue({ ...CLAIMS, pod: { name: 'p', uid: 'pod-uid' } });
  expect(await tokens.authenticateToken(token)).toEqual({
    by: 'service-account',
    audiences: [ISSUER],
    user: {
      name: 'system:serviceaccount:default:robot',
      uid: 'account-uid',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default'],
      extra: {
        'authentication.kubernetes.io/credential-id': [`JTI=${parseToken(token)!.claims['jti'] as string}`],
        'authentication.kubernetes.io/pod-name': ['p'],
        'authentication.kubernetes.io/pod-uid': ['pod-uid'],
      },
    },
  });
});

describe('a token that another process made', () => {
  test.each([
    { name: 'with the same key', options: {}, problem: undefined },
    {
      name: 'with a key that this one knows',
      options: { key: keyOf(2), others: [keyOf(1)] },
      problem: undefined,
    },
    { name: 'with a foreign key', options: { key: keyOf(2) }, problem: 'invalid signature, no keys found' },
  ])('$name', async ({ options, problem }) => {
    const token = newTokens().tokens.issue(CLAIMS);
    const { clock, tokens } = newTokens(options);
    const answer = clock.until(tokens.authenticateToken(token));
    if (problem === undefined) expect(await answer).toBeDefined();
    else await expect(answer).rejects.toThrow(problem);
  });

  test('is refused when a letter of it was changed', async () => {
    const token = newTokens().tokens.issue(CLAIMS);
    const [header, claims, signature] = token.split('.') as [string, string, string];
    const forged = Buffer.from(
      Buffer.from(claims, 'base64url').toString().replaceAll('robot', 'admin'),
    ).toString('base64url');
    const { clock, tokens } = newTokens();
    const answer = clock.until(tokens.authenticateToken(`${header}.${forged}.${signature}`));
    await expect(answer).rejects.toThrow('cryptographic primitive');
  });
});

describe('what a token must still be good for', () => {
  test.each([
    { after: HOUR + 59_000, problem: undefined },
    { after: HOUR + 61_000, problem: 'service account token has expired' },
  ])('after $after ms', async ({ after, problem }) => {
    const { clock, tokens } = newTokens();
    const token = tokens.issue(CLAIMS);
    await clock.advance(after);
    if (problem === undefined) expect(await tokens.authenticateToken(token)).toBeDefined();
    else await expect(tokens.authenticateToken(token)).rejects.toThrow(problem);
  });

  test.each([
    { name: 'no account', objects: {}, claims: {}, problem: 'serviceaccounts "robot" not found' },
    {
      name: 'another account of the name',
      objects: { serviceaccounts: [object('robot', 'new-uid')] },
      claims: {},
      problem: 'service account UID (new-uid) does not match claim (account-uid)',
    },
    {
      name: 'no pod',
      objects: { serviceaccounts: [object('robot', 'account-uid')] },
      claims: { pod: { name: 'p', uid: 'u' } },
      problem: 'service account token has been invalidated',
    },
    {
      name: 'a pod that went long ago',
      objects: {
        serviceaccounts: [object('robot', 'account-uid')],
        pods: [object('p', 'u', { deletionTimestamp: formatTime(START - 61_000) })],
      },
      claims: { pod: { name: 'p', uid: 'u' } },
      problem: 'service account token has been invalidated',
    },
    {
      name: 'another pod of the name',
      objects: { serviceaccounts: [object('robot', 'account-uid')], pods: [object('p', 'new')] },
      claims: { pod: { name: 'p', uid: 'u' } },
      problem: 'pod UID (new) does not match service account pod ref claim (u)',
    },
  ])('$name', async ({ objects, claims, problem }) => {
    const { tokens } = newTokens({ objects: objects as Record<string, KubeObject[]> });
    const token = tokens.issue({ ...CLAIMS, ...claims });
    await expect(tokens.authenticateToken(token)).rejects.toThrow(problem);
  });

  test('other audiences', async () => {
    const { tokens } = newTokens();
    const token = tokens.issue({ ...CLAIMS, audiences: ['vault', 'db'] });
    await expect(tokens.authenticateToken(token)).rejects.toThrow(
      `token audiences ["vault" "db"] is invalid for the target audiences ["${ISSUER}"]`,
    );
    expect((await tokens.authenticateToken(token, ['db', 'x']))?.audiences).toEqual(['db']);
  });
});

test('the token of a secret dies with its secret', async () => {
  const serviceaccounts = [object('robot', 'account-uid')];
  const { tokens, keys } = newTokens({ objects: { serviceaccounts, secrets: [object('s', 'secret-uid')] } });
  const token = keys.sign(toLegacyJson('default', ACCOUNT, 's'));
  expect((await tokens.authenticateToken(token))?.user.name).toBe('system:serviceaccount:default:robot');
  const { tokens: later } = newTokens({ objects: { serviceaccounts } });
  await expect(later.authenticateToken(token)).rejects.toThrow('has been invalidated');
});

test.each(['nope', 'a.b.c', '..', `${Buffer.from('{}').toString('base64url')}.e30.AA`])(
  '%s is no token of a service account',
  async (token) => {
    expect(await newTokens().tokens.authenticateToken(token)).toBeUndefined();
  },
);

test('jsonWebKeySet holds the keys that verify', () => {
  const { keys, tokens } = newTokens({ others: [keyOf(3)] });
  const { header } = parseToken(tokens.issue(CLAIMS))!;
  const set = keys.jsonWebKeySet()['keys'] as { kid: string; x: string; alg: string }[];
  expect(set).toHaveLength(2);
  expect(set[0]).toMatchObject({ kid: header['kid'], kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
  expect(Buffer.from(set[0]!.x, 'base64url')).toHaveLength(32);
});
