import type { Command } from '../command.ts';
import { getopt } from '../getopt.ts';
import { journalLine } from './journal-line.ts';

/** Seconds of a unit as systemd.time names them, the s of many left out. */
const UNITS: Readonly<Record<string, number>> = {
  ...{ s: 1, sec: 1, second: 1 },
  ...{ m: 60, min: 60, minute: 60 },
  ...{ h: 3600, hr: 3600, hour: 3600 },
  ...{ d: 86_400, day: 86_400, w: 604_800, week: 604_800 },
};

/** journalctl: what the services of the machine have said. */
export const journalctl: Command = {
  name: 'journalctl',
  async run(args, io, { machine, clock, context }) {
    const parsed = getopt(
      'journalctl',
      args,
      {
        unit: { short: 'u', long: 'unit', value: 'required' },
        identifier: { short: 't', long: 'identifier', value: 'required' },
        lines: { short: 'n', long: 'lines', value: 'required' },
        follow: { short: 'f', long: 'follow' },
        reverse: { short: 'r', long: 'reverse' },
        since: { short: 'S', long: 'since', value: 'required' },
        until: { short: 'U', long: 'until', value: 'required' },
        output: { short: 'o', long: 'output', value: 'required' },
        grep: { short: 'g', long: 'grep', value: 'required' },
        noPager: { long: 'no-pager' },
        boot: { short: 'b', long: 'boot' },
        catalog: { short: 'x', long: 'catalog' },
        end: { short: 'e', long: 'pager-end' },
        all: { short: 'a', long: 'all' },
        quiet: { short: 'q', long: 'quiet' },
        dmesg: { short: 'k', long: 'dmesg' },
      },
      io,
    );
    if (parsed === undefined) return 1;
    const { options } = parsed;
    const unit = options.get('unit');
    const name = unit === undefined || unit.includes('.') ? unit : `${unit}.service`;
    const [since, until] = [options.get('since'), options.get('until')].map((text) =>
      text === undefined ? undefined : instantOf(text, clock.now()),
    );
    for (const [index, instant] of [since, until].entries()) {
      if (instant === undefined || !Number.isNaN(instant)) continue;
      io.stderr(`Failed to parse timestamp: ${options.get(index === 0 ? 'since' : 'until')}\n`);
      return 1;
    }
    const pattern = options.get('grep');
    const matches = pattern === undefined ? undefined : new RegExp(pattern);
    const chosen = () =>
      machine.journal
        .entries(name)
        .filter(
          (entry) =>
            entry.time >= (since ?? 0) &&
            entry.time <= (until ?? Infinity) &&
            (!options.has('identifier') || entry.identifier === options.get('identifier')) &&
            (matches === undefined || matches.test(entry.message)),
        );
    const show = (entry: ReturnType<typeof chosen>[number]) =>
      io.stdout(
        `${options.get('output') === 'cat' ? entry.message : journalLine(entry, machine.hostname)}\n`,
      );
    const all = chosen();
    const follow = options.has('follow');
    const count = options.has('lines')
      ? Number(options.get('lines'))
      : follow
        ? 10
        : options.has('end')
          ? 1000
          : Infinity;
    const shown = count === Infinity ? all : all.slice(Math.max(0, all.length - count));
    if (all.length === 0 && !follow) io.stdout('-- No entries --\n');
    for (const entry of options.has('reverse') ? [...shown].reverse() : shown) show(entry);
    if (!follow) return 0;
    let last = all.at(-1);
    while (!context.cancelled) {
      await clock.sleep(1000, { context, periodic: true });
      const now = chosen();
      const next = last === undefined ? 0 : now.lastIndexOf(last) + 1;
      for (const entry of now.slice(next)) show(entry);
      last = now.at(-1) ?? last;
    }
    return 130;
  },
};

/** "2026-11-23 09:00:00", "09:00", "10 min ago", "-1h", "today". */
function instantOf(text: string, now: number): number {
  const relative = /^-?(\d+)\s*(s|[a-z]+?)s?(?:\s+ago)?$/.exec(text);
  if (relative !== null) return now - Number(relative[1]) * (UNITS[relative[2]!] ?? NaN) * 1000;
  if (text === 'now') return now;
  const midnight = now - (now % 86_400_000);
  if (text === 'today') return midnight;
  if (text === 'yesterday') return midnight - 86_400_000;
  const clock = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(text);
  if (clock !== null) {
    const [, hours, minutes, seconds = 0] = clock;
    return midnight + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  }
  return Date.parse(text.includes('T') ? text : `${text.replace(' ', 'T')}Z`);
}
