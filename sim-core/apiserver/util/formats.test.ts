import { expect, test } from 'vitest';
import { stringFormat } from './formats.ts';
import { formatIP, parseIP } from './net.ts';

test.each([
  ['ipv6', '2001:db8::1', true],
  ['ipv6', '2001:db8', false],
  ['ipv4', '010.0.0.1', true],
  ['ipv4', '::ffff:10.0.0.1', true],
  ['ipv4', '::1', false],
  ['ipv4', '10.0.0.256', false],
  ['cidr', '010.0.0.0/08', true],
  ['cidr', '10.0.0.0/33', false],
  ['date-time', '2014-12-15T19:30:20.000Z', true],
  ['date', '2023-02-30', false],
  ['duration', '1h30m', true],
  ['uuid', '5b4e5b6a-5b8c-4c7a-9d8e-0f1a2b3c4d5e', true],
  ['hostname', 'a.example.com', true],
  ['hostname', 'localhost', true],
  ['hostname', 'a.b', false],
  ['hostname', '10.0.0.300', false],
  ['hostname', 'a.example.com.', false],
  ['byte', '', false],
  ['byte', 'YWJj', true],
  ['byte', 'YWJ', false],
])('format %s of %s: %s', (format, text, fits) => {
  expect(stringFormat(format)!(text)).toBe(fits);
});

test.each([
  ['2001:0DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['::ffff:10.0.0.1', '::ffff:a00:1'],
  ['10.0.0.1', '10.0.0.1'],
  ['::', '::'],
])('address %s is %s', (text, canonical) => {
  expect(formatIP(parseIP(text)!)).toBe(canonical);
});
