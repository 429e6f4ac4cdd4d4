import type { Program } from '../../node/program.ts';
import type { Userland } from '../userland/userland.ts';
import { server } from './programs.ts';

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
  /** What {@link entrypoint} or {@link command} runs; missing: a tool of the userland. */
  readonly program?: Program;
  /** Other executables that it brings along, by name. */
  readonly executables?: Readonly<Record<string, Program>>;
  /** The small tools that it has beside its program; missing: none. */
  readonly userland?: Userland;
  /** Tools that its userland does not have by itself. */
  readonly tools?: readonly string[];
  /** Files beside those that every image with a userland has. */
  readonly files?: Readonly<Record<string, string>>;
  /** Environment that the image sets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  /** USER of the image; missing: root. */
  readonly runAs?: { readonly uid?: number; readonly name?: string };
  /** User, virtual and resident size (KiB) of the process, as ps shows them. */
  readonly user?: string;
  readonly virtualSize: number;
  readonly residentSize: number;
  /** The share of one CPU that it uses; missing: next to nothing. */
  readonly load?: number;
}

/** What keeps the namespaces of a pod: every machine has it from the start. */
export const PAUSE: Image = {
  name: 'registry.k8s.io/pause',
  tags: /^(latest|3\.\d+(\.\d+)?)$/,
  size: 312 * 1024,
  entrypoint: ['/pause'],
  command: [],
  program: server,
  user: '65535',
  runAs: { uid: 65535 },
  virtualSize: 1020,
  residentSize: 640,
};
