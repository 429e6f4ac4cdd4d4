import type { HttpRequest, HttpResponse } from '../../apimachinery/http.ts';
import type { Program } from '../../node/program.ts';
import { server } from './programs.ts';

export interface WebServerConfig {
  readonly port: number;
  /** What the program says when somebody else has the port. */
  readonly portTaken: string;
  respond(request: HttpRequest): HttpResponse;
}

/** A server that answers HTTP at its pod's address. */
export function webServer({ port, portTaken, respond }: WebServerConfig): Program {
  return async (environment) => {
    const { machine, address, killed, stderr } = environment;
    if (machine.network.find(address, port) !== undefined) {
      stderr(`${portTaken}\n`);
      return 1;
    }
    const stop = machine.network.listen(address, port, { handler: async (request) => respond(request) });
    killed.onCancel(stop);
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
