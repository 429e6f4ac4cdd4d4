import type { HttpRequest, HttpResponse } from '../../apimachinery/http.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import type { FlagSet } from '../cobra/flags.ts';
import { UrlError } from '../../apimachinery/http.ts';
import { untilCancelled } from '../util/until-cancelled.ts';

/** Models pkg/cmd/proxy: a plain HTTP server on this machine that passes requests on with our credentials. */
export const proxy: CommandDefinition = {
  name: 'proxy',
  use: '[--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix] [options]',
  short: 'Run a proxy to the Kubernetes API server',
  flags: [
    { name: 'accept-hosts', type: 'string', default: '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$' },
    { name: 'accept-paths', type: 'string', default: '^.*' },
    { name: 'address', type: 'string', default: '127.0.0.1' },
    { name: 'api-prefix', type: 'string', default: '/' },
    { name: 'append-server-path', type: 'bool', default: 'false' },
    { name: 'disable-filter', type: 'bool', default: 'false' },
    { name: 'keepalive', type: 'duration', default: '0s' },
    { name: 'port', shorthand: 'p', type: 'int', default: '8001' },
    { name: 'reject-methods', type: 'string', default: '^$' },
    {
      name: 'reject-paths',
      type: 'string',
      default: '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach',
    },
    { name: 'unix-socket', shorthand: 'u', type: 'string' },
    { name: 'www', shorthand: 'w', type: 'string' },
    { name: 'www-prefix', shorthand: 'P', type: 'string', default: '/static/' },
  ],
  async run({ io, environment, factory }, { flags }) {
    const { network } = environment.machine;
    const address = flags.string('address');
    const prefix = flags.string('api-prefix').replace(/\/*$/, '/');
    const accepts = flags.bool('disable-filter') ? () => true : requestFilter(flags);
    if (flags.bool('disable-filter') && flags.string('unix-socket') === '') {
      io.stderr('Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious\n');
    }
    const client = factory.client();
    const port =
      flags.number('port') || freePort((candidate) => network.find(address, candidate) !== undefined);
    const handler = async (request: HttpRequest): Promise<HttpResponse> => {
      const path = `/${request.path.startsWith(prefix) ? request.path.slice(prefix.length) : ''}`;
      if (!accepts(request)) return plain(403, 'Forbidden\n');
      if (!request.path.startsWith(prefix)) return plain(404, '404 page not found\n');
      const { method, body, headers } = request;
      try {
        return await client.raw({ method, path, headers, ...(body !== '' && { body }) });
      } catch (error) {
        if (!(error instanceof UrlError)) throw error;
        return plain(502, `${error.connection.message}\n`);
      }
    };
    const stop = network.listen(address, port, { handler });
    io.stdout(`Starting to serve on ${address}:${port}\n`);
    await untilCancelled(environment.context);
    stop();
    return 130;
  },
};

/** Models pkg/proxy FilterServer. */
function requestFilter(flags: FlagSet): (request: HttpRequest) => boolean {
  const patterns = (name: string) =>
    flags
      .string(name)
      .split(',')
      .map((pattern) => new RegExp(pattern));
  const [acceptPaths, rejectPaths, rejectMethods] = [
    patterns('accept-paths'),
    patterns('reject-paths'),
    patterns('reject-methods'),
  ];
  return ({ path, method }) => {
    const [place = ''] = path.split('?');
    return (
      !rejectMethods.some((pattern) => pattern.test(method)) &&
      !rejectPaths.some((pattern) => pattern.test(place)) &&
      acceptPaths.some((pattern) => pattern.test(place))
    );
  };
}

function plain(status: number, body: string): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

/** Where the system looks for a port that nobody asked for by number. */
const FIRST_FREE_PORT = 35_000;

export function freePort(taken: (port: number) => boolean): number {
  let port = FIRST_FREE_PORT;
  while (taken(port)) port++;
  return port;
}
