import { describe, expect, it } from 'vitest';
import { scenarioOf } from './scenario.ts';

describe('scenarioOf', () => {
  it.each([
    ['/docs/cka/labs/unknown-flag/', 'unknown-flag'],
    ['/notes/docs/cka/labs/etcd-ca', 'etcd-ca'],
    ['/home/me/site/docs/cka/labs/unknown-flag.mdx', 'unknown-flag'],
    ['/docs/cka/labs/', undefined],
    ['/home/me/site/docs/cka/labs/index.mdx', undefined],
    ['/docs/cka/labs/_reading-order.mdx', undefined],
    ['/docs/cka/core-concepts/kube-apiserver/', undefined],
    ['/', undefined],
  ])('%s: %s', (path, name) => expect(scenarioOf(path)).toBe(name));
});
