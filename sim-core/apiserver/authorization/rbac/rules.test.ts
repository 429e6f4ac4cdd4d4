import { describe, expect, test } from 'vitest';
import type { AuthorizationAttributes, PolicyRule } from '../authorizer.ts';
import { compactRules, compactString, ruleAllows, uncoveredRules } from './rules.ts';

const user = { name: 'jane', groups: [] };
const ask = (
  verb: string,
  resource: string,
  more: Partial<AuthorizationAttributes> = {},
): AuthorizationAttributes => {
  const [name = '', subresource = ''] = resource.split('/');
  return {
    user,
    verb,
    resourceRequest: true,
    group: '',
    version: 'v1',
    resource: name,
    subresource,
    namespace: 'x',
    name: '',
    path: '',
    ...more,
  };
};
const get = (path: string): AuthorizationAttributes => ({ ...ask('get', ''), resourceRequest: false, path });
const rule = (verbs: string[], resources: string[], more: Partial<PolicyRule> = {}): PolicyRule => ({
  verbs,
  apiGroups: [''],
  resources,
  ...more,
});

describe('ruleAllows', () => {
  test.each<[string, AuthorizationAttributes, PolicyRule, boolean]>([
    ['verb and resource match', ask('get', 'pods'), rule(['get'], ['pods']), true],
    ['another verb', ask('list', 'pods'), rule(['get'], ['pods']), false],
    ['another group', ask('get', 'pods', { group: 'apps' }), rule(['get'], ['pods']), false],
    [
      'a resource does not stand for its subresources',
      ask('get', 'pods/log'),
      rule(['get'], ['pods']),
      false,
    ],
    ['a star stands for subresources', ask('get', 'pods/log'), rule(['get'], ['*']), true],
    [
      'a subresource of any resource',
      ask('update', 'deployments/scale', { group: 'apps' }),
      rule(['update'], ['*/scale'], { apiGroups: ['*'] }),
      true,
    ],
    [
      'a name that is listed',
      ask('get', 'pods', { name: 'a' }),
      rule(['get'], ['pods'], { resourceNames: ['a'] }),
      true,
    ],
    ['a list has no name', ask('list', 'pods'), rule(['list'], ['pods'], { resourceNames: ['a'] }), false],
    ['a path', get('/healthz'), { verbs: ['get'], nonResourceURLs: ['/healthz'] }, true],
    ['a path below a star', get('/apis/apps'), { verbs: ['get'], nonResourceURLs: ['/apis/*'] }, true],
    ['a path beside it', get('/api'), { verbs: ['get'], nonResourceURLs: ['/apis/*'] }, false],
    [
      'a rule for resources is none for paths',
      get('/healthz'),
      rule(['*'], ['*'], { apiGroups: ['*'] }),
      false,
    ],
  ])('%s', (_name, attributes, given, want) => {
    expect(ruleAllows(attributes, given)).toBe(want);
  });
});

describe('uncoveredRules', () => {
  test('names the single rights that are missing', () => {
    const owned = [rule(['get'], ['pods', 'secrets'])];
    expect(uncoveredRules(owned, [rule(['get', 'list'], ['pods'])])).toEqual([rule(['list'], ['pods'])]);
  });
  test('rights to some names do not cover rights to all', () => {
    expect(
      uncoveredRules([rule(['get'], ['pods'], { resourceNames: ['a'] })], [rule(['get'], ['pods'])]),
    ).toHaveLength(1);
  });
  test('everything covers everything', () => {
    expect(uncoveredRules([rule(['*'], ['*'], { apiGroups: ['*'] })], [rule(['get'], ['pods/log'])])).toEqual(
      [],
    );
  });
});

test('compactRules puts the verbs of one resource together', () => {
  const compact = compactRules([
    rule(['get'], ['pods']),
    rule(['list'], ['pods']),
    rule(['get'], ['secrets']),
  ]);
  expect(compact.map(compactString)).toEqual([
    '{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}',
    '{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
  ]);
});
