import { canonicalHeader } from '../../apimachinery/canonical-header.ts';
import type { HttpHeaders, HttpTransport } from '../../apimachinery/http.ts';
import { ConnectionError, UrlError } from '../../apimachinery/http.ts';
import type { Clock } from '../../clock/clock.ts';
import { statusText } from '../../apimachinery/http-status.ts';
import type { Klog } from './klog.ts';

const REQUEST = 'round_trippers.go:527';
const RESPONSE = 'round_trippers.go:632';

/**
 * Logs requests and responses as `-v=6` to `-v=9` ask for it, and tells where no response came.
 *
 * Models k8s.io/client-go/transport debuggingRoundTripper and rest logBody.
 */
export function debuggingTransport(
  delegate: HttpTransport,
  host: string,
  log: Klog,
  clock: Clock,
): HttpTransport {
  const { verbosity } = log;
  return async (request) => {
    const url = host + request.path;
    const { method: verb } = request;
    if (verbosity >= 8 && request.body !== '') {
      log.info('request.go:1302', 'Request Body', { body: truncated(request.body, verbosity) });
    }
    if (verbosity >= 9) {
      log.info(REQUEST, 'Request', { curlCommand: curlCommand(verb, url, request.headers) });
    } else if (verbosity >= 7) {
      log.info(REQUEST, 'Request', { verb, url, headers: headerText(request.headers) });
    }
    const start = clock.now();
    try {
      const response = await delegate(request);
      const status = `${response.status} ${statusText(response.status)}`.trim();
      const milliseconds = clock.now() - start;
      const headers = headerText(response.headers);
      if (verbosity >= 9) log.info(RESPONSE, 'Response', { verb, url, status, headers, milliseconds });
      else if (verbosity >= 8) log.info(RESPONSE, 'Response', { status, headers, milliseconds });
      else if (verbosity >= 7) log.info(RESPONSE, 'Response', { status, milliseconds });
      else if (verbosity >= 6) log.info(RESPONSE, 'Response', { verb, url, status, milliseconds });
      if (verbosity >= 8 && typeof response.body === 'string') {
        log.info('request.go:1302', 'Response Body', { body: truncated(response.body, verbosity) });
      }
      return response;
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      const milliseconds = clock.now() - start;
      if (verbosity >= 6) log.info(RESPONSE, 'Response', { verb, url, status: '', milliseconds });
      throw new UrlError(request.method, url, error);
    }
  };
}

function truncated(body: string, verbosity: number): string {
  const limit = verbosity >= 10 ? Infinity : verbosity === 9 ? 10_240 : 1024;
  return body.length <= limit ? body : `${body.slice(0, limit)} [truncated ${body.length - limit} chars]`;
}

function headerText(headers: HttpHeaders): string {
  return headerPairs(headers)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

function headerPairs(headers: HttpHeaders): [string, string][] {
  return Object.entries(headers)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [canonicalHeader(name), value!] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) =>
      (typeof value === 'string' ? [value] : value).map((one): [string, string] => [name, masked(name, one)]),
    );
}

function masked(name: string, value: string): string {
  return name === 'Authorization' ? value.replace(/^(\S+) .*/, '$1 <masked>') : value;
}

function curlCommand(verb: string, url: string, headers: HttpHeaders): string {
  const flags = headerPairs(headers).map(([name, value]) => ` -H ${JSON.stringify(`${name}: ${value}`)}`);
  return `curl -v -X${verb} ${flags.join(' ')} '${url}'\n`;
}
