import { badRequestError } from '../../../apimachinery/status.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';
import { AUTHORIZATION_GROUP, review, withoutCreationTime } from './attributes.ts';

const row = rowsOf(AUTHORIZATION_GROUP, 'v1', 'io.k8s.api.authorization.v1');

/** Questions about rights, answered and forgotten. Models pkg/registry/authorization. */
export const authorizationResources: readonly ResourceDefinition[] = [
  row({
    kind: 'LocalSubjectAccessReview',
    resource: 'localsubjectaccessreviews',
    verbs: ['create'],
    strategy: {},
    virtual: {
      create: (object, context) => review(object, { local: true }, context),
    },
  }),
  row({
    kind: 'SelfSubjectAccessReview',
    resource: 'selfsubjectaccessreviews',
    namespaced: false,
    verbs: ['create'],
    strategy: {},
    virtual: { create: (object, context) => review(object, { user: context.user }, context) },
  }),
  row({
    kind: 'SelfSubjectRulesReview',
    resource: 'selfsubjectrulesreviews',
    namespaced: false,
    verbs: ['create'],
    strategy: {},
    virtual: {
      async create(object, context) {
        const namespace: string = object.spec?.namespace ?? '';
        if (namespace === '') throw badRequestError('no namespace on request');
        const { rules, incomplete } = await context.services.rules.rulesFor(context.user, namespace);
        const ofResources = rules.filter((rule) => (rule.resources ?? []).length > 0);
        const ofPaths = rules.filter((rule) => (rule.nonResourceURLs ?? []).length > 0);
        object.metadata = {};
        object.spec = {};
        object.status = {
          resourceRules: ofResources.map(({ verbs, apiGroups, resources, resourceNames }) => ({
            verbs,
            apiGroups,
            resources,
            ...(resourceNames !== undefined && { resourceNames }),
          })),
          nonResourceRules: ofPaths.map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
          incomplete,
        };
        return withoutCreationTime(object);
      },
    },
  }),
  row({
    kind: 'SubjectAccessReview',
    resource: 'subjectaccessreviews',
    namespaced: false,
    verbs: ['create'],
    strategy: {},
    virtual: { create: (object, context) => review(object, {}, context) },
  }),
];
