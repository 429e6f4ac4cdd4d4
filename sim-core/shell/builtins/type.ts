import { quoteWord } from '../quote.ts';
import type { Builtin, ShellControl } from '../builtin.ts';

function isKnown(name: string, shell: ShellControl): boolean {
  return shell.isBuiltin(name) || shell.isProgram(name);
}

export const type: Builtin = {
  name: 'type',
  run(args, io, shell) {
    let exit = 0;
    for (const name of args) {
      const alias = shell.session.aliases.get(name);
      if (alias !== undefined) io.stdout(`${name} is aliased to \`${alias}'\n`);
      else if (shell.isBuiltin(name)) io.stdout(`${name} is a shell builtin\n`);
      else if (shell.isProgram(name)) io.stdout(`${name} is /usr/bin/${name}\n`);
      else {
        io.stderr(`bash: type: ${name}: not found\n`);
        exit = 1;
      }
    }
    return exit;
  },
};

/** `command -v name` looks a name up; `command name …` runs it without aliases. */
export const command: Builtin = {
  name: 'command',
  run(args, io, shell) {
    if (args[0] !== '-v') {
      const line = args.map(quoteWord).join(' ');
      return shell.run(line, io);
    }
    let exit = 1;
    for (const name of args.slice(1)) {
      const alias = shell.session.aliases.get(name);
      if (alias !== undefined) io.stdout(`alias ${name}='${alias}'\n`);
      else if (isKnown(name, shell)) io.stdout(shell.isBuiltin(name) ? `${name}\n` : `/usr/bin/${name}\n`);
      else continue;
      exit = 0;
    }
    return exit;
  },
};
