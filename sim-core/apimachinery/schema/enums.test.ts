import { expect, test } from 'vitest';
import { enumOf, enumText } from './enums.ts';
import { fieldAt, schemaOf } from './schema.ts';

test('enumOf names the values of a field, or of what it holds', () => {
  expect(enumOf('io.k8s.api.core.v1.PodSpec', 'restartPolicy')).toEqual(['Always', 'Never', 'OnFailure']);
  expect(enumOf('io.k8s.api.core.v1.PodSpec', 'nodeName')).toBeUndefined();
  expect(enumOf('io.k8s.api.core.v1.PersistentVolumeSpec', 'accessModes')).toBeUndefined();
  expect(enumOf('io.k8s.api.core.v1.PersistentVolumeSpec', 'accessModes', true)).toContain('ReadWriteOnce');
});

test('enumText says what they stand for', () => {
  expect(enumText('io.k8s.api.core.v1.ServiceSpec', 'sessionAffinity')).toBe(
    '\n\nPossible enum values:\n - `"ClientIP"` is the Client IP based.\n - `"None"` - no session affinity.',
  );
  expect(enumText('io.k8s.api.core.v1.PersistentVolumeSpec', 'accessModes')).toBe('');
});

test('a field that is listed exists', () => {
  expect(enumOf('io.k8s.api.core.v1.Toleration', 'effect')).toContain('NoExecute');
  expect(fieldAt(schemaOf('io.k8s.api.core.v1.Toleration')!, ['effect'])).toBeDefined();
});
