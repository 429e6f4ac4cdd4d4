import type { Builtin } from '../builtin.ts';

export const history: Builtin = {
  name: 'history',
  run(args, io, shell) {
    const count = args[0] === undefined ? shell.history.length : Number(args[0]);
    const first = Math.max(0, shell.history.length - count);
    for (const [index, line] of shell.history.slice(first).entries()) {
      io.stdout(`${String(first + index + 1).padStart(5)}  ${line}\n`);
    }
    return 0;
  },
};
