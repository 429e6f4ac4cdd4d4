import type { HttpRequest, HttpResponse } from '../../apimachinery/http.ts';
import type { Program } from '../../node/program.ts';
import { server } from './programs.ts';

export interface WebServerConfig {
  readonly port: number;
  /** What the program says when somebody else has the port. */
  readonly portTaken: string;
  /** What it says when it starts; `now` in simulated milliseconds. */
  banner(now: number): string;
  respond(request: HttpRequest): HttpResponse;
}

/** A server that answers HTTP at its pod's address. */
export function webServer({ port, portTaken, banner, respond }: WebServerConfig): Program {
  return async (environment) => {
    const { machine, address, killed, stderr } = environment;
    if (machine.network.find(address, port) !== undefined) {
      stderr(`${portTaken}\n`);
      return 1;
    }
    const stop = machine.network.listen(address, port, { handler: async (request) => respond(request) });
    killed.onCancel(stop);
    stderr(banner(environment.clock.now()));
    return server(environment);
  };
}

/** A server with one page. */
export function pageServer(name: string, title: string): (request: HttpRequest) => HttpResponse {
  return ({ path }) => {
    const found = path === '/' || path === '/index.html';
    const heading = found ? title : '404 Not Found';
    const body = `<!DOCTYPE html>\n<html>\n<head>\n<title>${heading}</title>\n</head>\n<body>\n<h1>${heading}</h1>\n</body>\n</html>\n`;
    return {
      status: found ? 200 : 404,
      headers: { server: name, 'content-type': 'text/html', 'content-length': String(body.length) },
      body,
    };
  };
}

/** The lines with which the nginx image begins its log. */
export function nginxBanner(now: number): string {
  const entrypoint = '/docker-entrypoint.sh';
  const script = '10-listen-on-ipv6-by-default.sh';
  const time = new Date(now).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
  return [
    `${entrypoint}: /docker-entrypoint.d/ is not empty, will attempt to perform configuration`,
    `${entrypoint}: Looking for shell scripts in /docker-entrypoint.d/`,
    `${entrypoint}: Launching /docker-entrypoint.d/${script}`,
    `${script}: info: Getting the checksum of /etc/nginx/conf.d/default.conf`,
    `${script}: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf`,
    `${entrypoint}: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh`,
    `${entrypoint}: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh`,
    `${entrypoint}: Launching /docker-entrypoint.d/30-tune-worker-processes.sh`,
    `${entrypoint}: Configuration complete; ready for start up`,
    `${time} [notice] 1#1: using the "epoll" event method`,
    `${time} [notice] 1#1: start worker processes`,
    '',
  ].join('\n');
}
