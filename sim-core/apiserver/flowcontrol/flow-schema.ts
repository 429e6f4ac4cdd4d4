import type { KubeObject } from '../../apimachinery/object.ts';
import type { UserInfo } from '../authentication/user.ts';
import type { RequestInfo } from '../endpoints/request-info.ts';

interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly user?: { readonly name: string };
  readonly group?: { readonly name: string };
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
}
interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly clusterScope?: boolean;
  readonly namespaces?: readonly string[];
}
interface NonResourceRule {
  readonly verbs: readonly string[];
  readonly nonResourceURLs: readonly string[];
}
export interface FlowRule {
  readonly subjects?: readonly Subject[];
  readonly resourceRules?: readonly ResourceRule[];
  readonly nonResourceRules?: readonly NonResourceRule[];
}
interface FlowSchemaSpec {
  readonly priorityLevelConfiguration: { readonly name: string };
  readonly matchingPrecedence?: number;
  readonly distinguisherMethod?: { readonly type: 'ByUser' | 'ByNamespace' };
  readonly rules?: readonly FlowRule[];
}

/** Who asks for what, as flow schemas look at it. */
export interface RequestDigest {
  readonly user: UserInfo;
  readonly info: RequestInfo;
}

/** Which requests belong together, and how important they are. Models util/flowcontrol/rule.go. */
export class FlowSchema {
  readonly name: string;
  readonly uid: string;
  readonly priorityLevel: string;
  readonly precedence: number;
  readonly #rules: readonly FlowRule[];
  readonly #distinguisher: 'ByUser' | 'ByNamespace' | undefined;

  constructor({ metadata, spec }: KubeObject) {
    const { priorityLevelConfiguration, matchingPrecedence, distinguisherMethod, rules } =
      spec as FlowSchemaSpec;
    this.name = metadata.name!;
    this.uid = metadata.uid ?? '';
    this.priorityLevel = priorityLevelConfiguration.name;
    this.precedence = matchingPrecedence ?? 0;
    this.#rules = rules ?? [];
    this.#distinguisher = distinguisherMethod?.type;
  }

  /** The rules that are about the user: one of them must match the request ({@link matchesRequest}). */
  rulesFor(user: UserInfo): readonly FlowRule[] {
    return this.#rules.filter(({ subjects = NONE }) =>
      subjects.some((subject) => matchesSubject(subject, user)),
    );
  }

  /** Requests of one flow share their queues. */
  flowOf({ user, info }: RequestDigest): string {
    switch (this.#distinguisher) {
      case 'ByUser':
        return user.name;
      case 'ByNamespace':
        return info.namespace;
      case undefined:
        return '';
    }
  }

  /** In the order in which schemas are tried. */
  static compare(a: FlowSchema, b: FlowSchema): number {
    return a.precedence - b.precedence || (a.name < b.name ? -1 : 1);
  }
}

const NONE: readonly never[] = [];

/** True if the rule is about such a request, whoever makes it. */
export function matchesRequest(
  { resourceRules = NONE, nonResourceRules = NONE }: FlowRule,
  info: RequestInfo,
): boolean {
  if (!info.isResourceRequest) {
    return nonResourceRules.some(
      ({ verbs, nonResourceURLs }) =>
        has(verbs, info.verb) && nonResourceURLs.some((pattern) => matchesPath(pattern, info.path)),
    );
  }
  const resource = info.subresource === '' ? info.resource : `${info.resource}/${info.subresource}`;
  for (const { verbs, apiGroups, resources, clusterScope, namespaces = NONE } of resourceRules) {
    const matches =
      has(verbs, info.verb) &&
      has(apiGroups, info.group) &&
      has(resources, resource) &&
      (info.namespace === '' ? clusterScope === true : has(namespaces, info.namespace));
    if (matches) return true;
  }
  return false;
}

function matchesSubject(subject: Subject, user: UserInfo): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.user?.name === '*' || subject.user?.name === user.name;
    case 'Group':
      return subject.group?.name === '*' || user.groups.includes(subject.group?.name ?? '');
    case 'ServiceAccount': {
      const { namespace, name } = subject.serviceAccount!;
      const prefix = `system:serviceaccount:${namespace}:`;
      return name === '*' ? user.name.startsWith(prefix) : user.name === prefix + name;
    }
  }
}

const has = (values: readonly string[], value: string) => values.includes('*') || values.includes(value);

function matchesPath(pattern: string, path: string): boolean {
  return (
    pattern === '*' || pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1)))
  );
}
