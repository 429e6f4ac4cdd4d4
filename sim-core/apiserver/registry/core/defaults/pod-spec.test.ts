import { expect, test } from 'vitest';
import { deepCopy } from '../../../../apimachinery/copy.ts';
import { defaultPodSpec } from './pod-spec.ts';

test('defaultPodSpec: what is filled stays as it is', () => {
  const spec = {
    containers: [{ name: 'c', image: 'nginx', livenessProbe: { httpGet: { port: 80 } } }],
    volumes: [{ name: 'v' }, { name: 's', secret: { secretName: 'x' } }],
    serviceAccount: 'builder',
  };
  defaultPodSpec(spec);
  expect(spec).toMatchObject({
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'builder',
    volumes: [
      { name: 'v', emptyDir: {} },
      { name: 's', secret: { secretName: 'x', defaultMode: 420 } },
    ],
    containers: [
      {
        imagePullPolicy: 'Always',
        livenessProbe: {
          httpGet: { port: 80, path: '/', scheme: 'HTTP' },
          periodSeconds: 10,
          failureThreshold: 3,
        },
      },
    ],
  });
  const filled = deepCopy(spec);
  defaultPodSpec(spec);
  expect(spec).toEqual(filled);
});
