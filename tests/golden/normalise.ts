/** What of a scenario decides how its answers are compared. */
export interface Comparison {
  readonly managedFields: boolean;
  /** The port of the server under test. */
  readonly port: number;
}

const RECORDED_PORT = 26443;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const UID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const AGE = /^(\d+[smhdy]){1,2}$/;
const GO_DIFF = /\n\s*(core|v1|apps|batch)\.[\s\S]*$/;

/** What differs from run to run inside of texts. */
const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [
  [/Invalid value: (\[\])?[a-z0-9]+\.[A-Za-z]+\{.*\}: /gs, 'Invalid value: <value>: '],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<rand>'],
  [/\b10\.(9[6-9]|1[01]\d)\.\d+\.\d+\b/g, '<clusterIP>'],
  [/resourceVersion: \d+/g, 'resourceVersion: <rv>'],
  [/too old resource version: \d+ \(\d+\)/, 'too old resource version: <rv> (<rv>)'],
  [/(precondition|record) \(\d+\)/g, '$1 (<rv>)'],
  [/(Too large resource version: \d+, current: )\d+/, '$1<rv>'],
  [/0x[0-9a-f]{9,12}\b/g, '<ptr>'],
  // A scheme is called by the file that made it, and a file by how the program was built.
  [/(in scheme \\?")k8s\.io\/\w+\//g, '$1'],
  // Named after the nanoseconds of the clock.
  [/selfType\d+/g, 'selfType<n>'],
  [/Bad_[a-z0-9]{5}/g, 'Bad_<rand>'],
  [/\\"resourceVersion\\":\\"\d+\\"/g, '\\"resourceVersion\\":\\"<rv>\\"'],
];

/** The same answer with what differs from run to run replaced. Both sides go through it. */
export function normalise(value: unknown, comparison: Comparison): unknown {
  return normaliseField(withoutGeneratedNames(value), '', comparison);
}

function normaliseField(value: unknown, key: string, comparison: Comparison): unknown {
  if (Array.isArray(value)) return normaliseList(value, key, comparison);
  if (typeof value === 'object' && value !== null) {
    return normaliseObject(value as Record<string, unknown>, comparison);
  }
  if (typeof value === 'string') return normaliseText(value, key, comparison);
  if (typeof value === 'number') {
    if (key === 'nodePort' || key === 'healthCheckNodePort') return '<nodePort>';
    if (value === RECORDED_PORT || value === comparison.port) return '<port>';
  }
  return value;
}

function normaliseList(value: readonly unknown[], key: string, comparison: Comparison): unknown[] {
  const list = value.map((item) => normaliseField(item, key, comparison));
  switch (key) {
    case 'cells':
      return list.map((cell) => (typeof cell === 'string' && AGE.test(cell) ? '<age>' : cell));
    case 'nonResourceURLs':
      return list.sort();
    // Upstream collects these in random order.
    case 'causes':
    case 'nonResourceRules':
    case 'resourceRules':
      return list.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    default:
      return list;
  }
}

function normaliseObject(value: Record<string, unknown>, comparison: Comparison): unknown {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (key === 'managedFields' && !comparison.managedFields) continue;
    result[key] = normaliseField(value[key], key, comparison);
  }
  const causes = (value['details'] as { causes?: unknown } | undefined)?.causes;
  if (Array.isArray(causes) && causes.length > 1 && typeof result['message'] === 'string') {
    result['message'] = result['message'].replace(/ is invalid: \[[\s\S]*\]$/, ' is invalid: [<causes>]');
  }
  return result;
}

function normaliseText(text: string, key: string, { port }: Comparison): string {
  if (key === 'resourceVersion' && text !== '' && text !== '0') return '<rv>';
  if (key === 'continue' && text !== '') return '<continue>';
  if (UID.test(text)) return '<uid>';
  if (TIME.test(text)) return '<time>';
  const served = text
    .replace(GO_DIFF, '\n<diff>')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}:(\d+)\b/g, (address, found: string) =>
      Number(found) === RECORDED_PORT || Number(found) === port ? '<server>' : address,
    );
  return PLACEHOLDERS.reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement),
    served,
  );
}

/** Names that the server made from a generateName keep their beginning only, wherever they stand in the object. */
function withoutGeneratedNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutGeneratedNames);
  if (typeof value !== 'object' || value === null) return value;
  const { name, generateName } = value as { name?: unknown; generateName?: unknown };
  const generated =
    typeof name === 'string' && typeof generateName === 'string' && name.startsWith(generateName);
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => {
      if (generated && key === 'name') return [key, `${generateName}<rand>`];
      if (generated && key === 'labels') return [key, withoutName(field, name, `${generateName}<rand>`)];
      return [key, withoutGeneratedNames(field)];
    }),
  );
}

/** A namespace's label repeats its name. */
function withoutName(labels: unknown, name: string, replacement: string): unknown {
  return Object.fromEntries(
    Object.entries(labels as object).map(([key, label]) => [key, label === name ? replacement : label]),
  );
}

/** One place where two answers differ. */
export interface Difference {
  readonly path: string;
  readonly want: unknown;
  readonly got: unknown;
}

/** Where two normalised answers differ; empty if they are equal. */
export function differencesOf(want: unknown, got: unknown, path = ''): Difference[] {
  if (JSON.stringify(want) === JSON.stringify(got)) return [];
  if (isStructure(want) && isStructure(got) && Array.isArray(want) === Array.isArray(got)) {
    const keys = new Set([...Object.keys(want), ...Object.keys(got)]);
    const inside = [...keys].flatMap((key) => differencesOf(want[key], got[key], `${path}/${key}`));
    if (inside.length > 0) return inside;
    // Nothing differs but the order in which the fields are written.
    return [{ path: `${path} (order)`, want: Object.keys(want), got: Object.keys(got) }];
  }
  return [{ path, want, got }];
}

function isStructure(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
