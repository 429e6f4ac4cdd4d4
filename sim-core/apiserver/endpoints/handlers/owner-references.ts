import { semanticEqual } from '../../../apimachinery/copy.ts';
import type { ObjectMeta, OwnerReference } from '../../../apimachinery/object.ts';

const ADVICE =
  'API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; ' +
  'please fix your requests; duplicate UID(s) observed: ';

/**
 * Takes out owners that are named twice, in place; gives the warning that is due, if any.
 * `after` is said where mutating admission is what may have doubled them.
 *
 * Models endpoints/handlers/rest.go dedupOwnerReferencesAndAddWarning.
 */
export function dedupOwnerReferences(metadata: ObjectMeta, after: '' | 'mutating admission'): string[] {
  const kept: OwnerReference[] = [];
  const duplicates: string[] = [];
  for (const reference of metadata.ownerReferences ?? []) {
    if (kept.some((known) => semanticEqual(known, reference))) duplicates.push(reference.uid);
    else kept.push(reference);
  }
  if (duplicates.length === 0) return [];
  metadata.ownerReferences = kept;
  const when = after === '' ? '' : ` after ${after} happens`;
  const found = `.metadata.ownerReferences contains duplicate entries${when}; `;
  return [found + ADVICE + duplicates.join(', ')];
}
