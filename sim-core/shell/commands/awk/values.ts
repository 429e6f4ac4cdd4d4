import { formatFloat, formatInteger } from '../../text/c-format.ts';
import { AwkProblem } from './problem.ts';

/** A value that nobody has set is undefined: it is "" and 0. */
export type Value = number | string | Input | undefined;

/** What came from outside: a number too, if it looks like one. */
export class Input {
  readonly text: string;
  #number: number | undefined;
  #isChecked = false;

  constructor(text: string) {
    this.text = text;
  }

  /** Undefined if it does not look like a number. */
  get number(): number | undefined {
    if (!this.#isChecked) {
      this.#isChecked = true;
      const match = /^[ \t\n]*([-+]?(?:0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?))[ \t\n]*$/.exec(
        this.text,
      );
      // Models check_strnum of mawk/cast.c, which wants a digit or a point at the end.
      if (match !== null && /[\d.]\s*$/.test(this.text)) {
        const number = numberIn(match[1]!);
        if (Number.isFinite(number)) this.#number = number;
      }
    }
    return this.#number;
  }
}

/** Models strtod: the number that a text begins with, or 0. */
function numberIn(text: string): number {
  const plain = Number(text);
  if (Number.isFinite(plain) && /^[\d.]/.test(text) && !/^0[box]/i.test(text)) return plain;
  const match =
    /^[ \t\n]*([-+]?)(?:0[xX]([\da-fA-F]+)|((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(inf)|(nan))/i.exec(text);
  if (match === null) return 0;
  const [, sign, hex, decimal, infinity] = match;
  const magnitude =
    hex !== undefined
      ? parseInt(hex, 16)
      : decimal !== undefined
        ? Number(decimal)
        : infinity !== undefined
          ? Infinity
          : NaN;
  return sign === '-' ? -magnitude : magnitude;
}

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  return typeof value === 'string' ? numberIn(value) : (value.number ?? numberIn(value.text));
}

/** `format` is CONVFMT or OFMT: how a number is written that is not whole. */
export function toText(value: Value, format: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value, format);
  return value === undefined ? '' : value.text;
}

export function isTrue(value: Value): boolean {
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '';
  if (value === undefined) return false;
  return value.number === undefined ? value.text !== '' : value.number !== 0;
}

/** Below zero if the first is less. Numbers are compared as such unless one of the two is a text. */
export function compare(left: Value, right: Value, format: string): number {
  const [a, b] = [numeric(left), numeric(right)];
  if (a !== undefined && b !== undefined) return a - b;
  const [x, y] = [toText(left, format), toText(right, format)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function numeric(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  return typeof value === 'string' ? undefined : value.number;
}

const WHOLE = 2 ** 53;
const MOST = 2 ** 64;

function numberText(value: number, format: string): string {
  if (Number.isInteger(value) && value < MOST && value >= -MOST / 2)
    return Math.abs(value) <= WHOLE ? String(value) : BigInt(value).toString();
  // That of x86, which a calculation gives that has no result.
  if (Number.isNaN(value)) return '-nan';
  const match = /^([^%]*)%([-+ 0#]*)(\d*)(?:\.(\d*))?([dieEfgG])([^%]*)$/.exec(format);
  if (match === null) throw new AwkProblem(`illegal format assigned to CONVFMT: ${format}`);
  const [, before, flags, width, precision, conversion, after] = match;
  const directive = {
    flags: flags!,
    width: Number(width),
    precision: precision === undefined ? undefined : Number(precision),
    conversion: conversion!,
  };
  const isInteger = 'di'.includes(conversion!) && Number.isFinite(value);
  const text = isInteger
    ? formatInteger(BigInt(Math.trunc(value)), directive)
    : formatFloat(value, directive);
  return before! + text + after!;
}
