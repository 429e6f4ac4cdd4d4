import { expect, test } from 'vitest';
import { schemaOf } from './schema.ts';
import { inStructureOrder } from './structure-order.ts';

const POD = schemaOf('io.k8s.api.core.v1.Pod')!;
const DEFINITION = schemaOf(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition',
)!;

test('fields stand as in the structures, embedded ones in their place; keys of maps as in the alphabet', () => {
  const pod = {
    spec: {
      dnsPolicy: 'ClusterFirst',
      nodeSelector: { b: '1', a: '2' },
      containers: [
        {
          resources: { requests: { memory: '1', cpu: '1' }, limits: {} },
          imagePullPolicy: 'Always',
          image: 'nginx',
          name: 'c',
          envFrom: [{ secretRef: { optional: true, name: 's' } }],
        },
      ],
      volumes: [{ emptyDir: {}, name: 'v' }],
    },
    metadata: { labels: { z: '', a: '' }, name: 'p' },
    apiVersion: 'v1',
    kind: 'Pod',
  };
  expect(JSON.stringify(inStructureOrder(pod, POD))).toBe(
    JSON.stringify({
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name: 'p', labels: { a: '', z: '' } },
      spec: {
        volumes: [{ name: 'v', emptyDir: {} }],
        containers: [
          {
            name: 'c',
            image: 'nginx',
            envFrom: [{ secretRef: { name: 's', optional: true } }],
            resources: { limits: {}, requests: { cpu: '1', memory: '1' } },
            imagePullPolicy: 'Always',
          },
        ],
        dnsPolicy: 'ClusterFirst',
        nodeSelector: { a: '2', b: '1' },
      },
    }),
  );
});

test('what is in order is the same object, and is shared where its surroundings are not', () => {
  const spec = { containers: [{ name: 'c', image: 'nginx' }], nodeName: 'a' };
  const ordered = { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'p' }, spec };
  expect(inStructureOrder(ordered, POD)).toBe(ordered);
  const turned = inStructureOrder({ spec, kind: 'Pod' }, POD);
  expect(Object.keys(turned)).toEqual(['kind', 'spec']);
  expect(turned.spec).toBe(spec);
});

test('what an earlier object had is not looked at', () => {
  const spec = { nodeName: 'a', containers: [] };
  const pod = { spec, metadata: { name: 'p' } };
  const ordered = inStructureOrder(pod, POD, { spec });
  expect(Object.keys(ordered)).toEqual(['metadata', 'spec']);
  expect(ordered.spec).toBe(spec);
});

test('schemas that stand where several or none may stand are in order, and values in them stay as they are', () => {
  const definition = {
    spec: {
      versions: [
        {
          schema: {
            openAPIV3Schema: {
              properties: {
                b: { items: { required: ['x'], type: 'object' }, type: 'array' },
                a: { items: [{ format: 'f', type: 'string' }], default: { z: 1, a: 2 }, type: 'array' },
                c: { additionalProperties: false, type: 'object' },
              },
              type: 'object',
            },
          },
          name: 'v1',
        },
      ],
    },
  };
  expect(JSON.stringify(inStructureOrder(definition, DEFINITION).spec.versions[0])).toBe(
    JSON.stringify({
      name: 'v1',
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: {
            a: { type: 'array', default: { z: 1, a: 2 }, items: [{ type: 'string', format: 'f' }] },
            b: { type: 'array', items: { type: 'object', required: ['x'] } },
            c: { type: 'object', additionalProperties: false },
          },
        },
      },
    }),
  );
});
