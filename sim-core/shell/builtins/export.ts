import type { Builtin } from '../builtin.ts';

/** `export NAME[=value] …`; without names it lists what is exported. */
export const exportBuiltin: Builtin = {
  name: 'export',
  run(args, io, { session }) {
    const names = args.filter((argument) => argument !== '-p');
    if (names.length === 0) {
      for (const name of [...session.exported].sort()) {
        const value = session.variables.get(name);
        io.stdout(
          `declare -x ${name}${value === undefined ? '' : `="${value.replace(/["$`\\]/g, '\\$&')}"`}\n`,
        );
      }
      return 0;
    }
    let exit = 0;
    for (const argument of names) {
      const equals = argument.indexOf('=');
      const name = equals < 0 ? argument : argument.slice(0, equals);
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        io.stderr(`bash: export: \`${argument}': not a valid identifier\n`);
        exit = 1;
        continue;
      }
      if (equals >= 0) session.variables.set(name, argument.slice(equals + 1));
      session.exported.add(name);
    }
    return exit;
  },
};
