/** What a clock on the wall shows. `month` is 1 to 12, `weekday` 0 (Sunday) to 6. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly weekday: number;
}

/** A place's time, by its name in the time zone database: "Asia/Seoul". Models Go's time.Location. */
export class TimeZone {
  /** Undefined for UTC, which needs no database. */
  readonly #format: Intl.DateTimeFormat | undefined;

  /** Throws a RangeError for a name that the database does not know. */
  constructor(name: string) {
    this.#format =
      name === 'UTC'
        ? undefined
        : new Intl.DateTimeFormat('en-US', {
            timeZone: name,
            hourCycle: 'h23',
            year: 'numeric',
            month: 'numeric',
            day: 'numeric',
            hour: 'numeric',
            minute: 'numeric',
            second: 'numeric',
          });
  }

  localOf(instant: number): LocalTime {
    const shown = new Date(instant + this.#offsetAt(instant));
    return {
      year: shown.getUTCFullYear(),
      month: shown.getUTCMonth() + 1,
      day: shown.getUTCDate(),
      hour: shown.getUTCHours(),
      minute: shown.getUTCMinutes(),
      weekday: shown.getUTCDay(),
    };
  }

  /** The instant at which that day begins there; months and days beyond the end run over. */
  instantOf(year: number, month: number, day: number): number {
    const shown = Date.UTC(year, month - 1, day);
    const guess = shown - this.#offsetAt(shown);
    return shown - this.#offsetAt(guess);
  }

  /** "2026-11-23T18:00:00+09:00" */
  format(instant: number): string {
    const offset = this.#offsetAt(instant) / 60_000;
    const text = new Date(instant + offset * 60_000).toISOString().slice(0, 19);
    if (offset === 0) return `${text}Z`;
    const two = (value: number) => String(value).padStart(2, '0');
    const size = Math.abs(offset);
    return `${text}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  }

  /** Milliseconds that the place is ahead of UTC. */
  #offsetAt(instant: number): number {
    if (this.#format === undefined) return 0;
    const parts: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(instant)) parts[type] = Number(value);
    const { year, month, day, hour, minute, second } = parts as Record<string, number>;
    const shown = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!);
    return shown - Math.floor(instant / 1000) * 1000;
  }
}
