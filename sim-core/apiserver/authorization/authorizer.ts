import type { UserInfo } from '../authentication/user.ts';

/** What is asked for. Models k8s.io/apiserver/pkg/authorization/authorizer Attributes. */
export interface AuthorizationAttributes {
  readonly user: UserInfo;
  readonly verb: string;
  readonly resourceRequest: boolean;
  /** Of a resource request; empty texts where it has none. */
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** Of any other request: "/healthz". */
  readonly path: string;
}

export interface Decision {
  /** "no opinion" lets the next authorizer decide; if none allows, the request is refused. */
  readonly decision: 'allow' | 'deny' | 'no opinion';
  /** 'RBAC: allowed by …', or why not. */
  readonly reason: string;
  /** Name of the authorizer that decided, where several were asked. */
  readonly by?: string;
}

export interface Authorizer {
  /** As in --authorization-mode: "Node", "RBAC", "AlwaysAllow". */
  readonly name: string;
  authorize(attributes: AuthorizationAttributes): Promise<Decision>;
}

/** One rule that a user has. Models authorizer ResourceRuleInfo and NonResourceRuleInfo. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** Lists what a user may do in a namespace, for SelfSubjectRulesReview and escalation checks. */
export interface RuleResolver {
  rulesFor(user: UserInfo, namespace: string): Promise<{ rules: readonly PolicyRule[]; incomplete: boolean }>;
}
