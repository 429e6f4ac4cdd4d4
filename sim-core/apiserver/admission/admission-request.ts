import type { Json, JsonObject } from '../../apimachinery/object.ts';
import type { AdmissionAttributes } from './plugin.ts';

const OPTIONS = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' };

/** Go leaves out what is empty: no subresource, a name that is yet to be generated. */
const given = (name: string, value: string | undefined) =>
  value === undefined || value === '' ? {} : { [name]: value };

/** A request as webhooks and expressions see it, without the objects. Models CreateAdmissionRequest. */
export function requestOf(attributes: AdmissionAttributes): JsonObject {
  const { kind, resource, subresource, user, name, namespace, operation, dryRun } = attributes;
  const kindOf = { group: kind.group, version: kind.version, kind: kind.kind };
  const resourceOf = { group: resource.group, version: resource.version, resource: resource.resource };
  return {
    kind: kindOf,
    resource: resourceOf,
    ...given('subResource', subresource),
    requestKind: kindOf,
    requestResource: resourceOf,
    ...given('requestSubResource', subresource),
    ...given('name', name),
    ...given('namespace', namespace),
    operation,
    userInfo: {
      ...given('username', user.name),
      ...given('uid', user.uid),
      ...(user.groups.length > 0 && { groups: [...user.groups] }),
      ...(Object.keys(user.extra ?? {}).length > 0 && { extra: user.extra as unknown as Json }),
    },
    dryRun,
    options: optionsOf(attributes),
  };
}

/** A connection has no options: what it is given is its object. "force" belongs to the patch, not to the write. */
function optionsOf({ operation, options }: AdmissionAttributes): Json {
  if (operation === 'CONNECT') return null;
  const isEmpty = (value: unknown) =>
    value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  const said = Object.entries(options).filter(([name, value]) => name !== 'force' && !isEmpty(value));
  return {
    ...(Object.fromEntries(said) as JsonObject),
    kind: OPTIONS[operation],
    apiVersion: 'meta.k8s.io/v1',
  };
}
