import type { Clock } from '../../clock/clock.ts';
import { decodeBase64 } from '../../crypto/encoding/base64.ts';
import { decodeUtf8 } from '../../crypto/encoding/utf8.ts';
import type { ObjectReader } from '../registry/rest/object-store.ts';
import type { Authenticated } from './authenticator.ts';
import type { TokenAuthenticator } from './bearer-token.ts';

const NAMESPACE = 'kube-system';
const SECRETS = { group: '', resource: 'secrets' };
const SECRET_TYPE = 'bootstrap.kubernetes.io/token';
const TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const GROUP = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

/**
 * Accepts the tokens with which `kubeadm join` begins: "abcdef.0123456789abcdef" stands for the secret
 * bootstrap-token-abcdef in kube-system.
 *
 * Models plugin/pkg/auth/authenticator/token/bootstrap.
 */
export class BootstrapTokenAuthenticator implements TokenAuthenticator {
  readonly #clock: Clock;
  readonly #reader: ObjectReader;

  constructor(clock: Clock, reader: ObjectReader) {
    this.#clock = clock;
    this.#reader = reader;
  }

  async authenticateToken(token: string): Promise<Authenticated | undefined> {
    const match = TOKEN.exec(token);
    if (match === null) return undefined;
    const [, id, secretPart] = match as unknown as [string, string, string];
    const secret = await this.#reader.get(SECRETS, NAMESPACE, `bootstrap-token-${id}`);
    if (secret === undefined || secret.metadata.deletionTimestamp !== undefined) return undefined;
    const data = (key: string) => textOf((secret['data'] as Record<string, string> | undefined)?.[key]);
    if (secret['type'] !== SECRET_TYPE || data('token-secret') !== secretPart || data('token-id') !== id) {
      return undefined;
    }
    if (this.#isExpired(data('expiration')) || data('usage-bootstrap-authentication') !== 'true')
      return undefined;
    const groups = data('auth-extra-groups')
      .split(',')
      .map((group) => group.trim())
      .filter((group) => group !== '');
    if (!groups.every((group) => GROUP.test(group))) return undefined;
    const all = [...new Set(['system:bootstrappers', ...groups])].sort();
    return { by: 'bootstrap-token', user: { name: `system:bootstrap:${id}`, groups: all } };
  }

  /** A time that cannot be read counts as past. */
  #isExpired(expiration: string): boolean {
    if (expiration === '') return false;
    const instant = Date.parse(expiration);
    return Number.isNaN(instant) || this.#clock.now() > instant;
  }
}

function textOf(encoded: string | undefined): string {
  const bytes = encoded === undefined ? undefined : decodeBase64(encoded);
  return bytes === undefined ? '' : decodeUtf8(bytes);
}
