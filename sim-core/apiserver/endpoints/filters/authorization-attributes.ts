import type { AuthorizationAttributes } from '../../authorization/authorizer.ts';
import type { ServerRequest } from '../request.ts';

/** What a request asks permission for. Models endpoints/filters GetAuthorizerAttributes. */
export function attributesOf({ info, user }: ServerRequest): AuthorizationAttributes {
  return {
    user,
    verb: info.verb,
    resourceRequest: info.isResourceRequest,
    group: info.group,
    version: info.version,
    resource: info.resource,
    subresource: info.subresource,
    namespace: info.namespace,
    name: info.name,
    path: info.path,
  };
}
