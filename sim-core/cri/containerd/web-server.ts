import type { HttpRequest, HttpResponse } from '../../apimachinery/http.ts';
import { headerOf } from '../../apimachinery/http.ts';
import { FileError } from '../../node/file-system.ts';
import type { Program, ProgramEnvironment } from '../../node/program.ts';
import { cancelled } from '../../node/program.ts';
import { server } from './programs.ts';

export interface WebServerConfig {
  /** Ports, in order; asked once, when the program starts. */
  ports(environment: ProgramEnvironment): readonly number[];
  /** What the program says when somebody else has the port. */
  portTaken(port: number): string;
  /** What keeps it from starting, as it says it; missing, or undefined: nothing. */
  problem?(environment: ProgramEnvironment): string | undefined;
  /** What it says when it starts. */
  banner(environment: ProgramEnvironment, ports: readonly number[]): string;
  respond(request: HttpRequest, environment: ProgramEnvironment): HttpResponse;
}

/** Where a program of a pod listens for all of its addresses. */
function ownAddress({ machine, address }: ProgramEnvironment): string {
  return address === machine.address ? '0.0.0.0' : address;
}

/** A server that answers HTTP at its pod's address. */
export function webServer({ ports, portTaken, problem, banner, respond }: WebServerConfig): Program {
  return async (environment) => {
    const { machine, killed, terminated, stderr } = environment;
    const complaint = problem?.(environment);
    if (complaint !== undefined) {
      stderr(complaint);
      return 1;
    }
    const all = ports(environment);
    const taken = all.find((port) => machine.network.find(environment.address, port) !== undefined);
    if (taken !== undefined) {
      stderr(`${portTaken(taken)}\n`);
      return 1;
    }
    for (const port of all) {
      const stop = machine.network.listen(ownAddress(environment), port, {
        handler: (request) => Promise.resolve(respond(request, environment)),
      });
      killed.onCancel(stop);
      terminated.onCancel(stop);
    }
    stderr(banner(environment, all));
    return server(environment);
  };
}

/** A server of another protocol: it can be connected to, but has no answer for HTTP. */
export function tcpServer(port: number, banner: (environment: ProgramEnvironment) => string): Program {
  return async (environment) => {
    const { machine, killed, stdout } = environment;
    if (machine.network.find(environment.address, port) !== undefined) {
      stdout(`Could not bind to port ${port}: Address already in use\n`);
      return 1;
    }
    const stop = machine.network.listen(ownAddress(environment), port, {
      handler: () => Promise.resolve({ status: 400, headers: {}, body: '' }),
    });
    killed.onCancel(stop);
    stdout(banner(environment));
    await Promise.race([cancelled(environment.terminated), cancelled(killed)]);
    stop();
    return 0;
  };
}

const page = (heading: string) =>
  `<!DOCTYPE html>\n<html>\n<head>\n<title>${heading}</title>\n</head>\n<body>\n<h1>${heading}</h1>\n</body>\n</html>\n`;

/** An answer with its length. */
export function textResponse(status: number, type: string, body: string, name?: string): HttpResponse {
  return {
    status,
    headers: {
      ...(name !== undefined && { server: name }),
      'content-type': type,
      'content-length': String(body.length),
    },
    body,
  };
}

const NOT_FOUND_LENGTH_TEXT =
  '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n</body>\r\n</html>\r\n';

/** Serves the files of a directory, as a web server does. */
function serveFiles(
  name: string,
  root: string,
  request: HttpRequest,
  environment: ProgramEnvironment,
): HttpResponse {
  const { files } = environment;
  const path = decodeURIComponent(request.path.replace(/\?.*$/, ''));
  try {
    const real = `${root}${path.endsWith('/') ? `${path}index.html` : path}`;
    const type = /\.(html?|css|js|json)$/.exec(real)?.[1] ?? 'plain';
    const text = files.read(real);
    return textResponse(
      200,
      {
        html: 'text/html',
        htm: 'text/html',
        json: 'application/json',
        css: 'text/css',
        js: 'application/javascript',
      }[type] ?? 'text/plain',
      text,
      name,
    );
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.code === 'EISDIR') {
      return { status: 301, headers: { server: name, location: `${path}/` }, body: '' };
    }
    return textResponse(404, 'text/html', NOT_FOUND_LENGTH_TEXT, name);
  }
}

export const NGINX_FILES: Readonly<Record<string, string>> = {
  '/usr/share/nginx/html/index.html': page('Welcome to nginx!'),
  '/usr/share/nginx/html/50x.html': page('An error occurred.'),
  '/etc/nginx/nginx.conf':
    'user  nginx;\nworker_processes  auto;\nerror_log  /var/log/nginx/error.log notice;\npid        /run/nginx.pid;\n\nevents {\n    worker_connections  1024;\n}\n\nhttp {\n    include       /etc/nginx/mime.types;\n    default_type  application/octet-stream;\n    sendfile        on;\n    keepalive_timeout  65;\n    include /etc/nginx/conf.d/*.conf;\n}\n',
  '/etc/nginx/conf.d/default.conf':
    'server {\n    listen       80;\n    server_name  localhost;\n\n    location / {\n        root   /usr/share/nginx/html;\n        index  index.html index.htm;\n    }\n\n    error_page   500 502 503 504  /50x.html;\n}\n',
  '/docker-entrypoint.sh': '#!/bin/sh\nexec "$@"\n',
};

export const UNPRIVILEGED_NGINX_FILES: Readonly<Record<string, string>> = {
  ...NGINX_FILES,
  '/etc/nginx/nginx.conf': NGINX_FILES['/etc/nginx/nginx.conf']!.replace('user  nginx;\n', '').replace(
    '/run/nginx.pid',
    '/tmp/nginx.pid',
  ),
  '/etc/nginx/conf.d/default.conf': NGINX_FILES['/etc/nginx/conf.d/default.conf']!.replace(
    'listen       80;',
    'listen       8080;',
  ),
};

export const HTTPD_FILES: Readonly<Record<string, string>> = {
  '/usr/local/apache2/htdocs/index.html': '<html><body><h1>It works!</h1></body></html>\n',
};

/** Everything that nginx's configuration includes, one text after the other. */
function nginxConfig({ files }: ProgramEnvironment): string {
  const text = files.exists('/etc/nginx/nginx.conf') ? files.read('/etc/nginx/nginx.conf') : '';
  const directory = '/etc/nginx/conf.d';
  const included =
    text.includes(`${directory}/*.conf`) && files.exists(directory)
      ? files.list(directory).filter((name) => name.endsWith('.conf'))
      : [];
  return [text, ...included.map((name) => files.read(`${directory}/${name}`))].join('\n');
}

const NGINX: WebServerConfig = {
  ports: (environment) => {
    const listens = [...nginxConfig(environment).matchAll(/^\s*listen\s+(?:[\d.]+:)?(\d+)/gm)];
    return [...new Set(listens.map(([, port]) => Number(port)))];
  },
  portTaken: (port) => `nginx: [emerg] bind() to 0.0.0.0:${port} failed (98: Address already in use)`,
  banner: ({ clock }) => nginxBanner(clock.now()),
  respond: (request, environment) => {
    const config = nginxConfig(environment);
    const fixed = /return\s+(\d{3})\s+(?:"([^"]*)"|'([^']*)'|([^;]+));/.exec(config);
    const root = /^\s*root\s+([^;]+);/m.exec(config)?.[1] ?? '/usr/share/nginx/html';
    const response =
      fixed === null
        ? serveFiles('nginx', root, request, environment)
        : textResponse(
            Number(fixed[1]),
            'text/plain',
            (fixed[2] ?? fixed[3] ?? fixed[4]!).replaceAll('\\n', '\n'),
            'nginx',
          );
    environment.stdout(accessLine(request, response, environment.clock.now()));
    return response;
  },
};

/** The image whose master process is root. */
export const nginx: Program = webServer({ ...NGINX, problem: nginxProblem });

/** The image whose files belong to its own user. */
export const unprivilegedNginx: Program = webServer(NGINX);

export const httpd: Program = webServer({
  ports: () => [80],
  portTaken: () => '(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:80',
  banner: () => "AH00094: Command line: 'httpd -D FOREGROUND'\n",
  respond: (request, environment) => {
    const response = serveFiles('Apache', '/usr/local/apache2/htdocs', request, environment);
    environment.stdout(accessLine(request, response, environment.clock.now()));
    return response;
  },
});

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The line of an access log in the combined format. */
function accessLine(request: HttpRequest, { status, body }: HttpResponse, now: number): string {
  const iso = new Date(now).toISOString();
  const time = `${iso.slice(8, 10)}/${MONTHS[new Date(now).getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
  const agent = headerOf(request.headers, 'user-agent') ?? '-';
  const length = typeof body === 'string' ? body.length : 0;
  return `${request.remoteAddress ?? '-'} - - [${time}] "${request.method} ${request.path} HTTP/1.1" ${status} ${length} "-" "${agent}" "-"\n`;
}

const ENTRYPOINT = '/docker-entrypoint.sh';
const IPV6_SCRIPT = '10-listen-on-ipv6-by-default.sh';
const entrypointLines = (...ipv6: readonly string[]) =>
  [
    `${ENTRYPOINT}: /docker-entrypoint.d/ is not empty, will attempt to perform configuration`,
    `${ENTRYPOINT}: Looking for shell scripts in /docker-entrypoint.d/`,
    `${ENTRYPOINT}: Launching /docker-entrypoint.d/${IPV6_SCRIPT}`,
    ...ipv6.map((line) => `${IPV6_SCRIPT}: info: ${line}`),
    `${ENTRYPOINT}: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh`,
    `${ENTRYPOINT}: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh`,
    `${ENTRYPOINT}: Launching /docker-entrypoint.d/30-tune-worker-processes.sh`,
    `${ENTRYPOINT}: Configuration complete; ready for start up`,
    '',
  ].join('\n');

const ENTRYPOINT_LINES = entrypointLines(
  'Getting the checksum of /etc/nginx/conf.d/default.conf',
  'Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf',
);

/** "2026/11/23 09:00:00" */
const nginxTime = (now: number) =>
  new Date(now).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');

/** Where nginx writes; of each row one place is enough, as /var/run is a link to /run. */
const NGINX_PLACES: readonly (readonly [call: string, ...places: string[]])[] = [
  ['mkdir()', '/var/cache/nginx/client_temp'],
  ['open()', '/run/nginx.pid', '/var/run/nginx.pid'],
];
const ERRNO: Readonly<Record<string, string>> = {
  EACCES: '13: Permission denied',
  EROFS: '30: Read-only file system',
};

/** What nginx says where it may not write: to somebody but root, or on a read-only root filesystem. */
function nginxProblem({ clock, files, user }: ProgramEnvironment): string | undefined {
  for (const [call, ...places] of NGINX_PLACES) {
    const [why, ...others] = places.map((place) => files.denial(place));
    if (why === undefined || others.includes(undefined)) continue;
    const time = nginxTime(clock.now());
    const say = (level: string, text: string) =>
      `${time} [${level}] 1#1: ${text}\nnginx: [${level}] ${text}\n`;
    const hint =
      user.uid === 0
        ? ''
        : say(
            'warn',
            'the "user" directive makes sense only if the master process runs with super-user privileges, ignored in /etc/nginx/nginx.conf:2',
          );
    const lines = entrypointLines('can not modify /etc/nginx/conf.d/default.conf (read-only file system?)');
    return `${lines}${hint}${say('emerg', `${call} "${places[0]}" failed (${ERRNO[why] ?? why})`)}`;
  }
  return undefined;
}

/** The lines with which the nginx image begins its log. */
function nginxBanner(now: number): string {
  const time = nginxTime(now);
  return `${ENTRYPOINT_LINES}${time} [notice] 1#1: using the "epoll" event method\n${time} [notice] 1#1: start worker processes\n`;
}
