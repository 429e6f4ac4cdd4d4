import { deepEqual } from '../../../apimachinery/copy.ts';
import type { OwnerReference } from '../../../apimachinery/object.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { ServerRequest } from '../request.ts';

const SINCE = 'API server dedups owner references in 1.20+, and may reject such requests as early as 1.24';

/**
 * Leaves out owner references that the object repeats, with a warning; `admitted`: mutating admission may have
 * added them. Changes `object`. Models endpoints/handlers/rest.go dedupOwnerReferencesAndAddWarning.
 */
export function dedupOwnerReferences(
  { metadata }: KubeObject,
  request: ServerRequest,
  admitted = false,
): void {
  const { ownerReferences = [] } = metadata;
  if (ownerReferences.length < 2) return;
  const left: OwnerReference[] = [];
  const repeated: string[] = [];
  for (const reference of ownerReferences) {
    if (left.some((other) => deepEqual(other, reference))) repeated.push(reference.uid);
    else left.push(reference);
  }
  if (repeated.length === 0) return;
  metadata.ownerReferences = left;
  const place = '.metadata.ownerReferences contains duplicate entries';
  request.warnings.push(
    admitted
      ? `${place} after mutating admission happens; ${SINCE}; please fix your requests; duplicate UID(s) observed: ${repeated.join(', ')}`
      : `${place}; ${SINCE}; please fix your requests; duplicate UID(s) observed: ${repeated.join(', ')}`,
  );
}
