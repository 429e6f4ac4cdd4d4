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

/** How much `yes` writes at once. */
const BATCH = 16_384;
/** How much it writes in a millisecond. */
const BATCHES_PER_MILLISECOND = 8;

/** GNU yes: writes until nobody reads any more. */
export const yesCommand: Command = {
  name: 'yes',
  async run(args, io, { clock, context }) {
    const line = `${args.join(' ') || 'y'}\n`;
    const batch = line.repeat(Math.max(1, Math.floor(BATCH / line.length)));
    for (let count = 1; !context.cancelled; count++) {
      io.stdout(batch);
      await io.drained?.();
      if (count % BATCHES_PER_MILLISECOND === 0) await clock.sleep(1, { context, periodic: true });
    }
    return 130;
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
