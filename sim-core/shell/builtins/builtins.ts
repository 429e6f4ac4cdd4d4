import type { Builtin } from '../builtin.ts';
import { alias, unalias } from './alias.ts';
import { cd } from './cd.ts';
import { complete } from './complete.ts';
import { exit, logout } from './exit.ts';
import { exportBuiltin } from './export.ts';
import { fg, jobs, wait } from './jobs.ts';
import { history } from './history.ts';
import { kill } from './kill.ts';
import { ssh } from './ssh.ts';
import { timeout } from './timeout.ts';
import { command, type } from './type.ts';
import { unset } from './unset.ts';

export const ALL: ReadonlyMap<string, Builtin> = new Map(
  [
    ...[
      alias,
      cd,
      command,
      complete,
      exit,
      exportBuiltin,
      fg,
      history,
      jobs,
      kill,
      logout,
      ssh,
      timeout,
      type,
    ],
    ...[unalias, unset, wait],
  ].map((builtin) => [builtin.name, builtin]),
);
