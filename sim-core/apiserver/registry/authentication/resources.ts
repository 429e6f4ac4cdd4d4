import { checks } from '../checks.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('authentication.k8s.io', 'v1', 'io.k8s.api.authentication.v1');

/** Who am I, and whose is this token. Models pkg/registry/authentication. */
export const authenticationResources: readonly ResourceDefinition[] = [
  row({
    kind: 'SelfSubjectReview',
    resource: 'selfsubjectreviews',
    namespaced: false,
    verbs: ['create'],
    strategy: {},
    virtual: {
      needs: [checks.access],
      create: (object, context) => Promise.resolve(checks.access.loaded.reviewSelf(object, context)),
    },
  }),
  row({
    kind: 'TokenReview',
    resource: 'tokenreviews',
    namespaced: false,
    verbs: ['create'],
    strategy: {},
    virtual: {
      needs: [checks.access],
      create: (object, context) => checks.access.loaded.reviewToken(object, context),
    },
  }),
];
