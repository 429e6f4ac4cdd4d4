import { CurlError } from './errors.ts';

export interface Url {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** Path and query. */
  readonly path: string;
  readonly user: string | undefined;
}

const URL_TEXT =
  /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):\/\/)?(?:([^@/?#]*)@)?([^/?#:]*)(?::([^/?#]*))?([/?][^#]*)?(?:#.*)?$/;

/** Takes a URL apart; one without a scheme is http. Throws a {@link CurlError}. */
export function parseUrl(text: string): Url {
  const [, scheme = 'http', user, host = '', port, rest = '/'] = URL_TEXT.exec(text.trim()) ?? [];
  if (host === '') throw new CurlError(3, 'URL rejected: No host part in the URL');
  if (scheme !== 'http' && scheme !== 'https') throw new CurlError(1, `Protocol "${scheme}" not supported`);
  if (port !== undefined && (!/^\d+$/.test(port) || Number(port) > 65_535))
    throw new CurlError(3, 'URL rejected: Port number was not a decimal number between 0 and 65535');
  if (/\s/.test(rest)) throw new CurlError(3, 'URL rejected: Malformed input to a URL function');
  return {
    scheme,
    host,
    port: port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port),
    path: rest.startsWith('?') ? `/${rest}` : rest,
    user,
  };
}
