/** Models v1.PodLogOptions as they come in a query. */
export interface LogOptions {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  /** Only what was said at or after this instant, in simulated milliseconds. */
  readonly since: number;
  /** The last so many lines; undefined for all. */
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
}

/** Takes "follow=true&tailLines=5" apart; `now` is for sinceSeconds. */
export function parseLogOptions(query: string, now: number): LogOptions {
  const values = new Map(
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => pair.split('=').map(decodeURIComponent) as [string, string]),
  );
  const number = (name: string) => (values.has(name) ? Number(values.get(name)) : undefined);
  const seconds = number('sinceSeconds');
  const time = values.get('sinceTime');
  return {
    follow: values.get('follow') === 'true',
    previous: values.get('previous') === 'true',
    timestamps: values.get('timestamps') === 'true',
    since: seconds !== undefined ? now - seconds * 1000 : time !== undefined ? Date.parse(time) : -Infinity,
    tailLines: number('tailLines'),
    limitBytes: number('limitBytes'),
  };
}

/** Lines of a CRI log ("2026-11-23T09:00:00.000000000Z stdout F text") as a reader wants them. */
export function selectLines(log: string, options: LogOptions): string[] {
  const lines = log.split('\n').filter((line) => line !== '');
  const recent = lines.filter((line) => Date.parse(line.slice(0, line.indexOf(' '))) >= options.since);
  const tail =
    options.tailLines === undefined ? recent : recent.slice(Math.max(0, recent.length - options.tailLines));
  return tail.map((line) => {
    const [time, , , ...text] = line.split(' ');
    return `${options.timestamps ? `${time} ` : ''}${text.join(' ')}\n`;
  });
}
