import { afterEach, describe, expect, it, vi } from 'vitest';
import type { KubeObject } from '../../apimachinery/object.ts';
import { LazyModule } from '../../clock/lazy-module.ts';
import { builtinResources } from './resources.ts';
import type { Needs } from './rest/strategy.ts';

type Part = Needs & object;

/** Takes every call, and gives nothing that was wrong. */
const anything: object = new Proxy(() => {}, { get: () => anything, apply: () => [] });
const template = { spec: {} };
const object = (): KubeObject => ({
  metadata: { name: 'a' },
  spec: { template, jobTemplate: { spec: { template } }, finalizers: ['a'] },
  status: {},
  template,
});

afterEach(() => vi.restoreAllMocks());

/** The modules that the functions of `part` ask for, whatever comes of them. */
async function usedBy(part: Part): Promise<Set<unknown>> {
  const used = new Set<unknown>();
  vi.spyOn(LazyModule.prototype, 'loaded', 'get').mockImplementation(function (this: unknown) {
    used.add(this);
    return anything;
  });
  for (const member of Object.values(part) as unknown[]) {
    if (typeof member !== 'function') continue;
    try {
      await (member as (...args: unknown[]) => unknown)(object(), object(), { name: 'a', user: {} });
    } catch {
      // It wanted more of the object than there is.
    }
  }
  return used;
}

const strategies = builtinResources.map((definition) => ({ name: definition.resource, ...definition }));
const parts = builtinResources.flatMap(({ resource, strategy, status, virtual, subresources = [] }) => [
  ...(status === undefined ? [] : [{ name: `${resource}/status`, strategy, part: status as Part }]),
  ...(virtual === undefined ? [] : [{ name: `${resource} itself`, strategy, part: virtual as Part }]),
  ...subresources.map((row) => ({
    name: `${resource}/${row.name}`,
    strategy,
    part: row.handler === 'update' ? (row.strategy as Part) : (row as Part),
  })),
]);

/** Of the generic checks a server has all with its handlers. */
async function expectNamed(part: Part, needs: readonly unknown[]): Promise<void> {
  const { checks } = await import('./checks.ts');
  const used = [...(await usedBy(part))].filter((module) => module !== checks.generic);
  expect(used.filter((module) => !needs.includes(module))).toEqual([]);
}

describe('needs', () => {
  it.each(strategies)(
    'of $name are all that its strategy and hooks use',
    async ({ strategy, hooks = {} }) => {
      await expectNamed({ ...strategy, ...hooks }, strategy.needs ?? []);
    },
  );

  it.each(parts)('of $name are all that it uses', async ({ part, strategy }) => {
    await expectNamed(part, [...(part.needs ?? []), ...(strategy.needs ?? [])]);
  });

  it('are found', async () => {
    const pods = builtinResources.find(({ resource }) => resource === 'pods')!;
    const used = await usedBy(pods.strategy);
    expect([...used]).toEqual([...pods.strategy.needs!]);
  });
});
