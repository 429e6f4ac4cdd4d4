import type { FieldSelector } from '../../../apimachinery/fields/selector.ts';
import { FieldSelectorError, parseFieldSelector } from '../../../apimachinery/fields/selector.ts';
import { signedComplaint } from '../../../apimachinery/go-numbers.ts';
import { parseSelector, SelectorError } from '../../../apimachinery/labels/selector.ts';
import { badRequestError, invalidError } from '../../../apimachinery/status.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { forbidden, notSupported } from '../../../apimachinery/validation/field-error.ts';
import type { ListOptions } from '../../registry/generic/list-options.ts';
import type { ResourceDefinition } from '../../registry/rest/resource.ts';
import type { Query } from '../query.ts';

/** Rejects with 422, naming the options: 'CreateOptions.meta.k8s.io "" is invalid: …'. */
export function checkOptions(kind: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidError({ group: 'meta.k8s.io', kind }, '', errors);
}

/** Options of a list or watch. Rejects with 400 for what cannot be read and 422 for what makes no sense. */
export function listOptions(
  query: Query,
  definition: ResourceDefinition,
): ListOptions & { readonly sendInitialEvents: boolean; readonly timeoutSeconds: number } {
  const limit = integer(query, 'limit');
  const timeoutSeconds = integer(query, 'timeoutSeconds');
  const labels = readSelector(() => parseSelector(query.get('labelSelector')));
  const fields = readSelector(() => parseFieldSelector(query.get('fieldSelector')));
  checkOptions('ListOptions', validateListOptions(query));
  checkFields(fields, definition);
  return {
    labels,
    fields,
    limit: Math.max(limit, 0),
    timeoutSeconds,
    resourceVersion: query.get('resourceVersion'),
    resourceVersionMatch: query.get('resourceVersionMatch') as ListOptions['resourceVersionMatch'],
    continue: query.get('continue'),
    sendInitialEvents: query.boolean('sendInitialEvents'),
  };
}

/** A number as Go reads it; 0 if it is missing. Rejects with 400. */
export function integer(query: Query, name: string): number {
  if (!query.has(name)) return 0;
  const text = query.get(name);
  const complaint = signedComplaint(text);
  if (complaint !== undefined) throw badRequestError(complaint);
  return Number(text);
}

/** Models endpoints/handlers/get.go: what was once an option is refused. */
export function refuseExport(query: Query): void {
  if (!query.boolean('export')) return;
  throw badRequestError('the export parameter, deprecated since v1.14, is no longer supported');
}

function readSelector<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SelectorError || error instanceof FieldSelectorError) {
      throw badRequestError(error.message);
    }
    throw error;
  }
}

/** Models the kinds' field label conversion functions, and DefaultMetaV1FieldSelectorConversion. */
function checkFields(fields: FieldSelector, { strategy, namespaced, custom }: ResourceDefinition): void {
  if (fields.empty) return;
  const own = strategy.selectableFields?.({ metadata: {}, spec: {}, status: {} });
  // The functions of cluster-scoped kinds do not know the namespace, the default one does.
  const known = [
    'metadata.name',
    ...(namespaced || !own ? ['metadata.namespace'] : []),
    ...Object.keys(own ?? {}),
  ];
  for (const { field, value } of fields.requirements) {
    if (known.includes(field) || (field === '' && value === '')) continue;
    throw badRequestError(
      own === undefined && custom === undefined
        ? `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
        : (strategy.unknownField?.(field) ?? `field label not supported: ${field}`),
    );
  }
}

const MATCH = 'resourceVersionMatch';

/** Models apis/meta/internalversion/validation ValidateListOptions. */
function validateListOptions(query: Query): FieldError[] {
  const match = query.get(MATCH);
  const resourceVersion = query.get('resourceVersion');
  const initialEvents = query.has('sendInitialEvents');
  if (query.boolean('watch')) {
    const errors: FieldError[] = [];
    if (initialEvents && match !== 'NotOlderThan') {
      errors.push(
        forbidden(MATCH, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'),
      );
    }
    if (match === '') return errors;
    if (!initialEvents) {
      errors.push(
        forbidden(MATCH, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'),
      );
    }
    if (match !== 'NotOlderThan') errors.push(notSupported(MATCH, match, ['NotOlderThan']));
    if (query.get('continue') !== '') {
      errors.push(forbidden(MATCH, 'resourceVersionMatch is forbidden when continue is provided'));
    }
    return errors;
  }
  const errors: FieldError[] = [];
  if (match !== '') {
    if (resourceVersion === '') {
      errors.push(forbidden(MATCH, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
    }
    if (query.get('continue') !== '') {
      errors.push(forbidden(MATCH, 'resourceVersionMatch is forbidden when continue is provided'));
    }
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      errors.push(notSupported(MATCH, match, ['Exact', 'NotOlderThan', '']));
    }
    if (match === 'Exact' && resourceVersion === '0') {
      errors.push(forbidden(MATCH, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
    }
  }
  if (initialEvents) errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  return errors;
}
