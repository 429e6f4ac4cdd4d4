import type { Command } from '../command.ts';

export const hostname: Command = {
  name: 'hostname',
  async run(args, io, { machine }) {
    io.stdout(`${args[0] === '-I' || args[0] === '-i' ? `${machine.address} ` : machine.hostname}\n`);
    return 0;
  },
};

export const whoami: Command = {
  name: 'whoami',
  async run(_args, io, { user }) {
    io.stdout(`${user}\n`);
    return 0;
  },
};

export const id: Command = {
  name: 'id',
  async run(args, io, { user }) {
    const short: Readonly<Record<string, string>> = { '-u': '0', '-g': '0', '-un': user, '-gn': user };
    io.stdout(`${short[args[0] ?? ''] ?? `uid=0(${user}) gid=0(${user}) groups=0(${user})`}\n`);
    return 0;
  },
};

export const uname: Command = {
  name: 'uname',
  async run(args, io, { machine }) {
    const release = '6.8.0-90-generic';
    const fields: Readonly<Record<string, string>> = {
      s: 'Linux',
      n: machine.hostname,
      r: release,
      v: '#91-Ubuntu SMP PREEMPT_DYNAMIC',
      m: 'x86_64',
      o: 'GNU/Linux',
    };
    const letters = args.join('').replaceAll('-', '') || 's';
    const order = ['s', 'n', 'r', 'v', 'm', 'o'];
    const shown = letters.includes('a') ? order : order.filter((letter) => letters.includes(letter));
    io.stdout(`${shown.map((letter) => fields[letter]).join(' ')}\n`);
    return 0;
  },
};
