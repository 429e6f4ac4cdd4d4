import { describe, expect, test } from 'vitest';
import { canonicalQuantity, Quantity, QuantityError } from './quantity.ts';

describe('canonicalQuantity', () => {
  const cases: [text: string, canonical: string][] = [
    ['0', '0'],
    ['0Mi', '0'],
    ['00', '0'],
    ['1', '1'],
    ['0.5', '500m'],
    ['0.25', '250m'],
    ['.5', '500m'],
    ['1.5', '1500m'],
    ['500m', '500m'],
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['1000', '1k'],
    ['1234', '1234'],
    ['100k', '100k'],
    ['1000k', '1M'],
    ['1024', '1024'],
    ['128Mi', '128Mi'],
    ['1024Mi', '1Gi'],
    ['1Gi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Mi', '512Ki'],
    ['0.3Mi', '314572800m'],
    ['1Ki', '1Ki'],
    ['0.5Ki', '512'],
    ['100Ti', '100Ti'],
    ['20Ei', '9223372036854775807'],
    ['1e3', '1e3'],
    ['1000e0', '1e3'],
    ['12e6', '12e6'],
    ['1E', '1E'],
    ['0.1n', '1n'],
    ['-0.1n', '-1n'],
    ['-1.5', '-1500m'],
    ['1.500', '1.500'],
    ['+5', '+5'],
    ['3.001n', '4n'],
  ];
  test.each(cases)('%j is %j', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  const format =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  const suffix = "unable to parse quantity's suffix";
  const failures: [text: string, message: string][] = [
    ['', format],
    ['lots', format],
    ['aoeu', format],
    [' 1', format],
    ['1 ', format],
    ['1.1.M', format],
    ['1+1.0M', format],
    ['0.1mi', suffix],
    ['0.1am', format],
    ['1i', suffix],
    ['-3.01e-', suffix],
    ['1MiB', format],
  ];
  test.each(failures)('%j fails', (text, message) => {
    expect(() => Quantity.parse(text)).toThrow(new QuantityError(message));
  });

  test('an absurd exponent is refused at once', () => {
    expect(() => Quantity.parse('1e999999999')).toThrow(QuantityError);
  });
});

describe('arithmetic', () => {
  test.each([
    ['1', '1'],
    ['1.0001', '1001m'],
    ['-1.0001', '-1001m'],
    ['0.1m', '1m'],
    ['1Gi', '1Gi'],
  ])('%s in whole thousandths is %s', (text, want) => {
    expect(Quantity.parse(text).roundUp(-3).toString()).toBe(want);
  });

  test('compares across suffixes', () => {
    const compare = (a: string, b: string) => Quantity.parse(a).compare(Quantity.parse(b));
    expect([compare('1', '1000m'), compare('1Ki', '1k'), compare('500m', '1')]).toEqual([0, 1, -1]);
  });

  test('adds exactly and keeps the first format; zero takes the other format', () => {
    expect(String(Quantity.parse('100m').add(Quantity.parse('0.2')))).toBe('300m');
    expect(String(Quantity.parse('1Gi').add(Quantity.parse('1M')))).toBe('1074741824');
    expect(String(Quantity.parse('512Mi').add(Quantity.parse('512Mi')))).toBe('1Gi');
    expect(String(Quantity.parse('0').add(Quantity.parse('2Gi')))).toBe('2Gi');
    expect(String(Quantity.parse('1').sub(Quantity.parse('1500m')))).toBe('-500m');
  });

  test('values round away from zero', () => {
    expect(Quantity.parse('1500m').value()).toBe(2);
    expect(Quantity.parse('-1500m').value()).toBe(-2);
    expect(Quantity.parse('0.0001').milliValue()).toBe(1);
    expect(Quantity.parse('2').milliValue()).toBe(2000);
    expect(Quantity.parse('1Mi').scaledValue(3)).toBe(1049n);
    expect(Quantity.parse('250m').asFloat()).toBe(0.25);
  });

  test('is made from numbers', () => {
    expect(String(Quantity.of(1048576, 'BinarySI'))).toBe('1Mi');
    expect(String(Quantity.ofMilli(100))).toBe('100m');
  });
});
