import type { Flag } from '../../cobra/flags.ts';
import { patchVerb, SET_FLAGS } from './patch-verb.ts';

interface Subject {
  readonly kind: string;
  readonly apiGroup?: string;
  readonly name: string;
  readonly namespace?: string;
}

const RBAC = 'rbac.authorization.k8s.io';
const BINDINGS = ['RoleBinding', 'ClusterRoleBinding'];
const SUBJECT_FLAGS: readonly Flag[] = [
  { name: 'group', type: 'stringArray' },
  { name: 'serviceaccount', type: 'stringArray' },
  { name: 'user', type: 'stringArray' },
];

/** Models pkg/cmd/set/set_subject.go. */
export const subject = patchVerb({
  name: 'subject',
  use: '(-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none] [options]',
  short: 'Update the user, group, or service account in a role binding or cluster role binding',
  operation: 'subjects updated',
  failure: 'failed to patch subjects to rolebinding: ',
  namesFailures: true,
  flags: [...SET_FLAGS, ...SUBJECT_FLAGS],
  prepare({ args, flags }, { factory }) {
    const [users, groups, accounts] = ['user', 'group', 'serviceaccount'].map((name) =>
      [...new Set(flags.list(name))].sort(),
    ) as [string[], string[], string[]];
    const nothing = users.length + groups.length + accounts.length === 0;
    const { namespace } = factory.namespace();
    const subjects: Subject[] = [
      ...users.map((name) => ({ kind: 'User', apiGroup: RBAC, name })),
      ...groups.map((name) => ({ kind: 'Group', apiGroup: RBAC, name })),
      ...accounts.map((account) => {
        const [own, name, ...more] = account.split(':');
        if (!name || more.length > 0) throw new Error('serviceaccount must be <namespace>:<name>');
        return { kind: 'ServiceAccount', namespace: own || namespace, name };
      }),
    ];
    return {
      resources: args,
      mistakes: nothing
        ? [new Error('you must specify at least one value of user, group or serviceaccount')]
        : [],
      change(object) {
        if (!BINDINGS.includes(object.kind ?? '')) {
          throw new Error('setting subjects is only supported for RoleBinding/ClusterRoleBinding');
        }
        const existing = (object.subjects as Subject[] | undefined) ?? [];
        const added = subjects.filter((one) => !existing.some((other) => isSame(one, other)));
        object.subjects = [...existing, ...added];
      },
    };
  },
});

function isSame(a: Subject, b: Subject): boolean {
  return (
    a.kind === b.kind &&
    a.name === b.name &&
    (a.namespace ?? '') === (b.namespace ?? '') &&
    (a.apiGroup ?? '') === (b.apiGroup ?? '')
  );
}
