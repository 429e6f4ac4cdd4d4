import type { Command } from '../command.ts';
import { cat } from './cat.ts';
import { date } from './date.ts';
import { echo } from './echo.ts';
import { env } from './env.ts';
import { cp, mkdir, mv, rm } from './files.ts';
import { hostname, id, uname, whoami } from './identity.ts';
import { ls } from './ls.ts';
import { ps } from './ps.ts';
import { sleep } from './sleep.ts';
import { clear, no, pwd, yes } from './trivial.ts';

/** The programs of the lab's shell that need nothing but the machine. */
export const COMMANDS: readonly Command[] = [
  cat,
  clear,
  cp,
  date,
  echo,
  env,
  hostname,
  id,
  ls,
  mkdir,
  mv,
  no,
  ps,
  pwd,
  rm,
  sleep,
  uname,
  whoami,
  yes,
];
