import type { Command } from '../command.ts';

export const pwd: Command = {
  name: 'pwd',
  async run(_args, io, { cwd }) {
    io.stdout(`${cwd}\n`);
    return 0;
  },
};

export const yes: Command = { name: 'true', run: async () => 0 };
export const no: Command = { name: 'false', run: async () => 1 };

/** Clears the screen of a terminal. */
export const clear: Command = {
  name: 'clear',
  async run(_args, io) {
    io.stdout('\x1b[H\x1b[2J\x1b[3J');
    return 0;
  },
};
