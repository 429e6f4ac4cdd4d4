import { humanDuration } from '../../apimachinery/duration.ts';
import { DESCRIBE_COLUMNS, Tabwriter } from '../printers/tabwriter.ts';

/** Text in columns, indented by levels of two spaces. Models pkg/describe PrefixWriter on a tabwriter. */
export class DescribeWriter {
  readonly #writer: { write(text: string): void; flush(): string };
  #text = '';
  /** Simulated milliseconds since the Unix epoch, for ages. */
  readonly now: number;

  /** `inColumns`: false leaves the tabs between cells as they are. */
  constructor(now: number, inColumns = true) {
    this.now = now;
    this.#writer = inColumns ? new Tabwriter(DESCRIBE_COLUMNS) : new PlainWriter();
  }

  /** A line; cells are separated by tabs. */
  line(level: number, text: string): void {
    this.#writer.write(`${'  '.repeat(level)}${text}\n`);
  }

  /** "Name:\tvalue". */
  field(level: number, name: string, value: string | number | boolean | undefined): void {
    this.line(level, `${name}:\t${value ?? ''}`);
  }

  /**
   * "Labels:\ta=b" with one further line for each further entry, "<none>" for none.
   * Models printLabelsMultiline.
   */
  map(
    level: number,
    title: string,
    values: Readonly<Record<string, string>> | undefined,
    separator = '=',
  ): void {
    const keys = Object.keys(values ?? {}).sort();
    this.line(level, `${title}:\t${keys.length === 0 ? '<none>' : keys[0] + separator + values![keys[0]!]}`);
    for (const key of keys.slice(1)) this.line(level, `\t${key}${separator}${values![key]}`);
  }

  /** Like {@link map}; long values and values of several lines stand below their keys. */
  annotations(level: number, values: Readonly<Record<string, string>> | undefined): void {
    const shown = Object.entries(values ?? {})
      .filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration')
      .sort(([a], [b]) => (a < b ? -1 : 1));
    if (shown.length === 0) {
      this.line(level, 'Annotations:\t<none>');
      return;
    }
    let head = 'Annotations:\t';
    for (const [key, value] of shown) {
      const text = value.replace(/\n$/, '');
      if (text.length + key.length + 2 > 140 || text.includes('\n')) {
        this.line(level, `${head}${key}:`);
        for (const line of text.split('\n'))
          this.line(level, `\t  ${line.length > 138 ? `${line.slice(0, 138)}...` : line}`);
      } else this.line(level, `${head}${key}: ${text}`);
      head = '\t';
    }
  }

  /** What was written so far does not line up with what follows. */
  flush(): void {
    this.#text += this.#writer.flush();
  }

  text(): string {
    this.flush();
    return this.#text;
  }

  /** "Mon, 23 Nov 2026 17:49:03 +0000"; "<unset>" without a time. */
  time(time: string | undefined): string {
    return time === undefined || time === null ? '<unset>' : timeText(time);
  }

  /** "5m". */
  age(time: string | undefined): string {
    return time === undefined || time === null ? '<unknown>' : humanDuration(this.now - Date.parse(time));
  }
}

/** Keeps what is written. */
class PlainWriter {
  #text = '';

  write(text: string): void {
    this.#text += text;
  }

  flush(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** RFC 1123 with a numeric zone, as Go's time.RFC1123Z. */
function timeText(time: string): string {
  const date = new Date(time);
  const day = String(date.getUTCDate()).padStart(2, '0');
  return `${DAYS[date.getUTCDay()]}, ${day} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)} +0000`;
}
