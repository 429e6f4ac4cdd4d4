import { expect, it } from 'vitest';
import { openLab } from '../../testing/lab.ts';

it('EndpointsController makes Endpoints for a service; they go with it', async () => {
  const lab = await openLab();
  await lab.sh('kubectl create service clusterip web --tcp=80');
  await lab.pass(2);
  const { metadata } = await lab.get('/api/v1/namespaces/default/endpoints/web');
  expect(metadata.labels).toEqual({ app: 'web' });
  expect(await lab.sh('kubectl delete service web --dry-run=server')).toContain('deleted');
  expect(await lab.sh('kubectl get endpoints web -o name')).toContain('endpoints/web\n');
  await lab.sh('kubectl delete service web');
  expect(await lab.sh('kubectl get endpoints web')).toContain('not found');
});
