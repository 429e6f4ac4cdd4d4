import type { UserInfo } from '../../authentication/user.ts';
import { NODE_USER_PREFIX, NODES_GROUP } from '../../authentication/user.ts';

/**
 * Which node a user is: undefined for one that is no node, "" for a node without a name.
 * Models pkg/auth/nodeidentifier/default.go NodeIdentity.
 */
export function nodeIdentity({ name, groups }: UserInfo): string | undefined {
  if (!name.startsWith(NODE_USER_PREFIX) || !groups.includes(NODES_GROUP)) return undefined;
  return name.slice(NODE_USER_PREFIX.length);
}
