/** What POST …/serviceaccounts/{name}/token takes and gives. */
export const TOKEN_KIND = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenRequest',
  schema: 'io.k8s.api.authentication.v1.TokenRequest',
};
