import type { Pod } from 'kubernetes-types/core/v1';
import { ConnectionError } from '../../apimachinery/http.ts';
import { StatusError } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import type { Clock } from '../../clock/clock.ts';
import { nameOf, namespaceOf, uidOf } from '../types.ts';
import { MountError } from './mount-error.ts';

interface Token {
  readonly text: string;
  /** When a new one is due, in simulated milliseconds. */
  readonly refreshAt: number;
}

const DAY_MS = 24 * 3600_000;
/** A token is renewed when so much of its life has passed, or after a day. */
const REFRESH_AFTER = 0.8;
const DEFAULT_SECONDS = 3600;
/** How long after a failure the next attempt is due. */
const RETRY_MS = 60_000;

/**
 * Tokens of service accounts for the volumes of pods; each is asked for once and again before it expires.
 *
 * Models pkg/kubelet/token Manager.
 */
export class TokenManager {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #tokens = new Map<string, Token>();

  constructor(client: RestClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** A token that is good for a while; `audience` undefined: the apiserver's. Rejects with a MountError. */
  async token(pod: Pod, audience: string | undefined, expirationSeconds = DEFAULT_SECONDS): Promise<Token> {
    const key = `${uidOf(pod)}/${audience ?? ''}/${expirationSeconds}`;
    const known = this.#tokens.get(key);
    const now = this.#clock.now();
    if (known !== undefined && now < known.refreshAt) return known;
    const account = pod.spec!.serviceAccountName ?? 'default';
    try {
      const { status } = await this.#client.create<{
        status: { token: string; expirationTimestamp: string };
      }>(
        RESOURCES.serviceAccounts,
        {
          kind: 'TokenRequest',
          apiVersion: 'authentication.k8s.io/v1',
          metadata: {},
          spec: {
            audiences: audience === undefined ? null : [audience],
            expirationSeconds,
            boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: nameOf(pod), uid: uidOf(pod) },
          },
        },
        { namespace: namespaceOf(pod), name: account, subresource: 'token' },
      );
      const life = Math.min(expirationSeconds * 1000, Date.parse(status.expirationTimestamp) - now);
      const fresh = { text: status.token, refreshAt: now + Math.min(life * REFRESH_AFTER, DAY_MS) };
      this.#tokens.set(key, fresh);
      return fresh;
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof ConnectionError)) throw error;
      // An old token is better than none, as long as it is good; a new one is asked for at the next look.
      if (known !== undefined) return { ...known, refreshAt: now + RETRY_MS };
      throw new MountError(`failed to fetch token: ${error.message}`);
    }
  }

  forget(pod: Pod): void {
    const prefix = `${uidOf(pod)}/`;
    for (const key of this.#tokens.keys()) if (key.startsWith(prefix)) this.#tokens.delete(key);
  }
}
