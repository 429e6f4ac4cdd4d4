import { checks } from '../checks.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';
import { AUTHORIZATION_GROUP } from './group.ts';

const row = rowsOf(AUTHORIZATION_GROUP, 'v1', 'io.k8s.api.authorization.v1');

/** Questions about rights, answered and forgotten. Models pkg/registry/authorization. */
export const authorizationResources: readonly ResourceDefinition[] = [
  row({
    kind: 'LocalSubjectAccessReview',
    resource: 'localsubjectaccessreviews',
    verbs: ['create'],
    strategy: {},
    virtual: {
      needs: [checks.access],
      create: (object, context) => checks.access.loaded.review(object, { local: true }, context),
    },
  }),
  row({
    kind: 'SelfSubjectAccessReview',
    resource: 'selfsubjectaccessreviews',
    namespaced: false,
    verbs: ['create'],
    strategy: {},
    virtual: {
      needs: [checks.access],
      create: (object, context) => checks.access.loaded.review(object, { user: context.user }, context),
    },
  }),
  row({
    kind: 'SelfSubjectRulesReview',
    resource: 'selfsubjectrulesreviews',
    namespaced: false,
    verbs: ['create'],
    strategy: {},
    virtual: {
      needs: [checks.access],
      create: (object, context) => checks.access.loaded.reviewRules(object, context),
    },
  }),
  row({
    kind: 'SubjectAccessReview',
    resource: 'subjectaccessreviews',
    namespaced: false,
    verbs: ['create'],
    strategy: {},
    virtual: {
      needs: [checks.access],
      create: (object, context) => checks.access.loaded.review(object, {}, context),
    },
  }),
];
