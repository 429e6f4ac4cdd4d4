import type { Builtin } from '../builtin.ts';

export const unset: Builtin = {
  name: 'unset',
  run(args, _io, { session }) {
    for (const name of args) {
      session.variables.delete(name);
      session.exported.delete(name);
    }
    return 0;
  },
};
