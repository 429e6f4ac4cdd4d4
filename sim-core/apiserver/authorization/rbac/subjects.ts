import type { Subject } from 'kubernetes-types/rbac/v1';
import type { UserInfo } from '../../authentication/user.ts';

const SERVICE_ACCOUNT_PREFIX = 'system:serviceaccount:';

/**
 * True if the user is the subject; `namespace` is the binding's, for service accounts that name none.
 * Models pkg/registry/rbac/validation/rule.go appliesToUser.
 */
export function appliesToUser(user: UserInfo, subject: Subject, namespace: string): boolean {
  switch (subject.kind) {
    case 'User':
      return user.name === subject.name;
    case 'Group':
      return user.groups.includes(subject.name);
    case 'ServiceAccount': {
      const home = subject.namespace || namespace;
      return home !== '' && user.name === `${SERVICE_ACCOUNT_PREFIX}${home}:${subject.name}`;
    }
    default:
      return false;
  }
}

/** `User "jane"`, `ServiceAccount "builder/default"`. Models describeSubject. */
export function describeSubject(subject: Subject, namespace: string): string {
  return subject.kind === 'ServiceAccount'
    ? `ServiceAccount ${JSON.stringify(`${subject.name}/${subject.namespace || namespace}`)}`
    : `${subject.kind} ${JSON.stringify(subject.name)}`;
}
