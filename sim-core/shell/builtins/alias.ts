import type { Builtin } from '../builtin.ts';

/** `alias name=value …` defines, `alias name` shows one, `alias` shows all. */
export const alias: Builtin = {
  name: 'alias',
  run(args, io, { session }) {
    const show = (name: string) =>
      io.stdout(`alias ${name}='${session.aliases.get(name)!.replaceAll("'", "'\\''")}'\n`);
    const given = args.filter((argument) => argument !== '-p');
    if (given.length === 0) for (const name of [...session.aliases.keys()].sort()) show(name);
    let exit = 0;
    for (const argument of given) {
      const equals = argument.indexOf('=');
      if (equals > 0) session.aliases.set(argument.slice(0, equals), argument.slice(equals + 1));
      else if (session.aliases.has(argument)) show(argument);
      else {
        io.stderr(`bash: alias: ${argument}: not found\n`);
        exit = 1;
      }
    }
    return exit;
  },
};

export const unalias: Builtin = {
  name: 'unalias',
  run(args, io, { session }) {
    if (args[0] === '-a') {
      session.aliases.clear();
      return 0;
    }
    let exit = 0;
    for (const name of args) {
      if (session.aliases.delete(name)) continue;
      io.stderr(`bash: unalias: ${name}: not found\n`);
      exit = 1;
    }
    return exit;
  },
};
