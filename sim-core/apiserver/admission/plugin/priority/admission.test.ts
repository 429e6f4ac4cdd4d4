import { expect, test } from 'vitest';
import { attributesOf } from '../../../../testing/admission.ts';
import { readerOf } from '../../../../testing/object-reader.ts';
import { Priority } from './admission.ts';

const HIGH = { metadata: { name: 'high' }, value: 1000, preemptionPolicy: 'Never' };
const DEFAULT = {
  metadata: { name: 'usual' },
  value: 10,
  globalDefault: true,
  preemptionPolicy: 'PreemptLowerPriority',
};
const pluginOf = (...priorityclasses: object[]) =>
  new Priority({ reader: readerOf({ priorityclasses: priorityclasses as never }) });
const podOf = (spec: object) => attributesOf({ resource: 'pods', object: { metadata: { name: 'p' }, spec } });

test.each([
  ['no class, no default', [HIGH], {}, { priority: 0, preemptionPolicy: 'PreemptLowerPriority' }],
  ['no class, but a default', [HIGH, DEFAULT], {}, { priorityClassName: 'usual', priority: 10 }],
  ['a class', [HIGH, DEFAULT], { priorityClassName: 'high' }, { priority: 1000, preemptionPolicy: 'Never' }],
])('Priority: %s', async (_name, classes, spec, want) => {
  const attributes = podOf(spec);
  await pluginOf(...classes).admit(attributes);
  expect(attributes.object!.spec).toMatchObject(want);
});

test.each([
  ['a class that is not there', { priorityClassName: 'ghost' }, 'no PriorityClass with name ghost was found'],
  [
    'another priority than the class has',
    { priorityClassName: 'high', priority: 5 },
    'the integer value of priority (5) must not be provided in pod spec',
  ],
])('Priority refuses %s', async (_name, spec, message) => {
  await expect(pluginOf(HIGH).admit(podOf(spec))).rejects.toThrow(message);
});

test('Priority refuses a second default class', async () => {
  const attributes = attributesOf({
    resource: 'priorityclasses',
    group: 'scheduling.k8s.io',
    object: { metadata: { name: 'other' }, value: 1, globalDefault: true },
  });
  await expect(pluginOf(DEFAULT).validate(attributes)).rejects.toThrow(
    'PriorityClass usual is already marked as default. Only one default can exist',
  );
});
