import type { Program } from '../../node/program.ts';
import { server } from './programs.ts';
import { nginxBanner, pageServer, webServer } from './web-server.ts';

/** An image that can be pulled. */
export interface Image {
  /** "docker.io/library/nginx". */
  readonly name: string;
  /** Tags that exist. */
  readonly tags: RegExp;
  /** Bytes on the machine. */
  readonly size: number;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** What {@link entrypoint} or {@link command} runs; missing: a program of the userland. */
  readonly program?: Program;
  /** The image has a shell and small tools beside its program. */
  readonly userland: boolean;
  /** User, virtual and resident size (KiB) of the process, as ps shows them. */
  readonly user?: string;
  readonly virtualSize: number;
  readonly residentSize: number;
  /** The share of one CPU that it uses; missing: next to nothing. */
  readonly load?: number;
}

const MIB = 1024 * 1024;

const hub = (name: string) => `docker.io/library/${name}`;
const debianVariants = '(-(alpine|slim|bookworm|trixie|bullseye|perl)[\\w.-]*)?';
const tags = (versions: string, variants = debianVariants) =>
  new RegExp(`^((latest|stable|mainline|alpine|slim|${versions})${variants})$`);

/** What the registries hold. The control plane's own images come with the cluster. */
export const PUBLIC_IMAGES: readonly Image[] = [
  {
    name: hub('nginx'),
    tags: tags('1(\\.([0-9]|1[0-9]|2[0-9])(\\.\\d)?)?'),
    size: 72 * MIB,
    entrypoint: ['/docker-entrypoint.sh'],
    command: ['nginx', '-g', 'daemon off;'],
    program: webServer({
      port: 80,
      portTaken: 'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)',
      banner: nginxBanner,
      respond: pageServer('nginx', 'Welcome to nginx!'),
    }),
    userland: true,
    virtualSize: 11468,
    residentSize: 7424,
  },
  {
    name: hub('httpd'),
    tags: tags('2(\\.[24](\\.\\d+)?)?'),
    size: 58 * MIB,
    entrypoint: [],
    command: ['httpd-foreground'],
    program: webServer({
      port: 80,
      portTaken: '(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:80',
      banner: () => "AH00094: Command line: 'httpd -D FOREGROUND'\n",
      respond: pageServer('Apache', 'It works!'),
    }),
    userland: true,
    virtualSize: 7128,
    residentSize: 4864,
  },
  {
    name: hub('redis'),
    tags: tags('[5-8](\\.\\d(\\.\\d+)?)?'),
    size: 52 * MIB,
    entrypoint: ['docker-entrypoint.sh'],
    command: ['redis-server'],
    program: server,
    userland: true,
    user: 'lxd',
    virtualSize: 44680,
    residentSize: 12160,
  },
  {
    name: hub('memcached'),
    tags: tags('1(\\.\\d+(\\.\\d+)?)?'),
    size: 34 * MIB,
    entrypoint: ['docker-entrypoint.sh'],
    command: ['memcached'],
    program: server,
    userland: true,
    virtualSize: 410048,
    residentSize: 2816,
  },
  {
    name: hub('postgres'),
    tags: tags('1[0-8](\\.\\d+)?'),
    size: 161 * MIB,
    entrypoint: ['docker-entrypoint.sh'],
    command: ['postgres'],
    program: server,
    userland: true,
    virtualSize: 222340,
    residentSize: 29184,
  },
  {
    name: hub('mysql'),
    tags: tags('(5\\.7|[89])(\\.\\d+){0,2}'),
    size: 254 * MIB,
    entrypoint: ['docker-entrypoint.sh'],
    command: ['mysqld'],
    program: server,
    userland: true,
    virtualSize: 1816652,
    residentSize: 471040,
  },
  {
    name: hub('busybox'),
    tags: tags('1(\\.\\d+(\\.\\d+)?)?|glibc|musl|uclibc', ''),
    size: 2 * MIB,
    entrypoint: [],
    command: ['sh'],
    userland: true,
    virtualSize: 4404,
    residentSize: 1664,
  },
  {
    name: hub('alpine'),
    tags: tags('3(\\.\\d+(\\.\\d+)?)?|edge', ''),
    size: 4 * MIB,
    entrypoint: [],
    command: ['/bin/sh'],
    userland: true,
    virtualSize: 1736,
    residentSize: 1024,
  },
  {
    name: hub('ubuntu'),
    tags: tags('\\d\\d\\.\\d\\d|jammy|noble|focal|rolling', ''),
    size: 29 * MIB,
    entrypoint: [],
    command: ['/bin/bash'],
    userland: true,
    virtualSize: 4360,
    residentSize: 3328,
  },
  {
    name: hub('debian'),
    tags: tags('1[0-3](\\.\\d+)?|bookworm|trixie|bullseye'),
    size: 49 * MIB,
    entrypoint: [],
    command: ['bash'],
    userland: true,
    virtualSize: 4360,
    residentSize: 3328,
  },
  {
    name: 'registry.k8s.io/pause',
    tags: /^(latest|3\.\d+(\.\d+)?)$/,
    size: 312 * 1024,
    entrypoint: ['/pause'],
    command: [],
    program: server,
    userland: false,
    user: '65535',
    virtualSize: 1020,
    residentSize: 640,
  },
];

/** Registries that answer for repositories they do not hold; no other host can be reached. */
export const REGISTRIES: readonly string[] = [
  'docker.io',
  'registry.k8s.io',
  'ghcr.io',
  'quay.io',
  'gcr.io',
  'mcr.microsoft.com',
];
