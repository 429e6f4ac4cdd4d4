import { describe, expect, it } from 'vitest';
import { formatFloat, formatInteger, formatText } from './c-format.ts';

const conversion = (format: string) => {
  const [, flags, width, precision, letter] = /^%([-+ #0]*)(\d*)(?:\.(\d+))?(\w)$/.exec(format)!;
  return {
    flags: flags!,
    width: Number(width),
    precision: precision === undefined ? undefined : Number(precision),
    conversion: letter!,
  };
};

// What printf of the C library writes.
describe('formatFloat', () => {
  it.each([
    ['%f', 1 / 3, '0.333333'],
    ['%.0f', 0.5, '0'],
    ['%.0f', 1.5, '2'],
    ['%.0f', 2.5, '2'],
    ['%.1f', 0.25, '0.2'],
    ['%.2f', 1.005, '1.00'],
    ['%.1f', 1e22, '10000000000000000000000.0'],
    ['%08.2f', -1.5, '-0001.50'],
    ['%-8.2f|', 1.5, '1.50    '],
    ['%+.1e', 12_345.678, '+1.2e+04'],
    ['%.0e', 2.5, '2e+00'],
    ['%g', 100_000, '100000'],
    ['%g', 1_000_000, '1e+06'],
    ['%G', 1e-10, '1E-10'],
    ['%#g', 1, '1.00000'],
    ['%.3g', 9.9999, '10'],
    ['%g', 0, '0'],
    ['%05f', Infinity, '  inf'],
    ['%F', NaN, 'NAN'],
    ['%f', -0, '-0.000000'],
  ] as const)('writes %s of %d', (format, value, text) => {
    expect(formatFloat(value, conversion(format.replace('|', '')))).toBe(text);
  });
});

describe('formatInteger', () => {
  it.each([
    ['%5d', 42n, '   42'],
    ['%-5d', 42n, '42   '],
    ['%05d', -42n, '-0042'],
    ['%+d', 7n, '+7'],
    ['%.3d', 5n, '005'],
    ['%08.3d', 5n, '     005'],
    ['%.0d', 0n, ''],
    ['%x', -1n, 'ffffffffffffffff'],
    ['%#X', 255n, '0XFF'],
    ['%#o', 8n, '010'],
    ['%u', -1n, '18446744073709551615'],
  ] as const)('writes %s of %s', (format, value, text) => {
    expect(formatInteger(value, conversion(format))).toBe(text);
  });
});

describe('formatText', () => {
  it('cuts and pads', () => {
    expect(formatText('abcdef', conversion('%5.3s'))).toBe('  abc');
    expect(formatText('a', conversion('%-3s'))).toBe('a  ');
    expect(formatText('a', conversion('%03s'))).toBe('  a');
  });
});
