import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { settle } from '../../testing/settle.ts';
import { Lessor } from './lessor.ts';

/** A promoted lessor; `expired` lists "id@seconds" and revokes, `deleted` the keys. */
function newLessor() {
  const clock = new VirtualClock({ start: 0, settle });
  const lessor = new Lessor(clock, { minLeaseTtl: 2 });
  const [expired, deleted]: [string[], string[]] = [[], []];
  lessor.setRangeDeleter(() => ({ deleteRange: (key) => deleted.push(key), end: () => {} }));
  const onExpired = (id: string) => {
    expired.push(`${id}@${clock.now() / 1000}`);
    lessor.revoke(id);
  };
  lessor.promote(0, onExpired);
  return { clock, lessor, expired, deleted, onExpired };
}

describe('Lessor', () => {
  test('leases run out at their instant, in order, ties in order of granting', async () => {
    const { clock, lessor, expired } = newLessor();
    for (const [id, ttl] of [
      ['1', 9],
      ['2', 3],
      ['3', 9],
      ['4', 1],
    ] as const)
      lessor.grant(id, ttl);
    expect(lessor.leases().map((lease) => lease.id)).toEqual(['4', '2', '1', '3']);
    await clock.advance(10_000);
    expect(expired).toEqual(['4@2', '2@3', '1@9', '3@9']);
    expect(clock.pending).toBe(0);
  });

  test('a renewed lease starts over, a revoked one does not run out', async () => {
    const { clock, lessor, expired } = newLessor();
    lessor.grant('1', 5);
    lessor.grant('2', 5);
    await clock.advance(4_000);
    lessor.renew('1');
    lessor.revoke('2');
    await clock.advance(4_999);
    expect(expired).toEqual([]);
    await clock.advance(1);
    expect(expired).toEqual(['1@9']);
  });

  test('revoking deletes the attached keys in order, not the detached ones', () => {
    const { lessor, deleted } = newLessor();
    lessor.grant('1', 5);
    for (const key of ['c', 'a', 'b']) lessor.attach('1', key);
    lessor.detach('1', 'b');
    lessor.revoke('1');
    expect(deleted).toEqual(['a', 'c']);
  });

  test('leases stand still while demoted and get their whole time, extended, when promoted', async () => {
    const { clock, lessor, expired, onExpired } = newLessor();
    lessor.grant('1', 5);
    await clock.advance(4_000);
    lessor.demote();
    await clock.advance(100_000);
    lessor.promote(1_000, onExpired);
    await clock.advance(10_000);
    expect(expired).toEqual(['1@110']);
  });

  test('a lease whose revocation does nothing is tried again later', async () => {
    const { clock, lessor } = newLessor();
    let tries = 0;
    lessor.promote(0, () => tries++);
    lessor.grant('1', 5);
    await clock.advance(11_999);
    expect(tries).toBe(3);
  });

  test.each([
    ['a taken id', (lessor: Lessor) => lessor.grant('1', 5), 'etcdserver: lease already exists'],
    [
      'too long a time',
      (lessor: Lessor) => lessor.grant('2', 9_000_000_001),
      'etcdserver: too large lease TTL',
    ],
    ['renewing nothing', (lessor: Lessor) => lessor.renew('2'), 'etcdserver: requested lease not found'],
    ['revoking nothing', (lessor: Lessor) => lessor.revoke('2'), 'etcdserver: requested lease not found'],
  ])('refuses %s', (_name, request, message) => {
    const { lessor } = newLessor();
    lessor.grant('1', 5);
    expect(() => request(lessor)).toThrow(message);
  });
});
