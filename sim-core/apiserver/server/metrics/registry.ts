/** How Prometheus' text format calls the kinds of metrics. */
type MetricType = 'counter' | 'gauge' | 'histogram';

export interface MetricOptions {
  readonly name: string;
  readonly help: string;
  /** ALPHA, BETA or STABLE, which upstream writes before the text. */
  readonly stability?: 'ALPHA' | 'BETA' | 'STABLE';
  readonly labels?: readonly string[];
}

/** Something that /metrics shows. */
export interface Metric {
  /** Its lines, the comments included; "" while there is nothing to show. */
  text(): string;
}

/** Stands between label values that are one text; no label value contains it. */
const SEPARATOR = '\u0000';

/** Values of labels that follow each other, as one value of those that metrics take. */
export const joined = (...values: readonly string[]): string => values.join(SEPARATOR);

/** What is known of each combination of label values: found value by value, so that counting makes no text. */
class Series<T> {
  readonly #next = new Map<string, Series<T>>();
  known: T | undefined;

  /** The combination of the values from the `place`th on. */
  at(values: readonly string[], place = 0): Series<T> {
    if (place === values.length) return this;
    const value = values[place]!;
    let next = this.#next.get(value);
    if (next === undefined) this.#next.set(value, (next = new Series()));
    return next.at(values, place + 1);
  }

  /** All that is known, by the joined label values, in their order. */
  entries(): [key: string, known: T][] {
    const found: [string, T][] = [];
    this.#collect([], found);
    return found.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  #collect(values: readonly string[], found: [key: string, known: T][]): void {
    if (this.known !== undefined) found.push([joined(...values), this.known]);
    for (const [value, next] of this.#next) next.#collect([...values, value], found);
  }
}

/** A number for each combination of label values. Models component-base/metrics CounterVec and GaugeVec. */
class Vector implements Metric {
  readonly #options: MetricOptions;
  readonly #type: MetricType;
  readonly #series = new Series<number>();

  constructor(type: MetricType, options: MetricOptions) {
    this.#type = type;
    this.#options = options;
  }

  /** `values` in the order of the labels. */
  add(amount: number, ...values: readonly string[]): void {
    const series = this.#series.at(values);
    series.known = (series.known ?? 0) + amount;
  }

  set(value: number, ...values: readonly string[]): void {
    this.#series.at(values).known = value;
  }

  text(): string {
    const entries = this.#series.entries();
    if (entries.length === 0) return '';
    const { name, labels = [] } = this.#options;
    let text = headOf(this.#type, this.#options);
    for (const [key, value] of entries) {
      text += `${name}${labelText(labels, key)} ${numberText(value)}\n`;
    }
    return text;
  }
}

/** Only grows. */
export class Counter extends Vector {
  constructor(options: MetricOptions) {
    super('counter', options);
  }

  inc(...values: readonly string[]): void {
    this.add(1, ...values);
  }
}

export class Gauge extends Vector {
  constructor(options: MetricOptions) {
    super('gauge', options);
  }
}

interface Observations {
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** Counts observations by size. Models component-base/metrics HistogramVec. */
export class Histogram implements Metric {
  readonly #options: MetricOptions;
  readonly #bounds: readonly number[];
  readonly #series = new Series<Observations>();

  /** `bounds` are the upper ends of the buckets, in order; +Inf follows. */
  constructor(options: MetricOptions, bounds: readonly number[]) {
    this.#options = options;
    this.#bounds = bounds;
  }

  observe(value: number, ...values: readonly string[]): void {
    const series = this.#series.at(values);
    const known = (series.known ??= {
      buckets: new Array<number>(this.#bounds.length).fill(0),
      sum: 0,
      count: 0,
    });
    const bucket = this.#bounds.findIndex((bound) => value <= bound);
    if (bucket >= 0) known.buckets[bucket]!++;
    known.sum += value;
    known.count++;
  }

  text(): string {
    const entries = this.#series.entries();
    if (entries.length === 0) return '';
    const { name, labels = [] } = this.#options;
    const withBound = [...labels, 'le'];
    let text = headOf('histogram', this.#options);
    for (const [key, { buckets, sum, count }] of entries) {
      const prefix = labels.length === 0 ? '' : `${key}${SEPARATOR}`;
      let cumulative = 0;
      this.#bounds.forEach((bound, index) => {
        cumulative += buckets[index]!;
        text += `${name}_bucket${labelText(withBound, prefix + numberText(bound))} ${cumulative}\n`;
      });
      text += `${name}_bucket${labelText(withBound, `${prefix}+Inf`)} ${count}\n`;
      text += `${name}_sum${labelText(labels, key)} ${numberText(sum)}\n`;
      text += `${name}_count${labelText(labels, key)} ${count}\n`;
    }
    return text;
  }
}

function headOf(type: MetricType, { name, help, stability = 'ALPHA' }: MetricOptions): string {
  return `# HELP ${name} [${stability}] ${help}\n# TYPE ${name} ${type}\n`;
}

function labelText(labels: readonly string[], key: string): string {
  if (labels.length === 0) return '';
  const values = key.split(SEPARATOR);
  const pairs = labels.map((label, index) => `${label}="${escaped(values[index] ?? '')}"`);
  return `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');
}

/** As Go's strconv writes a float: 1e+06 from a million on. */
function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21 && Math.abs(value) >= 1e6) {
    const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
    return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  return String(value);
}
