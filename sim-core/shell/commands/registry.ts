import type { Command } from '../command.ts';
import { echo } from './echo.ts';
import { env } from './env.ts';
import { hostname, id, uname, whoami } from './identity.ts';
import { sleep } from './sleep.ts';
import { clear, no, pwd, yes } from './trivial.ts';

/** A program that is fetched when it first runs. */
const lazy = (name: string, load: () => Promise<Command>): Command => ({
  name,
  run: async (args, io, environment) => (await environment.clock.outside(load())).run(args, io, environment),
});

/** The programs of the lab's shell that need nothing but the machine. */
export const COMMANDS: readonly Command[] = [
  lazy('cat', async () => (await import('./cat.ts')).cat),
  clear,
  lazy('cp', async () => (await import('./files.ts')).cp),
  lazy('date', async () => (await import('./date.ts')).date),
  echo,
  env,
  hostname,
  id,
  lazy('ls', async () => (await import('./ls.ts')).ls),
  lazy('mkdir', async () => (await import('./files.ts')).mkdir),
  lazy('mv', async () => (await import('./files.ts')).mv),
  no,
  lazy('ps', async () => (await import('./ps.ts')).ps),
  pwd,
  lazy('rm', async () => (await import('./files.ts')).rm),
  sleep,
  uname,
  whoami,
  yes,
];
