import type { Checkpoint } from './simulator.ts';

type Rows = Checkpoint['etcd'][number][1]['data']['changes'];
/** The places of a row, one list for each; values that are JSON texts stand there as what they say. */
type Columns = readonly (readonly unknown[])[];
const VALUE = 1;

/** A checkpoint as a text that packs well: like stands beside like in it, and no JSON is quoted within JSON. */
export function writeCheckpoint({ etcd, ...rest }: Checkpoint): string {
  return JSON.stringify({ ...rest, etcd: etcd.map(withChanges(columnsOf)) });
}

/** The checkpoint that {@link writeCheckpoint} wrote. */
export function readCheckpoint(text: string): Checkpoint {
  const { etcd, ...rest } = JSON.parse(text) as Omit<Checkpoint, 'etcd'> & { etcd: Server<Columns>[] };
  return { ...rest, etcd: etcd.map(withChanges(rowsOf)) as unknown as Checkpoint['etcd'] };
}

type Server<T> = readonly [address: string, server: { readonly data: { readonly changes: T } }];

const withChanges =
  <T, U>(convert: (changes: T) => U) =>
  ([address, { data, ...server }]: Server<T>): Server<U> => [
    address,
    { ...server, data: { ...data, changes: convert(data.changes) } },
  ];

function columnsOf(rows: Rows): Columns {
  const columns = (rows[0] ?? []).map((_, place) => rows.map((row) => row[place]));
  return columns.map((column, place) => (place === VALUE ? column.map(parsed) : column));
}

function rowsOf(columns: Columns): unknown[][] {
  const texts = columns.map((column, place) => (place === VALUE ? column.map(printed) : column));
  return (texts[0] ?? []).map((_, row) => texts.map((column) => column[row]));
}

/** What a JSON text of an object says, if writing it gives the same text again. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('{')) return value;
  try {
    const object: unknown = JSON.parse(value);
    return JSON.stringify(object) === value ? object : value;
  } catch {
    return value;
  }
}

const printed = (value: unknown): unknown => (typeof value === 'object' ? JSON.stringify(value) : value);
