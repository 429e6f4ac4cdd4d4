import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../apimachinery/object.ts';
import type { Clock } from '../../../../clock/clock.ts';
import { attributesOf } from '../../../../testing/admission.ts';
import { readerOf } from '../../../../testing/object-reader.ts';
import { PodSecurity } from './admission.ts';
import { podSecurityConfiguration } from './configuration.ts';

const PREFIX = 'pod-security.kubernetes.io/';
const labelsOf = (modes: Record<string, string>) =>
  Object.fromEntries(Object.entries(modes).map(([mode, value]) => [PREFIX + mode, value]));
const namespaceOf = (modes: Record<string, string>) => ({
  metadata: { name: 'web', labels: labelsOf(modes) },
});
const podOf = (name: string, spec: object = {}) => ({
  metadata: { name, namespace: 'web' },
  spec: { containers: [{ name: 'c', image: 'a', ...spec }] },
});
const PRIVILEGED = { securityContext: { privileged: true } };
const BROKEN = 'privileged (container "c" must not set securityContext.privileged=true)';

/** Nothing waits for simulated time here. */
const clock = { outside: <T>(work: Promise<T>) => work } as Clock;

async function validate(
  modes: Record<string, string>,
  given: Parameters<typeof attributesOf>[0],
  configuration?: JsonObject,
) {
  const annotations: Record<string, string> = {};
  const attributes = attributesOf({
    namespace: 'web',
    annotate: (key, value) => (annotations[key] = value),
    ...given,
  });
  const reader = readerOf({
    namespaces: [namespaceOf(modes)] as never,
    pods: [podOf('b', PRIVILEGED), podOf('a', PRIVILEGED), podOf('c')],
  });
  const plugin = new PodSecurity({ clock, reader }, { podSecurity: podSecurityConfiguration(configuration) });
  const error = await plugin.validate(attributes).catch((error: Error) => error.message);
  return { error, warnings: attributes.warnings, annotations };
}

describe('a pod', () => {
  const create = (modes: Record<string, string>, spec: object = PRIVILEGED) =>
    validate(modes, { resource: 'pods', object: podOf('p', spec) });

  test('is refused', async () => {
    const { error, annotations } = await create({ enforce: 'baseline', 'enforce-version': 'v1.30' });
    expect(error).toBe(`pods "p" is forbidden: violates PodSecurity "baseline:v1.30": ${BROKEN}`);
    expect(annotations).toEqual({ [`${PREFIX}enforce-policy`]: 'baseline:v1.30' });
  });

  test('is only noted', async () => {
    const { error, warnings, annotations } = await create({ audit: 'baseline', warn: 'baseline' });
    expect(error).toBeUndefined();
    expect(warnings).toEqual([`would violate PodSecurity "baseline:latest": ${BROKEN}`]);
    expect(annotations[`${PREFIX}audit-violations`]).toBe(warnings[0]);
  });

  test('of a level that nobody knows is held to the strictest', async () => {
    expect((await create({ enforce: 'strict' }, {})).error).toContain(
      'violates PodSecurity "restricted:latest"',
    );
  });

  test('changes freely but for its images', async () => {
    const update = (before: object, after: object) =>
      validate(
        { enforce: 'baseline' },
        { resource: 'pods', operation: 'UPDATE', object: podOf('p', after), oldObject: podOf('p', before) },
      );
    expect((await update(PRIVILEGED, PRIVILEGED)).error).toBeUndefined();
    expect((await update(PRIVILEGED, { ...PRIVILEGED, image: 'b' })).error).toContain(BROKEN);
  });
});

test('a workload is warned of what its pods will meet', async () => {
  const object = {
    metadata: { name: 'w', namespace: 'web' },
    spec: { template: { spec: podOf('p', PRIVILEGED).spec } },
  };
  const { error, warnings } = await validate(
    { enforce: 'baseline' },
    { resource: 'deployments', group: 'apps', object },
  );
  expect(error).toBeUndefined();
  expect(warnings).toEqual([`would violate PodSecurity "baseline:latest": ${BROKEN}`]);
});

describe('a namespace', () => {
  const write = (before: Record<string, string> | undefined, after: Record<string, string>) =>
    validate(
      {},
      {
        resource: 'namespaces',
        kind: 'Namespace',
        operation: before === undefined ? 'CREATE' : 'UPDATE',
        object: namespaceOf(after),
        oldObject: before && namespaceOf(before),
      },
    );

  test('with wrong labels is refused', async () => {
    const { error } = await write(undefined, { enforce: 'strict', 'warn-version': '1.30' });
    expect(error).toBe(
      'Namespace "web" is invalid: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted, ' +
        'metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1.30": must be "latest" or "v1.x"]',
    );
  });

  test('whose labels were wrong already may change', async () => {
    expect((await write({ warn: 'strict' }, { warn: 'strict' })).error).toBeUndefined();
  });

  test('that becomes stricter hears of its pods', async () => {
    expect((await write({}, { enforce: 'baseline' })).warnings).toEqual([
      'existing pods in namespace "web" violate the new PodSecurity enforce level "baseline:latest"',
      'a (and 1 other pod): privileged',
    ]);
    expect((await write({ enforce: 'restricted' }, { enforce: 'baseline' })).warnings).toEqual([]);
  });
});

describe('a configuration', () => {
  const create = (configuration: JsonObject, spec: object = {}) =>
    validate({}, { resource: 'pods', object: podOf('p', { ...PRIVILEGED, ...spec }) }, configuration);

  test('has defaults for namespaces without labels', async () => {
    const { error } = await create({ defaults: { enforce: 'baseline', 'enforce-version': 'v1.30' } });
    expect(error).toContain('violates PodSecurity "baseline:v1.30"');
  });

  test('exempts namespaces and users', async () => {
    const defaults = { enforce: 'baseline' };
    const namespaces = await create({ defaults, exemptions: { namespaces: ['web'] } });
    expect(namespaces).toEqual({
      error: undefined,
      warnings: [],
      annotations: { [`${PREFIX}exempt`]: 'namespace' },
    });
    const users = await create({ defaults, exemptions: { usernames: ['admin'] } });
    expect(users.annotations).toEqual({ [`${PREFIX}exempt`]: 'user' });
  });

  test('makes labels of an exempt namespace mean nothing', async () => {
    const object = namespaceOf({ enforce: 'baseline', warn: 'restricted' });
    const given = { resource: 'namespaces', namespace: 'web', object };
    const { warnings } = await validate({}, given, { exemptions: { namespaces: ['web'] } });
    expect(warnings).toEqual([
      'namespace "web" is exempt from Pod Security, and the policy (enforce=baseline:latest, warn=restricted:latest) will be ignored',
    ]);
  });

  test('may be wrong', () => {
    expect(() => podSecurityConfiguration({ defaults: { enforce: 'strict' } })).toThrow(
      'defaults.enforce: Invalid value: "strict": must be one of privileged, baseline, restricted',
    );
    expect(() => podSecurityConfiguration({ exemptions: { namespaces: ['a', 'a'] } })).toThrow(
      'exemptions.namespaces[1]: Duplicate value: "a"',
    );
  });
});
