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

/** How much `yes` writes before its reader has surely gone away. */
const ENOUGH = 1024 * 1024;
const SIGPIPE_EXIT = 141;

/** GNU yes; a pipe takes all of its output before the reader sees it, so that it must end. */
export const yesCommand: Command = {
  name: 'yes',
  async run(args, io) {
    const line = `${args.join(' ') || 'y'}\n`;
    io.stdout(line.repeat(Math.ceil(ENOUGH / line.length)));
    return SIGPIPE_EXIT;
  },
};

/** Clears the screen of a terminal. */
export const clear: Command = {
  name: 'clear',
  async run(_args, io) {
    io.stdout('\x1b[H\x1b[2J\x1b[3J');
    return 0;
  },
};
