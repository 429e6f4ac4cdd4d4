/** Models k8s.io/apiserver/pkg/authentication/user Info. */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** The special users and groups of upstream's user.go. */
export const ANONYMOUS = 'system:anonymous';
/** As whom the server manages fields of what it writes itself. */
export const API_SERVER_MANAGER = 'kube-apiserver';
export const API_SERVER_USER = 'system:apiserver';
export const ALL_AUTHENTICATED = 'system:authenticated';
export const ALL_UNAUTHENTICATED = 'system:unauthenticated';
export const SYSTEM_PRIVILEGED_GROUP = 'system:masters';
export const NODES_GROUP = 'system:nodes';
export const NODE_USER_PREFIX = 'system:node:';
