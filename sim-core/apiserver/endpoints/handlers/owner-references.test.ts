import { expect, test } from 'vitest';
import type { ObjectMeta } from '../../../apimachinery/object.ts';
import { dedupOwnerReferences } from './owner-references.ts';

const owner = (uid: string, name = 'a') => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid });

test.each([
  ['none', [], [], undefined],
  ['two of one uid that differ', [owner('1'), owner('1', 'b')], [owner('1'), owner('1', 'b')], undefined],
  ['the same ones', [owner('1'), owner('2'), owner('1'), owner('2')], [owner('1'), owner('2')], '1, 2'],
])('dedupOwnerReferences: %s', (_name, ownerReferences, want, uids) => {
  const metadata: ObjectMeta = { ownerReferences };
  const warnings = dedupOwnerReferences(metadata, 'mutating admission');
  expect(metadata.ownerReferences).toEqual(want);
  expect(warnings).toEqual(
    uids === undefined
      ? []
      : [
          '.metadata.ownerReferences contains duplicate entries after mutating admission happens; API server dedups owner references in 1.20+, ' +
            `and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids}`,
        ],
  );
});
