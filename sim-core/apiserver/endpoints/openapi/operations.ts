import type { GroupVersionKind } from '../../../apimachinery/object.ts';
import { apiVersionOf } from '../../../apimachinery/object.ts';
import type { ResourceDefinition, ResourceVerb } from '../../registry/rest/resource.ts';
import type { Subresource } from '../../registry/rest/subresource.ts';
import { kindOf, subresourceVerbs, verbsOf } from '../discovery/resource-list.ts';
import { subresourcesOf } from '../installer.ts';
import type { Parameter } from './parameters.ts';
import {
  CREATE_PARAMETERS,
  DELETE_COLLECTION_PARAMETERS,
  DELETE_PARAMETERS,
  LIST_PARAMETERS,
  NAMESPACE,
  nameOf,
  PATCH_PARAMETERS,
  PATH,
} from './parameters.ts';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** One method of one path, before it is written in the form of one version of OpenAPI. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head' | 'options';
  /** "readCoreV1NamespacedPod". */
  readonly id: string;
  readonly description: string;
  readonly kind: GroupVersionKind;
  /** What the extension x-kubernetes-action says. */
  readonly action: string;
  readonly parameters: readonly Parameter[];
  /** The body's type; a patch has its own media types. */
  readonly body?: string;
  /** The answer's type; missing: plain text. */
  readonly answer?: string;
  readonly statuses: readonly number[];
}

/** A path with what all of its methods share. */
export interface PathItem {
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly operations: readonly Operation[];
}

/** What a verb of a resource is in OpenAPI. */
interface VerbForm {
  readonly method: Operation['method'];
  readonly action: string;
  /** "read" of "readCoreV1NamespacedPod". */
  readonly word: string;
  readonly does: string;
  readonly parameters: readonly Parameter[];
  readonly takesBody: boolean;
  readonly statuses: readonly number[];
}

const FORMS: Readonly<Record<Exclude<ResourceVerb, 'watch'>, VerbForm>> = {
  get: form('get', 'get', 'read', 'read the specified', [], false, [200]),
  list: form('get', 'list', 'list', 'list or watch objects of kind', LIST_PARAMETERS, false, [200]),
  create: form('post', 'post', 'create', 'create', CREATE_PARAMETERS, true, [200, 201, 202]),
  update: form('put', 'put', 'replace', 'replace the specified', CREATE_PARAMETERS, true, [200, 201]),
  patch: form(
    'patch',
    'patch',
    'patch',
    'partially update the specified',
    PATCH_PARAMETERS,
    true,
    [200, 201],
  ),
  delete: form('delete', 'delete', 'delete', 'delete', DELETE_PARAMETERS, true, [200, 202]),
  deletecollection: form(
    'delete',
    'deletecollection',
    'delete',
    'delete collection of',
    DELETE_COLLECTION_PARAMETERS,
    true,
    [200],
  ),
};

function form(
  method: VerbForm['method'],
  action: string,
  word: string,
  does: string,
  parameters: readonly Parameter[],
  takesBody: boolean,
  statuses: readonly number[],
): VerbForm {
  return { method, action, word, does, parameters, takesBody, statuses };
}

const COLLECTION_VERBS = ['list', 'create', 'deletecollection'] as const;
const OBJECT_VERBS = ['get', 'update', 'patch', 'delete'] as const;

/** All paths of a resource and of what lies below its objects. Models endpoints/installer.go registerResourceHandlers. */
export function pathsOf(definition: ResourceDefinition): PathItem[] {
  const { namespaced, resource, kind } = definition;
  const root = `${definition.group === '' ? '/api' : '/apis'}/${apiVersionOf(definition)}`;
  const collection = `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${resource}`;
  const verbs = new Set<string>(verbsOf(definition));
  const scope = namespaced ? [NAMESPACE] : [];
  const named = [nameOf(kind), ...scope];
  const infix = namespaced ? 'Namespaced' : '';
  const operations = (list: readonly (keyof typeof FORMS)[]) =>
    list.filter((verb) => verbs.has(verb)).map((verb) => operation(definition, definition, verb, infix));
  return [
    { path: collection, parameters: scope, operations: operations(COLLECTION_VERBS) },
    { path: `${collection}/{name}`, parameters: named, operations: operations(OBJECT_VERBS) },
    ...subresourcesOf(definition).flatMap((subresource) =>
      subresourcePaths(definition, subresource, `${collection}/{name}/${subresource.name}`, named, infix),
    ),
    ...(namespaced
      ? [
          {
            path: `${root}/${resource}`,
            parameters: [],
            operations: verbs.has('list')
              ? [operation(definition, definition, 'list', '', 'ForAllNamespaces')]
              : [],
          },
        ]
      : []),
  ].filter((item) => item.operations.length > 0);
}

function subresourcePaths(
  definition: ResourceDefinition,
  subresource: Subresource,
  path: string,
  parameters: readonly Parameter[],
  infix: string,
): PathItem[] {
  const suffix = camel(subresource.name);
  if (subresource.handler === 'connect') {
    const methods = subresource.methods.map((method) => method.toLowerCase() as Operation['method']);
    const connect = (withPath: string): Operation[] =>
      methods.map((method) => ({
        method,
        id: `connect${groupWord(definition)}${camel(method)}${infix}${definition.kind}${suffix}${withPath}`,
        description: `connect ${method.toUpperCase()} requests to ${subresource.name} of ${definition.kind}`,
        kind: kindOf(definition, subresource),
        action: 'connect',
        parameters: [],
        statuses: [200],
      }));
    const items = [{ path, parameters, operations: connect('') }];
    if (subresource.name === 'proxy') {
      items.push({
        path: `${path}/{path}`,
        parameters: [...parameters, PATH],
        operations: connect('WithPath'),
      });
    }
    return items;
  }
  const shown = subresource.handler === 'object' ? subresource.kind : definition;
  const operations = subresourceVerbs(subresource).map((verb) =>
    operation(definition, shown, verb as keyof typeof FORMS, infix, suffix),
  );
  return [{ path, parameters, operations }];
}

function operation(
  definition: ResourceDefinition,
  target: GroupVersionKind & { readonly schema: string },
  verb: keyof typeof FORMS,
  infix: string,
  suffix = '',
): Operation {
  const { method, action, word, does, parameters, takesBody, statuses } = FORMS[verb];
  const deletes = verb === 'delete' || verb === 'deletecollection';
  const collection = verb === 'deletecollection' ? 'Collection' : '';
  const ofWhat =
    suffix === '' || suffix === 'ForAllNamespaces' ? definition.kind : `${suffix} of ${definition.kind}`;
  const answer =
    verb === 'list'
      ? `${target.schema}List`
      : deletes && definition.returnDeletedObject !== true
        ? `${META}.Status`
        : target.schema;
  return {
    method,
    id: `${word}${groupWord(definition)}${collection}${infix}${definition.kind}${suffix}`,
    description: `${does} ${ofWhat}`,
    kind: { group: target.group, version: target.version, kind: target.kind },
    action,
    parameters,
    ...(takesBody && { body: bodyOf(verb, target.schema) }),
    answer,
    statuses,
  };
}

function bodyOf(verb: keyof typeof FORMS, schema: string): string {
  if (verb === 'patch') return `${META}.Patch`;
  return verb === 'delete' || verb === 'deletecollection' ? `${META}.DeleteOptions` : schema;
}

/** "CoreV1", "RbacAuthorizationV1". */
function groupWord({ group, version }: ResourceDefinition): string {
  return `${groupName(group)}${camel(version)}`;
}

/** "Core", "RbacAuthorization" of "rbac.authorization.k8s.io". */
export function groupName(group: string): string {
  const short = group.replace(/\.k8s\.io$/, '');
  return short === '' ? 'Core' : camel(short);
}

function camel(text: string): string {
  return text
    .split(/[.-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
