import type { Builtin } from '../builtin.ts';

const WITH_VALUE = new Set(['-i', '-l', '-p', '-o', '-F', '-J']);

/** `ssh [user@]host` goes over to another machine of the lab, `ssh host command` runs one line there. */
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
    if (shell.login(host) === undefined) {
      io.stderr(`ssh: Could not resolve hostname ${host}: Name or service not known\n`);
      return 255;
    }
    if (operands.length === 0) return 0;
    try {
      return await shell.run(operands.join(' '), io);
    } finally {
      shell.logout();
    }
  },
};
