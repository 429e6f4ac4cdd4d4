import { readAll } from '../../node/pipe.ts';
import type { Builtin } from '../builtin.ts';

const WITH_VALUE = new Set(['-i', '-l', '-p', '-o', '-F', '-J']);

/**
 * `ssh [user@]host` goes over to another machine of the lab, `ssh host command` runs one line there. Where nobody
 * could go over, in a pipe or a substitution, what is read is run there.
 */
export const ssh: Builtin = {
  name: 'ssh',
  async run(args, io, shell) {
    const operands = [...args];
    while (operands[0]?.startsWith('-') === true) operands.splice(0, WITH_VALUE.has(operands[0]) ? 2 : 1);
    const target = operands.shift();
    if (target === undefined) {
      io.stderr('usage: ssh [-l login_name] destination [command [argument ...]]\n');
      return 255;
    }
    const host = target.slice(target.lastIndexOf('@') + 1);
    if (!shell.hasHost(host)) {
      io.stderr(`ssh: Could not resolve hostname ${host}: Name or service not known\n`);
      return 255;
    }
    if (operands.length > 0) return shell.runOn(host, operands.join(' '), io);
    if (shell.isSubshell) return shell.runOn(host, await readAll(io.stdin), io);
    shell.login(host);
    return 0;
  },
};
