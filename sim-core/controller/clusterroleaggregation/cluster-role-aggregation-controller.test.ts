import { expect, it } from 'vitest';
import { openLab } from '../../testing/lab.ts';

it('gives the roles of users what other roles add to them', async () => {
  const lab = await openLab();
  const can = (what: string) => lab.sh(`kubectl auth can-i ${what} --as=jane -n default`);
  await lab.sh('kubectl create rolebinding jane --clusterrole=view --user=jane');
  expect(await can('list pods')).toContain('yes');
  expect(await can('create pods')).toContain('no');
  await lab.apply({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'more', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['create'] }],
  });
  await lab.pass(1);
  expect(await can('create pods')).toContain('yes');
  // "edit" has all that "view" has, and "admin" all that "edit" has.
  const admin = await lab.get('/apis/rbac.authorization.k8s.io/v1/clusterroles/admin');
  const view = await lab.get('/apis/rbac.authorization.k8s.io/v1/clusterroles/view');
  expect(admin['rules']).toEqual(expect.arrayContaining(view['rules'] as object[]));
});
