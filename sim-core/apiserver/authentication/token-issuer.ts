import type { UserInfo } from './user.ts';

/** What a service account token is bound to. */
export interface TokenClaims {
  readonly namespace: string;
  readonly serviceAccount: { readonly name: string; readonly uid: string };
  readonly audiences: readonly string[];
  /** Milliseconds since the Unix epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly boundObject?: { readonly kind: string; readonly name: string; readonly uid: string };
}

/**
 * Makes service account tokens and says whom one stands for.
 * Models k8s.io/kubernetes/pkg/serviceaccount TokenGenerator and Validator.
 */
export interface TokenIssuer {
  issue(claims: TokenClaims): Promise<string>;
  /** Undefined for a text that this issuer did not make; rejects for one that is expired or revoked. */
  verify(token: string): Promise<{ readonly user: UserInfo; readonly claims: TokenClaims } | undefined>;
}
