import type { PodTemplateSpec } from 'kubernetes-types/core/v1';
import { describe, expect, it } from 'vitest';
import { goJson } from '../../apimachinery/json/go-json.ts';
import { dumpTemplate } from './go-dump.ts';
import { computeHash, hashRevision } from './template-hash.ts';

/** What the API server stores for a container of which only name and image are given. */
const CONTAINER = {
  name: 'nginx',
  image: 'nginx:1.27',
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
};
const SPEC = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
};

function template(container: object, spec: object = {}): PodTemplateSpec {
  return {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ ...CONTAINER, ...container }], ...SPEC, ...spec },
  };
}

describe("computeHash gives what kube-controller-manager v1.28's ComputeHash gives", () => {
  const PORT = { ports: [{ containerPort: 80, protocol: 'TCP' }] };

  it.each([
    ['a container', template({}), '5576d9f5bc'],
    ['a port', template(PORT), '74b769d744'],
    [
      'quantities and a probe',
      template({
        ...PORT,
        resources: { limits: { cpu: '200m', memory: '128Mi' } },
        readinessProbe: { httpGet: { port: 80 }, timeoutSeconds: 1 },
      }),
      '7cf9f974f6',
    ],
  ])('for %s', (_, given, hash) => {
    expect(computeHash(given, undefined)).toBe(hash);
  });

  it('takes the count of collisions in', () => {
    const given = template({
      ...PORT,
      resources: { limits: { cpu: '200m', memory: '128Mi' } },
      readinessProbe: { httpGet: { port: 80 }, timeoutSeconds: 1 },
    });
    expect(computeHash(given, 3)).toBe('6c68789cbc');
  });

  it('takes in fields that v1.28 does not have', () => {
    const later = template({}, { hostnameOverride: 'a' });
    expect(computeHash(later, undefined)).not.toBe(computeHash(template({}), undefined));
  });
});

describe('dumpTemplate', () => {
  it('shows embedded structures, maps, pointers and lists as Go does', () => {
    const dump = dumpTemplate(
      template(
        { command: ['sh', '-c'], livenessProbe: { tcpSocket: { port: 'http' } } },
        {
          volumes: [{ name: 'v', configMap: { name: 'c', defaultMode: 420 } }],
          nodeSelector: { b: '1', a: '2' },
        },
      ),
    );
    expect(dump).toContain('Command:([]string)[sh -c]');
    expect(dump).toContain('NodeSelector:(map[string]string)map[a:2 b:1]');
    expect(dump).toContain(
      'Port:(intstr.IntOrString){Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)http}',
    );
    expect(dump).toContain(
      'ConfigMap:(*v1.ConfigMapVolumeSource){LocalObjectReference:(v1.LocalObjectReference){Name:(string)c} ' +
        'Items:([]v1.KeyToPath)<nil> DefaultMode:(*int32)420 Optional:(*bool)<nil>}',
    );
  });
});

describe("hashRevision gives what kube-controller-manager v1.28's HashControllerRevision gives", () => {
  const data = goJson({
    spec: {
      template: {
        $patch: 'replace',
        metadata: { creationTimestamp: null, labels: { app: 'db' } },
        spec: {
          containers: [
            {
              ...CONTAINER,
              name: 'pg',
              image: 'postgres:16',
              ports: [{ containerPort: 5432, name: 'pg', protocol: 'TCP' }],
              env: [{ name: 'POSTGRES_PASSWORD', value: '<x&>' }],
            },
          ],
          ...SPEC,
        },
      },
    },
  });

  it('for a stateful set', () => {
    expect(hashRevision(data, 0)).toBe('584d78f56d');
  });

  it('takes the count of collisions in', () => {
    expect(hashRevision(data, 1)).not.toBe(hashRevision(data, 0));
  });
});
