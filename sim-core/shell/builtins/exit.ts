import type { Builtin } from '../builtin.ts';

/** Leaves a session that `ssh` opened; the first session stays open. */
export const exit: Builtin = {
  name: 'exit',
  run(args, io, shell) {
    const { hostname } = shell.session.machine;
    const code = args[0] === undefined ? shell.session.lastExit : Number(args[0]) & 0xff;
    io.stdout('logout\n');
    if (shell.logout()) io.stderr(`Connection to ${hostname} closed.\n`);
    return Number.isNaN(code) ? 2 : code;
  },
};

export const logout: Builtin = { ...exit, name: 'logout' };
