/** What was asked of curl. */
export interface CurlOptions {
  readonly urls: readonly string[];
  readonly method: string | undefined;
  readonly headers: readonly string[];
  /** Pieces of --data, as they were given. */
  readonly data: readonly { readonly text: string; readonly raw: boolean; readonly encode: boolean }[];
  readonly upload: string | undefined;
  readonly get: boolean;
  readonly head: boolean;
  readonly include: boolean;
  readonly verbose: boolean;
  readonly silent: boolean;
  readonly showError: boolean;
  readonly fail: 'no' | 'silent' | 'with-body';
  readonly follow: boolean;
  readonly insecure: boolean;
  readonly authority: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly user: string | undefined;
  readonly userAgent: string | undefined;
  readonly output: string | undefined;
  readonly remoteName: boolean;
  readonly writeOut: string | undefined;
  /** Milliseconds. */
  readonly maxTime: number | undefined;
}

/** A mistake on the command line; the message is curl's, without "curl: ". */
export class CurlUsageError extends Error {}

interface Option {
  readonly long: string;
  readonly short?: string;
  readonly value?: boolean;
}

const OPTIONS: readonly Option[] = [
  { long: 'cacert', value: true },
  { long: 'cert', short: 'E', value: true },
  { long: 'compressed' },
  { long: 'connect-timeout', value: true },
  { long: 'data', short: 'd', value: true },
  { long: 'data-ascii', value: true },
  { long: 'data-binary', value: true },
  { long: 'data-raw', value: true },
  { long: 'data-urlencode', value: true },
  { long: 'fail', short: 'f' },
  { long: 'fail-with-body' },
  { long: 'get', short: 'G' },
  { long: 'head', short: 'I' },
  { long: 'header', short: 'H', value: true },
  { long: 'help', short: 'h' },
  { long: 'http1.1' },
  { long: 'http2' },
  { long: 'include', short: 'i' },
  { long: 'insecure', short: 'k' },
  { long: 'json', value: true },
  { long: 'key', value: true },
  { long: 'location', short: 'L' },
  { long: 'max-time', short: 'm', value: true },
  { long: 'no-buffer', short: 'N' },
  { long: 'no-progress-meter' },
  { long: 'noproxy', value: true },
  { long: 'output', short: 'o', value: true },
  { long: 'progress-bar', short: '#' },
  { long: 'remote-name', short: 'O' },
  { long: 'request', short: 'X', value: true },
  { long: 'retry', value: true },
  { long: 'show-error', short: 'S' },
  { long: 'silent', short: 's' },
  { long: 'upload-file', short: 'T', value: true },
  { long: 'url', value: true },
  { long: 'user', short: 'u', value: true },
  { long: 'user-agent', short: 'A', value: true },
  { long: 'verbose', short: 'v' },
  { long: 'version', short: 'V' },
  { long: 'write-out', short: 'w', value: true },
];

/** Reads the arguments of curl. Throws a {@link CurlUsageError}. */
export function parseCurl(
  args: readonly string[],
): CurlOptions & { readonly version: boolean; readonly help: boolean } {
  const given: (readonly [name: string, value: string])[] = [];
  const urls: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index]!;
    if (argument.startsWith('--') && argument !== '--') {
      const name = argument.slice(2);
      const option = OPTIONS.find(({ long }) => long === name);
      if (option === undefined) throw new CurlUsageError(`option ${argument}: is unknown`);
      const value = option.value === true ? args[++index] : '';
      if (value === undefined) throw new CurlUsageError(`option ${argument}: requires parameter`);
      given.push([option.long, value]);
      continue;
    }
    if (!argument.startsWith('-') || argument === '-') {
      urls.push(argument);
      continue;
    }
    for (let at = 1; at < argument.length; at++) {
      const option = OPTIONS.find(({ short }) => short === argument[at]);
      if (option === undefined) throw new CurlUsageError(`option ${argument}: is unknown`);
      if (option.value !== true) {
        given.push([option.long, '']);
        continue;
      }
      const value = at + 1 < argument.length ? argument.slice(at + 1) : args[++index];
      if (value === undefined) throw new CurlUsageError(`option ${argument}: requires parameter`);
      given.push([option.long, value]);
      break;
    }
  }
  const has = (name: string) => given.some(([option]) => option === name);
  const last = (name: string) => given.findLast(([option]) => option === name)?.[1];
  const json = last('json');
  const jsonHeaders = ['Content-Type: application/json', 'Accept: application/json'];
  const seconds = last('max-time');
  return {
    urls: [...given.filter(([name]) => name === 'url').map(([, value]) => value), ...urls],
    method: last('request'),
    headers: [
      ...(json === undefined ? [] : jsonHeaders),
      ...given.filter(([name]) => name === 'header').map(([, value]) => value),
    ],
    data: given
      .filter(([name]) => name.startsWith('data') || name === 'json')
      .map(([name, text]) => ({
        text,
        raw: name === 'data-raw',
        encode: name === 'data-urlencode',
      })),
    upload: last('upload-file'),
    get: has('get'),
    head: has('head'),
    include: has('include'),
    verbose: has('verbose'),
    silent: has('silent'),
    showError: has('show-error'),
    fail: has('fail-with-body') ? 'with-body' : has('fail') ? 'silent' : 'no',
    follow: has('location'),
    insecure: has('insecure'),
    authority: last('cacert'),
    certificate: last('cert'),
    key: last('key'),
    user: last('user'),
    userAgent: last('user-agent'),
    output: last('output'),
    remoteName: has('remote-name'),
    writeOut: last('write-out'),
    maxTime: seconds === undefined ? undefined : Number(seconds) * 1000,
    version: has('version'),
    help: has('help'),
  };
}
