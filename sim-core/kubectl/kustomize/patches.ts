import type { Json, KubeObject } from '../../apimachinery/object.ts';
import { parseApiVersion } from '../../apimachinery/object.ts';
import { applyJsonPatch, type JsonPatchOperation } from '../../apimachinery/patch/json-patch.ts';
import { applyMergePatch } from '../../apimachinery/patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../../apimachinery/patch/strategic/merge.ts';
import { patchSchemaOf } from '../../apimachinery/patch/strategic/patch-schema.ts';
import { readYaml } from '../resource/yaml-reader.ts';
import { schemaOfKind } from '../util/schema.ts';
import type { PatchEntry, Selector } from './kustomization.ts';
import type { Renamed } from './name-references.ts';

/** Applies one entry of `patches` to the objects that it is meant for; gives those that are left. */
export function applyPatch(
  entries: readonly Renamed[],
  entry: PatchEntry,
  read: (path: string) => string,
): Renamed[] {
  const text = entry.path === undefined ? (entry.patch ?? '') : read(entry.path);
  let result = [...entries];
  for (const patch of readYaml(text)) {
    if (Array.isArray(patch)) {
      if (entry.target === undefined)
        throw new Error('must specify a target for JSON patch [' + text.trim() + ']');
      for (const one of result) {
        if (isSelected(one, entry.target))
          replaceWith(
            one.object,
            applyJsonPatch(one.object as unknown as Json, patch as unknown as JsonPatchOperation[]),
          );
      }
      continue;
    }
    const object = patch as unknown as KubeObject;
    const chosen = result.filter((one) =>
      entry.target === undefined ? isSame(one, object) : isSelected(one, entry.target),
    );
    if (chosen.length === 0 && entry.target === undefined) throw new Error(noMatch(object));
    if ((object as { $patch?: unknown }).$patch === 'delete') {
      result = result.filter((one) => !chosen.includes(one));
      continue;
    }
    for (const one of chosen) merge(one.object, object);
  }
  return result;
}

function noMatch({ apiVersion = '', kind = '', metadata }: KubeObject): string {
  const { group, version } = parseApiVersion(apiVersion);
  const groupKind = [kind, version, group || '[noGrp]'].join('.');
  return `no resource matches strategic merge patch ${JSON.stringify(`${groupKind}/${metadata?.name ?? '[noName]'}.${metadata?.namespace ?? '[noNs]'}`)}: no matches for Id ${groupKind}/${metadata?.name ?? '[noName]'}.${metadata?.namespace ?? '[noNs]'}; failed to find unique target for patch ${groupKind}/${metadata?.name ?? '[noName]'}.${metadata?.namespace ?? '[noNs]'}`;
}

/** A strategic merge patch for kinds that are known, a JSON merge patch for others. */
function merge(object: KubeObject, patch: KubeObject): void {
  const { apiVersion = '', kind = '' } = object;
  const { name, namespace, ...metadata } = object.metadata;
  const schema = schemaOfKind({ ...parseApiVersion(apiVersion), kind });
  const { name: _n, namespace: _s, ...patchMetadata } = patch.metadata ?? {};
  const change = {
    ...patch,
    apiVersion,
    kind,
    metadata: patchMetadata,
  } as unknown as Json & { [key: string]: Json };
  const before = { ...object, metadata } as unknown as Json & { [key: string]: Json };
  const after = (schema === undefined
    ? applyMergePatch(before, change)
    : applyStrategicMergePatch(before, change, patchSchemaOf(schema))) as unknown as KubeObject;
  replaceWith(object, {
    ...after,
    metadata: { name, ...(namespace !== undefined && { namespace }), ...after.metadata },
  } as unknown as Json);
}

function replaceWith(object: KubeObject, after: Json): void {
  for (const key of Object.keys(object)) delete (object as Record<string, unknown>)[key];
  Object.assign(object, after);
}

function isSame(
  { kind, original, object }: Renamed,
  { apiVersion, kind: wanted, metadata }: KubeObject,
): boolean {
  return (
    kind === wanted &&
    object.apiVersion === apiVersion &&
    (metadata?.name === original || metadata?.name === object.metadata.name)
  );
}

/** Models sigs.k8s.io/kustomize/api/types Selector: names and kinds are regular expressions. */
function isSelected({ kind, original, object }: Renamed, target: Selector): boolean {
  const { group, version } = parseApiVersion(object.apiVersion ?? '');
  const matches = (pattern: string | undefined, text: string) =>
    pattern === undefined || pattern === '' || new RegExp(`^(?:${pattern})$`).test(text);
  return (
    matches(target.group, group) &&
    matches(target.version, version) &&
    matches(target.kind, kind) &&
    (matches(target.name, original) || matches(target.name, object.metadata.name ?? '')) &&
    matches(target.namespace, object.metadata.namespace ?? '') &&
    hasPairs(object.metadata.labels, target.labelSelector) &&
    hasPairs(object.metadata.annotations, target.annotationSelector)
  );
}

function hasPairs(
  values: Readonly<Record<string, string>> | undefined,
  selector: string | undefined,
): boolean {
  if (selector === undefined || selector === '') return true;
  return selector.split(',').every((part) => {
    const [key = '', value] = part.split(/==?/);
    return value === undefined ? values?.[key] !== undefined : values?.[key] === value;
  });
}
