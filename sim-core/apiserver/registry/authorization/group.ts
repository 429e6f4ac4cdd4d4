export const AUTHORIZATION_GROUP = 'authorization.k8s.io';
