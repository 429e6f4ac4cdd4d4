import { goQuote } from '../../../apimachinery/go-format.ts';
import { CelEntries } from '../values.ts';
import type { CelFunction } from './functions.ts';
import { CelFunctionError } from './functions.ts';

/** An absolute URL or an absolute path, taken apart. */
class CelURL {
  readonly typeName = 'kubernetes.URL';
  readonly text: string;
  readonly scheme: string;
  /** Host and port: "example.com:80". */
  readonly host: string;
  readonly path: string;
  readonly query: string;
  constructor(text: string, scheme: string, host: string, path: string, query: string) {
    this.text = text;
    this.scheme = scheme;
    this.host = host;
    this.path = path;
    this.query = query;
  }
  equals({ text }: CelURL): boolean {
    return this.text === text;
  }
}

const URL_PARTS =
  /^(?:([a-z][a-z0-9+.-]*):(?:\/\/(?:[^/?#@]*@)?([^/?#]*))?)?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/i;

/** A text says what is wrong. Models Go's net/url ParseRequestURI. */
function parse(text: string): CelURL | string {
  if (text === '') return 'empty url';

  if (/[\x00-\x1f\x7f]/.test(text)) return 'net/url: invalid control character in URL';
  if (text.startsWith(':')) return 'missing protocol scheme';
  const colon =
    text.search(/[/?#]/) < 0 ? text.indexOf(':') : text.slice(0, text.search(/[/?#]/)).indexOf(':');
  if (colon > 0 && /^[^a-z]/i.test(text)) return 'first path segment in URL cannot contain colon';
  const match = URL_PARTS.exec(text);
  if (match === null) return 'invalid URI for request';
  const [, scheme = '', host = '', path = '', query = ''] = match;
  if (scheme === '' && !path.startsWith('/')) return 'invalid URI for request';
  const port = /:([^\]]*)$/.exec(host)?.[1];
  if (port !== undefined && !/^\d*$/.test(port)) return `invalid port ${goQuote(`:${port}`)} after host`;
  const strange = /[\s"<>\\^`{|}]/.exec(host)?.[0];
  if (strange !== undefined) return `invalid character ${goQuote(strange)} in host name`;
  const escape = /%(?![0-9a-f]{2}).{0,2}/i.exec(path);
  if (escape !== null) return `invalid URL escape ${goQuote(escape[0])}`;
  return new CelURL(text, scheme.toLowerCase(), host, path, query);
}

function urlOf(text: string): CelURL {
  const parsed = parse(text);
  if (typeof parsed !== 'string') return parsed;
  throw new CelFunctionError(
    `URL parse error during conversion from string: parse ${goQuote(text)}: ${parsed}`,
  );
}

const hostname = ({ host }: CelURL) => /^\[(.*)\](?::\d*)?$/.exec(host)?.[1] ?? host.replace(/:\d*$/, '');

const decoded = (text: string) => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
};

/** Pairs that are not well-formed are left out. */
function queryOf({ query }: CelURL): CelEntries {
  const values = new CelEntries();
  for (const pair of query === '' ? [] : query.split('&')) {
    if (pair.includes(';')) continue;
    const at = pair.indexOf('=');
    const key = decoded(at < 0 ? pair : pair.slice(0, at));
    const value = decoded(at < 0 ? '' : pair.slice(at + 1));
    if (key === undefined || value === undefined) continue;
    values.set(key, [...((values.get(key) as string[] | undefined) ?? []), value]);
  }
  return values;
}

/** Characters that a path may not have are written as %XX. */
const escapedPath = ({ path }: CelURL) => path.replace(/[^!-~]|["<>\\^`{|}]/gu, encodeURIComponent);

/** Models k8s.io/apiserver/pkg/cel/library/urls.go. */
export const URLS: readonly CelFunction[] = [
  ['url', '(string) URL', urlOf],
  ['isURL', '(string) bool', (text: string) => typeof parse(text) !== 'string'],
  ['getScheme', 'URL.() string', ({ scheme }: CelURL) => scheme],
  ['getHost', 'URL.() string', ({ host }: CelURL) => host],
  ['getHostname', 'URL.() string', hostname],
  ['getPort', 'URL.() string', ({ host }: CelURL) => /:(\d*)$/.exec(host)?.[1] ?? ''],
  ['getEscapedPath', 'URL.() string', escapedPath],
  ['getQuery', 'URL.() map<string, list<string>>', queryOf],
];
