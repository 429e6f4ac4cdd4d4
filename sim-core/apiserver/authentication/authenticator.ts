import type { HttpRequest } from '../../apimachinery/http.ts';
import type { UserInfo } from './user.ts';

export interface Authenticated {
  readonly user: UserInfo;
  readonly by: 'x509' | 'service-account' | 'token' | 'bootstrap-token' | 'anonymous';
}

/**
 * Says who sent a request, or undefined if the request carries nothing that this one understands.
 * Rejects if it carries something that is wrong (an unknown token): the request is then refused with 401.
 * `warn` adds a warning to the answer.
 *
 * Models k8s.io/apiserver/pkg/authentication/authenticator Request.
 */
export interface Authenticator {
  authenticate(request: HttpRequest, warn: (text: string) => void): Promise<Authenticated | undefined>;
}
