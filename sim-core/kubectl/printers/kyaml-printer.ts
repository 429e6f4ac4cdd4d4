const INDENT = '  ';
/** A key that YAML cannot take for anything but a text. */
const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_./-]*$/;
const RESERVED = /^(y|yes|n|no|on|off|true|false|null)$/i;

/**
 * A JSON value as KYAML: flow style with quoted texts, keys in order of the alphabet or, `asIs`, as they stand.
 * Models sigs.k8s.io/yaml/kyaml.
 */
export function toKyaml(value: unknown, asIs = false): string {
  return `---\n${node(asIs ? value : sorted(value), '')}\n`;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, field]) => [key, sorted(field)]));
}

function node(value: unknown, margin: string): string {
  if (typeof value === 'string') return text(value, margin);
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? list(value, margin) : mapping(value as Record<string, unknown>, margin);
}

function mapping(value: Readonly<Record<string, unknown>>, margin: string): string {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  if (entries.length === 0) return '{}';
  const inner = margin + INDENT;
  const lines = entries.map(([key, field]) => `${inner}${keyText(key)}: ${node(field, inner)},\n`);
  return `{\n${lines.join('')}${margin}}`;
}

/** A list of mappings hugs their braces. */
function list(values: readonly unknown[], margin: string): string {
  if (values.length === 0) return '[]';
  const areCollections = values.every((value) => typeof value === 'object' && value !== null);
  if (areCollections) return `[${values.map((value) => node(value, margin)).join(', ')}]`;
  const inner = margin + INDENT;
  return `[\n${values.map((value) => `${inner}${node(value, inner)},\n`).join('')}${margin}]`;
}

function keyText(key: string): string {
  return PLAIN_KEY.test(key) && !RESERVED.test(key) ? key : JSON.stringify(key);
}

/** A text of several lines keeps them, each with its newline escaped. */
function text(value: string, margin: string): string {
  if (!value.includes('\n')) return JSON.stringify(value);
  const inner = margin + INDENT;
  const lines = value.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const shown = lines.map((line) => `${inner} ${JSON.stringify(line).slice(1, -1)}\\\n`);
  return `"\\\n${shown.join('')}${inner}"`;
}
