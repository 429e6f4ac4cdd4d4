import type { Command } from '../command.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** The milliseconds of "2", "0.5s", "1m" or "infinity"; undefined if it is no interval. */
export function parseInterval(text: string): number | undefined {
  if (text === 'inf' || text === 'infinity') return Infinity;
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * UNITS[match[2]!]! * 1000;
}

/** GNU sleep, in simulated time. */
export const sleep: Command = {
  name: 'sleep',
  async run(args, io, { clock, context }) {
    if (args.length === 0) {
      io.stderr("sleep: missing operand\nTry 'sleep --help' for more information.\n");
      return 1;
    }
    let total = 0;
    for (const argument of args) {
      const interval = parseInterval(argument);
      if (interval === undefined) {
        io.stderr(`sleep: invalid time interval '${argument}'\nTry 'sleep --help' for more information.\n`);
        return 1;
      }
      total += interval;
    }
    // What never ends must not look like work that is still to come.
    await clock.sleep(total, { context, periodic: total === Infinity });
    return context.cancelled ? 130 : 0;
  },
};
