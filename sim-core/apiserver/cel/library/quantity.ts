import { Quantity, QuantityError } from '../../../apimachinery/quantity/quantity.ts';
import type { CelFunction } from './functions.ts';
import { CelFunctionError } from './functions.ts';

class CelQuantity {
  readonly typeName = 'kubernetes.Quantity';
  readonly quantity: Quantity;
  constructor(quantity: Quantity) {
    this.quantity = quantity;
  }
  equals({ quantity }: CelQuantity): boolean {
    return this.quantity.compare(quantity) === 0;
  }
}

function parse(text: string): CelQuantity | string {
  try {
    return new CelQuantity(Quantity.parse(text));
  } catch (error) {
    if (error instanceof QuantityError) return error.message;
    throw error;
  }
}

function quantityOf(text: string): CelQuantity {
  const parsed = parse(text);
  if (typeof parsed === 'string') throw new CelFunctionError(parsed);
  return parsed;
}

const isWhole = ({ quantity }: CelQuantity) => Number.isSafeInteger(quantity.asFloat());
const orInt = (value: CelQuantity | bigint) =>
  typeof value === 'bigint' ? Quantity.of(value) : value.quantity;

function asInteger(value: CelQuantity): bigint {
  if (!isWhole(value)) throw new CelFunctionError('cannot convert value to integer');
  return BigInt(value.quantity.asFloat());
}

/** Models k8s.io/apiserver/pkg/cel/library/quantity.go. */
export const QUANTITIES: readonly CelFunction[] = [
  ['quantity', '(string) Quantity', quantityOf],
  ['isQuantity', '(string) bool', (text: string) => typeof parse(text) !== 'string'],
  ['sign', '(Quantity) int', ({ quantity }: CelQuantity) => BigInt(quantity.sign)],
  ['isInteger', 'Quantity.() bool', isWhole],
  ['asInteger', 'Quantity.() int', asInteger],
  ['asApproximateFloat', 'Quantity.() double', ({ quantity }: CelQuantity) => quantity.asFloat()],
  [
    'isGreaterThan',
    'Quantity.(Quantity) bool',
    (a: CelQuantity, b: CelQuantity) => a.quantity.compare(b.quantity) > 0,
  ],
  [
    'isLessThan',
    'Quantity.(Quantity) bool',
    (a: CelQuantity, b: CelQuantity) => a.quantity.compare(b.quantity) < 0,
  ],
  [
    'compareTo',
    'Quantity.(Quantity) int',
    (a: CelQuantity, b: CelQuantity) => BigInt(a.quantity.compare(b.quantity)),
  ],
  [
    'add',
    'Quantity.(Quantity) Quantity | Quantity.(int) Quantity',
    (a: CelQuantity, b: CelQuantity | bigint) => new CelQuantity(a.quantity.add(orInt(b))),
  ],
  [
    'sub',
    'Quantity.(Quantity) Quantity | Quantity.(int) Quantity',
    (a: CelQuantity, b: CelQuantity | bigint) => new CelQuantity(a.quantity.sub(orInt(b))),
  ],
];
