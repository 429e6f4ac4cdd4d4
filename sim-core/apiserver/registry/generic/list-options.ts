import type { FieldSelector } from '../../../apimachinery/fields/selector.ts';
import type { Selector } from '../../../apimachinery/labels/selector.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { ResourceDefinition } from '../rest/resource.ts';

/** What a list, a watch or a deletecollection asks for. Models metainternalversion.ListOptions. */
export interface ListOptions {
  readonly labels: Selector;
  readonly fields: FieldSelector;
  /** "" for none. */
  readonly resourceVersion: string;
  readonly resourceVersionMatch: '' | 'Exact' | 'NotOlderThan';
  /** 0: no limit. */
  readonly limit: number;
  /** "" for none. */
  readonly continue: string;
}

/** The fields of an object that a field selector may name. */
function selectableFields(
  { strategy }: ResourceDefinition,
  object: KubeObject,
): Readonly<Record<string, string>> {
  return {
    'metadata.name': object.metadata.name ?? '',
    'metadata.namespace': object.metadata.namespace ?? '',
    ...strategy.selectableFields?.(object),
  };
}

/** Undefined if the selectors select everything. */
export function matcherOf(
  definition: ResourceDefinition,
  { labels, fields }: ListOptions,
): ((object: KubeObject) => boolean) | undefined {
  if (labels.empty && fields.empty) return undefined;
  return (object) =>
    (labels.empty || labels.matches(object.metadata.labels)) &&
    (fields.empty || fields.matches(selectableFields(definition, object)));
}
