import { quantityParts } from '../../apimachinery/quantity/quantity.ts';
import { POD_TEMPLATE_TYPES } from './pod-template-types.ts';

type Json = Record<string, unknown>;

/** Values of Go's basic types that are not given. */
const ZERO: Readonly<Record<string, string>> = { bool: 'false', int32: '0', int64: '0' };

const NO_TIME = '{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}';

/**
 * A pod template as Go prints its structure, every field with its type:
 *
 *     (v1.PodTemplateSpec){ObjectMeta:(v1.ObjectMeta){Name:(string) … Labels:(map[string]string)map[app:web] …
 *
 * Fields that v1.28 does not have stand at the end of their structure, as JSON, where they are set. Times and owners,
 * which a template's metadata has none of, are those of an empty one.
 *
 * Models k8s.io/apimachinery/pkg/util/dump ForHash.
 */
export function dumpTemplate(template: object): string {
  return typed('PodTemplateSpec', template);
}

/** "(string)nginx", "(*int64)<nil>", "([]string)[a b]". */
function typed(type: string, value: unknown): string {
  if (type.startsWith('*')) {
    return `(*${goName(type.slice(1))})${value === undefined || value === null ? '<nil>' : plain(type.slice(1), value)}`;
  }
  return `(${goName(type)})${plain(type, value)}`;
}

/** The value without its type, as it stands in a list. */
function plain(type: string, value: unknown): string {
  if (type.startsWith('[]')) return isEmpty(value) ? '<nil>' : list(type.slice(2), value as unknown[]);
  if (type === 'map' || type === 'ResourceList') return isEmpty(value) ? '<nil>' : map(type, value as Json);
  if (type === 'Time') return NO_TIME;
  if (type === 'resource.Quantity') return quantity(value as string | number | undefined);
  if (type === 'intstr.IntOrString') return intOrString(value as string | number | undefined);
  const fields = POD_TEMPLATE_TYPES.get(type);
  if (fields !== undefined) return structure(type, (value ?? {}) as Json);
  return String(value ?? ZERO[type] ?? '');
}

function structure(type: string, value: Json): string {
  const later: Json = { ...value };
  const shown = POD_TEMPLATE_TYPES.get(type)!.map(({ name, json, type: fieldType }) => {
    const given = json === undefined ? takeEmbedded(fieldType, later) : take(json, later);
    return `${name}:${typed(fieldType, given)}`;
  });
  for (const key of Object.keys(later).sort()) {
    const field = later[key];
    if (field !== undefined && field !== null) shown.push(`${key}:${JSON.stringify(field)}`);
  }
  return `{${shown.join(' ')}}`;
}

function take(key: string, from: Json): unknown {
  const value = from[key];
  delete from[key];
  return value;
}

/** What stands in JSON among the outer structure's fields. */
function takeEmbedded(type: string, from: Json): Json {
  const own: Json = {};
  for (const { json } of POD_TEMPLATE_TYPES.get(type)!) own[json!] = take(json!, from);
  return own;
}

/** "v1.Container", "[]v1.Container", "types.UID", "int64". */
function goName(type: string): string {
  if (type.startsWith('[]')) return `[]${goName(type.slice(2))}`;
  if (type === 'map') return 'map[string]string';
  return type === 'string' || type in ZERO || type.includes('.') ? type : `v1.${type}`;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || Object.keys(value).length === 0;
}

function list(type: string, items: readonly unknown[]): string {
  return `[${items.map((item) => plain(type, item)).join(' ')}]`;
}

function map(type: string, value: Json): string {
  const itemType = type === 'map' ? 'string' : 'resource.Quantity';
  const entries = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${key}:${plain(itemType, item)}`);
  return `map[${entries.join(' ')}]`;
}

function quantity(value: string | number = '0'): string {
  const { value: amount, scale, kept, format } = quantityParts(String(value));
  const parts = [
    `i:(resource.int64Amount){value:(int64)${amount} scale:(resource.Scale)${scale}}`,
    'd:(resource.infDecAmount){Dec:(*inf.Dec)<nil>}',
    `s:(string)${kept}`,
    `Format:(resource.Format)${format}`,
  ];
  return `{${parts.join(' ')}}`;
}

function intOrString(value: string | number = 0): string {
  const [type, int, text] = typeof value === 'number' ? [0, value, ''] : [1, 0, value];
  return `{Type:(intstr.Type)${type} IntVal:(int32)${int} StrVal:(string)${text}}`;
}
