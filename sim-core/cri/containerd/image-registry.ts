import type { Program } from '../../node/program.ts';
import type { Userland } from '../userland/userland.ts';
import type { Image } from './image.ts';
import { server } from './programs.ts';
import {
  HTTPD_FILES,
  httpd,
  nginx,
  NGINX_FILES,
  tcpServer,
  textResponse,
  UNPRIVILEGED_NGINX_FILES,
  unprivilegedNginx,
  webServer,
} from './web-server.ts';

const MIB = 1024 * 1024;

const hub = (name: string) => `docker.io/library/${name}`;
const debianVariants = '(-(alpine|slim|bookworm|trixie|bullseye|perl)[\\w.-]*)?';
const tags = (versions: string, variants = debianVariants) =>
  new RegExp(`^((latest|stable|mainline|alpine|slim|${versions})${variants})$`);
const anyVersion = /^(latest|stable|v?\d+(\.\d+){0,3}([-+][\w.-]+)?)$/;

/** An image that is a userland and nothing else. */
function toolImage(
  name: string,
  expression: RegExp,
  size: number,
  userland: Userland,
  command: readonly string[],
  more: Partial<Image> = {},
): Image {
  return {
    name,
    tags: expression,
    size: size * MIB,
    entrypoint: [],
    command,
    userland,
    virtualSize: 4404,
    residentSize: 1664,
    ...more,
  };
}

/** An image of a server with its usual entrypoint. */
function serverImage(
  name: string,
  expression: RegExp,
  size: number,
  command: readonly string[],
  program: Program,
  sizes: { readonly virtualSize: number; readonly residentSize: number },
  more: Partial<Image> = {},
): Image {
  return {
    name,
    tags: expression,
    size: size * MIB,
    entrypoint: ['docker-entrypoint.sh'],
    command,
    program,
    userland: 'debian',
    ...sizes,
    ...more,
  };
}

/** A server that says who it is, at one port. */
function echoServer(
  port: number,
  text: (environment: { readonly hostname: string; readonly argv: readonly string[] }) => string,
): Program {
  return webServer({
    ports: () => [port],
    portTaken: () => `listen tcp :${port}: bind: address already in use`,
    banner: () => `Server listening on port ${port}\n`,
    respond: (_request, environment) => textResponse(200, 'text/plain; charset=utf-8', text(environment)),
  });
}

/** --text and --listen of hashicorp/http-echo. */
const httpEcho: Program = webServer({
  ports: ({ argv }) => [Number(/^-+listen=.*:(\d+)$/m.exec(argv.join('\n'))?.[1] ?? 5678)],
  portTaken: (port) => `listen tcp :${port}: bind: address already in use`,
  banner: (_environment, [port]) => `[INFO] server is listening on :${port}\n`,
  respond: (_request, { argv, envs }) =>
    textResponse(
      200,
      'text/plain; charset=utf-8',
      `${/^-+text=(.*)$/m.exec(argv.join('\n'))?.[1] ?? envs['ECHO_TEXT'] ?? 'hello-world'}\n`,
    ),
});

/** `agnhost netexec` answers /hostname, /healthz, /; other commands wait. */
const agnhost: Program = (environment) =>
  environment.argv.includes('netexec') || environment.argv.includes('serve-hostname')
    ? netexec(environment)
    : server(environment);
const netexec = webServer({
  ports: ({ argv }) => [
    Number(
      /^--(?:http-)?port=(\d+)$/m.exec(argv.join('\n'))?.[1] ??
        (argv.includes('serve-hostname') ? 9376 : 8080),
    ),
  ],
  portTaken: (port) => `listen tcp :${port}: bind: address already in use`,
  banner: () => '',
  respond: ({ path }, { hostname, argv, clock }) =>
    path.startsWith('/hostname') || argv.includes('serve-hostname')
      ? textResponse(200, 'text/plain; charset=utf-8', hostname)
      : textResponse(200, 'text/plain; charset=utf-8', `NOW: ${new Date(clock.now()).toISOString()}`),
});

/** Digits of π, as the example of a Job computes them: Gibbons' spigot. */
const perl: Program = async ({ argv, stdout, clock, killed }) => {
  const count = Number(/bpi\((\d+)\)/.exec(argv.join(' '))?.[1] ?? 0);
  if (count === 0) return 0;
  await clock.sleep(count * 3, { context: killed });
  let [q, r, t, k, n, l] = [1n, 0n, 1n, 1n, 3n, 3n];
  let digits = '';
  while (digits.length < count) {
    if (4n * q + r - t < n * t) {
      digits += String(n);
      [q, r, n] = [10n * q, 10n * (r - n * t), (10n * (3n * q + r)) / t - 10n * n];
    } else {
      [r, n] = [(2n * q + r) * l, (q * (7n * k) + 2n + r * l) / (t * l)];
      [q, t, l, k] = [q * k, t * l, l + 2n, k + 1n];
    }
  }
  stdout(`${digits[0]}.${digits.slice(1)}\n`);
  return 0;
};

/** A language that the lab does not speak: it ends at the end of its empty input, and has no scripts. */
const interpreter: Program = ({ argv, stderr }) => {
  if (argv.length === 1) return Promise.resolve(0);
  stderr(`${argv[0]}: this machine has no interpreter for ${argv.slice(1).join(' ')}\n`);
  return Promise.resolve(127);
};

/** What the registries hold. The control plane's own images come with the cluster. */
export const PUBLIC_IMAGES: readonly Image[] = [
  {
    name: hub('nginx'),
    tags: tags('1(\\.([0-9]|1[0-9]|2[0-9])(\\.\\d)?)?'),
    size: 72 * MIB,
    entrypoint: ['/docker-entrypoint.sh'],
    command: ['nginx', '-g', 'daemon off;'],
    program: nginx,
    userland: 'debian',
    tools: ['curl'],
    files: NGINX_FILES,
    env: { NGINX_VERSION: '1.29.3' },
    virtualSize: 11468,
    residentSize: 7424,
  },
  {
    name: 'docker.io/nginxinc/nginx-unprivileged',
    tags: tags('1(\\.([0-9]|1[0-9]|2[0-9])(\\.\\d)?)?'),
    size: 72 * MIB,
    entrypoint: ['/docker-entrypoint.sh'],
    command: ['nginx', '-g', 'daemon off;'],
    program: unprivilegedNginx,
    runAs: { uid: 101 },
    user: '101',
    userland: 'debian',
    tools: ['curl'],
    files: UNPRIVILEGED_NGINX_FILES,
    env: { NGINX_VERSION: '1.29.3' },
    virtualSize: 11468,
    residentSize: 7424,
  },
  {
    name: hub('httpd'),
    tags: tags('2(\\.[24](\\.\\d+)?)?'),
    size: 58 * MIB,
    entrypoint: [],
    command: ['httpd-foreground'],
    program: httpd,
    userland: 'debian',
    files: HTTPD_FILES,
    workingDir: '/usr/local/apache2',
    virtualSize: 7128,
    residentSize: 4864,
  },
  serverImage(
    hub('redis'),
    tags('[5-8](\\.\\d(\\.\\d+)?)?'),
    52,
    ['redis-server'],
    tcpServer(
      6379,
      ({ clock }) =>
        `1:M ${new Date(clock.now()).toUTCString().slice(5, 25)}.000 * Ready to accept connections tcp\n`,
    ),
    { virtualSize: 44680, residentSize: 12160 },
    { user: 'lxd', workingDir: '/data' },
  ),
  serverImage(
    hub('memcached'),
    tags('1(\\.\\d+(\\.\\d+)?)?'),
    34,
    ['memcached'],
    tcpServer(11211, () => ''),
    { virtualSize: 410048, residentSize: 2816 },
    { runAs: { name: 'memcache' } },
  ),
  serverImage(
    hub('postgres'),
    tags('1[0-8](\\.\\d+)?'),
    161,
    ['postgres'],
    needsPassword(
      ['POSTGRES_PASSWORD', 'POSTGRES_HOST_AUTH_METHOD'],
      'Error: Database is uninitialized and superuser password is not specified.\n       You must specify POSTGRES_PASSWORD to a non-empty value for the\n       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".\n',
      tcpServer(5432, () => 'LOG:  database system is ready to accept connections\n'),
    ),
    { virtualSize: 222340, residentSize: 29184 },
  ),
  serverImage(
    hub('mysql'),
    tags('(5\\.[67]|[89])(\\.\\d+){0,2}'),
    254,
    ['mysqld'],
    needsPassword(
      ['MYSQL_ROOT_PASSWORD', 'MYSQL_ALLOW_EMPTY_PASSWORD', 'MYSQL_RANDOM_ROOT_PASSWORD'],
      '[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n    You need to specify one of the following as an environment variable:\n    - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD\n    - MYSQL_RANDOM_ROOT_PASSWORD\n',
      tcpServer(3306, () => '[System] [Server] /usr/sbin/mysqld: ready for connections.\n'),
    ),
    { virtualSize: 1816652, residentSize: 471040 },
  ),
  serverImage(
    hub('mariadb'),
    tags('1[01](\\.\\d+){0,2}|lts'),
    105,
    ['mariadbd'],
    tcpServer(3306, () => 'mariadbd: ready for connections.\n'),
    { virtualSize: 1316652, residentSize: 101040 },
  ),
  serverImage(
    hub('mongo'),
    tags('[4-8](\\.\\d+){0,2}'),
    290,
    ['mongod'],
    tcpServer(27017, () => 'Waiting for connections\n'),
    { virtualSize: 2516652, residentSize: 151040 },
  ),
  serverImage(
    hub('rabbitmq'),
    tags('[34](\\.\\d+){0,2}(-management)?'),
    110,
    ['rabbitmq-server'],
    tcpServer(5672, () => 'Starting broker... completed\n'),
    { virtualSize: 2516652, residentSize: 131040 },
  ),
  toolImage(hub('busybox'), tags('1(\\.\\d+(\\.\\d+)?)?|glibc|musl|uclibc', ''), 2, 'busybox', ['sh']),
  toolImage(hub('alpine'), tags('3(\\.\\d+(\\.\\d+)?)?|edge', ''), 4, 'busybox', ['/bin/sh'], {
    virtualSize: 1736,
    residentSize: 1024,
  }),
  toolImage(
    hub('ubuntu'),
    tags('\\d\\d\\.\\d\\d|jammy|noble|focal|rolling', ''),
    29,
    'debian',
    ['/bin/bash'],
    { virtualSize: 4360, residentSize: 3328 },
  ),
  toolImage(hub('debian'), tags('1[0-3](\\.\\d+)?|bookworm|trixie|bullseye'), 49, 'debian', ['bash'], {
    virtualSize: 4360,
    residentSize: 3328,
  }),
  toolImage(hub('python'), tags('[23](\\.\\d+){0,2}'), 365, 'debian', ['python3'], { program: interpreter }),
  toolImage(hub('node'), tags('\\d\\d(\\.\\d+){0,2}|lts'), 395, 'debian', ['node'], { program: interpreter }),
  toolImage(hub('perl'), tags('5(\\.\\d+){0,2}'), 336, 'debian', ['perl'], { program: perl }),
  toolImage(hub('bash'), tags('5(\\.\\d+){0,2}', ''), 7, 'busybox', ['bash']),
  toolImage('docker.io/curlimages/curl', anyVersion, 9, 'busybox', [], {
    tools: ['curl'],
    entrypoint: ['curl'],
    runAs: { name: 'curl_user', uid: 100 },
  }),
  toolImage('docker.io/alpine/curl', anyVersion, 5, 'busybox', [], { tools: ['curl'], entrypoint: ['curl'] }),
  toolImage('docker.io/nicolaka/netshoot', anyVersion, 190, 'busybox', ['sh'], { tools: ['curl', 'bash'] }),
  toolImage('docker.io/radial/busyboxplus', /^(latest|curl)$/, 5, 'busybox', ['sh'], { tools: ['curl'] }),
  toolImage('docker.io/polinux/stress', anyVersion, 4, 'busybox', ['stress'], { tools: ['stress', 'bash'] }),
  toolImage('docker.io/polinux/stress-ng', anyVersion, 10, 'busybox', ['stress-ng'], {
    tools: ['stress-ng', 'bash'],
  }),
  toolImage('docker.io/vish/stress', anyVersion, 3, 'busybox', [], {
    tools: ['stress'],
    entrypoint: ['stress'],
  }),
  toolImage('registry.k8s.io/e2e-test-images/jessie-dnsutils', anyVersion, 90, 'debian', ['sleep', '3600'], {
    tools: ['nslookup', 'ping', 'wget', 'nc'],
  }),
  toolImage('registry.k8s.io/e2e-test-images/busybox', /^1\.\d+(\.\d+)?(-\d+)?$/, 2, 'busybox', ['sh']),
  toolImage('registry.k8s.io/busybox', anyVersion, 2, 'busybox', ['sh']),
  {
    name: 'registry.k8s.io/e2e-test-images/nginx',
    tags: /^1\.\d+(-\d+)?$/,
    size: 52 * MIB,
    entrypoint: ['/docker-entrypoint.sh'],
    command: ['nginx', '-g', 'daemon off;'],
    program: nginx,
    userland: 'debian',
    files: NGINX_FILES,
    virtualSize: 11468,
    residentSize: 7424,
  },
  toolImage('registry.k8s.io/e2e-test-images/agnhost', anyVersion, 50, 'busybox', ['pause'], {
    entrypoint: ['/agnhost'],
    program: agnhost,
    tools: ['curl'],
  }),
  toolImage('docker.io/hashicorp/http-echo', anyVersion, 4, 'busybox', [], {
    entrypoint: ['/http-echo'],
    program: httpEcho,
    runAs: { uid: 65532 },
  }),
  toolImage('gcr.io/google-samples/hello-app', /^(latest|[12]\.0)$/, 11, 'busybox', ['./hello-app'], {
    program: echoServer(8080, ({ hostname }) => `Hello, world!\nVersion: 1.0.0\nHostname: ${hostname}\n`),
  }),
  toolImage('docker.io/traefik/whoami', anyVersion, 3, 'busybox', [], {
    entrypoint: ['/whoami'],
    program: echoServer(80, ({ hostname }) => `Hostname: ${hostname}\n`),
  }),
  toolImage('registry.k8s.io/hpa-example', anyVersion, 180, 'debian', ['apache2-foreground'], {
    program: echoServer(80, () => 'OK!'),
  }),
  toolImage(hub('hello-world'), tags('linux', ''), 1, 'busybox', ['/hello'], {
    program: ({ stdout }) => {
      stdout(
        '\nHello from Docker!\nThis message shows that your installation appears to be working correctly.\n\n',
      );
      return Promise.resolve(0);
    },
  }),
];

/** A database that does not start without one of these variables. */
function needsPassword(variables: readonly string[], complaint: string, program: Program): Program {
  return (environment) => {
    if (variables.some((name) => (environment.envs[name] ?? '') !== '')) return program(environment);
    environment.stderr(complaint);
    return Promise.resolve(1);
  };
}

/** Registries that answer for repositories they do not hold; no other host can be reached. */
export const REGISTRIES: readonly string[] = [
  'docker.io',
  'registry.k8s.io',
  'ghcr.io',
  'quay.io',
  'gcr.io',
  'mcr.microsoft.com',
];
