import type { Json } from '../../apimachinery/object.ts';
import type { AdmissionAttributes } from './plugin.ts';

/** A request as webhooks and expressions see it, without the objects. Models CreateAdmissionRequest. */
export function requestOf(attributes: AdmissionAttributes): { [key: string]: Json } {
  const { kind, resource, subresource, user, name, namespace, operation, dryRun, options } = attributes;
  const kindOf = { group: kind.group, version: kind.version, kind: kind.kind };
  const resourceOf = { group: resource.group, version: resource.version, resource: resource.resource };
  return {
    kind: kindOf,
    resource: resourceOf,
    subResource: subresource,
    requestKind: kindOf,
    requestResource: resourceOf,
    requestSubResource: subresource,
    name,
    namespace,
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid !== undefined && { uid: user.uid }),
      groups: [...user.groups],
      ...(user.extra !== undefined && { extra: user.extra as unknown as Json }),
    },
    dryRun,
    options: options as Json,
  };
}
