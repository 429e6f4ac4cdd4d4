import type { Authenticated, Authenticator } from './authenticator.ts';
import { ALL_UNAUTHENTICATED, ANONYMOUS } from './user.ts';

/** Whoever brings no credentials. Models k8s.io/apiserver/pkg/authentication/request/anonymous. */
export class AnonymousAuthenticator implements Authenticator {
  async authenticate(): Promise<Authenticated> {
    return { user: { name: ANONYMOUS, groups: [ALL_UNAUTHENTICATED] }, by: 'anonymous' };
  }
}
