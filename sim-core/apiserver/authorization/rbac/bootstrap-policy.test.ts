import { beforeAll, expect, test } from 'vitest';
import { builtinResources } from '../../registry/resources.ts';
import { bootstrapPolicy } from './bootstrap-policy.ts';
import { checks } from '../../registry/checks.ts';

beforeAll(() => checks.access.fetch());

const policy = bootstrapPolicy();

test('every object is valid as the server judges it', () => {
  for (const object of policy) {
    const row = builtinResources.find(
      ({ kind, group }) => kind === object.kind && group === 'rbac.authorization.k8s.io',
    )!;
    row.strategy.fillDefaults?.(object);
    const errors = row.strategy.validate?.(object, {} as never) ?? [];
    expect(
      errors.map((error) => error.message),
      object.metadata.name,
    ).toEqual([]);
  }
});

test('every binding is to a role that is there', () => {
  const roles = new Set(
    policy.map(({ kind, metadata }) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`),
  );
  for (const { kind, metadata, roleRef } of policy.filter((object) => object.roleRef !== undefined)) {
    const namespace = roleRef.kind === 'Role' ? (metadata.namespace ?? '') : '';
    expect(roles.has(`${roleRef.kind}/${namespace}/${roleRef.name}`), `${kind} ${metadata.name}`).toBe(true);
  }
});

test('no two objects have one name', () => {
  const names = policy.map(({ kind, metadata }) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`);
  expect(names.length).toBe(new Set(names).size);
});
