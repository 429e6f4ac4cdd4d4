import { goQuote } from '../go-format.ts';

/**
 * A value in Go's own notation (%#v), where JSON cannot show its type: `new GoLiteral('[]string{"Some"}')`.
 * Upstream prints values of errors so that are no scalars.
 */
export class GoLiteral {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A pointer that is not nil, of which Go prints the address. */
const POINTER = '0xc000000000';

/** `[]core.IPFamily{"IPv4", "IPv6"}`: texts of Go's type, `(nil)` if there is no list. */
export function goSlice(type: string, values: readonly string[] | undefined): GoLiteral {
  if (values === undefined) return new GoLiteral(`[]${type}(nil)`);
  return new GoLiteral(`[]${type}{${values.map(goQuote).join(', ')}}`);
}

/** `[]string{"a", "b"}`. */
export const goStrings = (values: readonly string[]) => goSlice('string', values);

/** `core.PodIP{IP:"10.0.0.1"}`: a structure of Go's type with the fields of an object, capitalized. */
export function goStruct(type: string, value: object): GoLiteral {
  const fields = Object.entries(value).map(
    ([key, field]) => `${key.charAt(0).toUpperCase()}${key.slice(1)}:${JSON.stringify(field ?? null)}`,
  );
  return new GoLiteral(`${type}{${fields.join(', ')}}`);
}

/** `[]core.PodIP{core.PodIP{IP:"10.0.0.1"}}`: structures as {@link goStruct} prints them. */
export const goStructs = (type: string, values: readonly object[]) =>
  new GoLiteral(`[]${type}{${values.map((value) => goStruct(type, value).text).join(', ')}}`);

/** `map[string]string{"a":"b"}`, keys in order as fmt prints them. */
export const goStringMap = (values: Readonly<Record<string, string>>) =>
  new GoLiteral(
    `map[string]string{${Object.keys(values)
      .sort()
      .map((key) => `${goQuote(key)}:${goQuote(values[key]!)}`)
      .join(', ')}}`,
  );

/** Suffixes by their power of 1024, from 1. */
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
/** Powers of ten of the others. */
const SCALES: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
/** More digits do not surely fit into 64 bits: Go keeps them elsewhere. */
const MAX_DIGITS = 18;

/**
 * `resource.Quantity{i:resource.int64Amount{value:200, scale:-3}, …, s:"200m", Format:"DecimalSI"}`. `text` is a
 * quantity in its canonical form.
 */
export function goQuantity(text: string): GoLiteral {
  const [, sign = '', digits = '', suffix = ''] = /^([+-]?)(\d+)(.*)$/.exec(text) ?? [];
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  const binary = BINARY.indexOf(suffix);
  const whole = binary < 0 ? digits : String(BigInt(digits) * 1024n ** BigInt(binary + 1));
  const scale = binary >= 0 ? 0 : exponent === undefined ? SCALES[suffix] : Number(exponent);
  const isSmall = scale !== undefined && whole !== '' && whole.length <= MAX_DIGITS;
  const amount = isSmall ? `value:${sign === '-' ? '-' : ''}${whole}, scale:${scale}` : 'value:0, scale:0';
  const format = exponent !== undefined ? 'DecimalExponent' : suffix.endsWith('i') ? 'BinarySI' : 'DecimalSI';
  return new GoLiteral(
    `resource.Quantity{i:resource.int64Amount{${amount}}, ` +
      `d:resource.infDecAmount{Dec:(*inf.Dec)(${isSmall ? 'nil' : POINTER})}, s:${goQuote(text)}, Format:"${format}"}`,
  );
}

/** `core.ResourceList{"cpu":resource.Quantity{…}}`: quantities in their canonical form, keys in order. */
export const goResourceList = (type: string, values: Readonly<Record<string, string>>) =>
  new GoLiteral(
    `${type}{${Object.keys(values)
      .sort()
      .map((key) => `${goQuote(key)}:${goQuantity(values[key]!).text}`)
      .join(', ')}}`,
  );
