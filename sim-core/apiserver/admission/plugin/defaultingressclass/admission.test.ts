import { expect, test } from 'vitest';
import { attributesOf } from '../../../../testing/admission.ts';
import { readerOf } from '../../../../testing/object-reader.ts';
import { DefaultIngressClass } from './admission.ts';

const classOf = (name: string, isDefault: boolean) => ({
  metadata: {
    name,
    ...(isDefault && { annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } }),
  },
});
const pluginOf = (...ingressclasses: object[]) =>
  new DefaultIngressClass({ reader: readerOf({ ingressclasses: ingressclasses as never }) });
const ingressOf = (spec: object, annotations: Record<string, string> = {}) =>
  attributesOf({
    group: 'networking.k8s.io',
    resource: 'ingresses',
    object: { metadata: { name: 'web', annotations }, spec },
  });

test.each([
  ['no default', [classOf('a', false)], {}, {}, undefined],
  ['a default', [classOf('a', false), classOf('b', true)], {}, {}, 'b'],
  ['a class of its own', [classOf('b', true)], { ingressClassName: 'own' }, {}, 'own'],
  ['the old annotation', [classOf('b', true)], {}, { 'kubernetes.io/ingress.class': 'old' }, undefined],
])('%s', async (_name, classes, spec, annotations, want) => {
  const attributes = ingressOf(spec, annotations);
  await pluginOf(...classes).admit(attributes);
  expect(attributes.object!.spec.ingressClassName).toBe(want);
});

test('two defaults', async () => {
  await expect(pluginOf(classOf('a', true), classOf('b', true)).admit(ingressOf({}))).rejects.toThrow(
    '2 default IngressClasses were found, only 1 allowed',
  );
});
