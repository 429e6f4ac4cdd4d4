import { expect, test } from 'vitest';
import { Counter, joined } from './registry.ts';

test('series are told in the order of their labels, empty ones and those that come joined among them', () => {
  const counter = new Counter({ name: 'n', help: 'h', labels: ['a', 'b', 'c'] });
  counter.inc('y', joined('1', ''));
  counter.inc('x', '', '2');
  counter.inc('x', '', '');
  counter.inc('x', joined('', '2'));
  expect(counter.text().split('\n').slice(2)).toEqual([
    'n{a="x",b="",c=""} 1',
    'n{a="x",b="",c="2"} 1',
    'n{a="x",b="",c="2"} 1',
    'n{a="y",b="1",c=""} 1',
    '',
  ]);
});

test('what has no labels is one number', () => {
  const counter = new Counter({ name: 'n', help: 'h' });
  expect(counter.text()).toBe('');
  counter.inc();
  counter.inc();
  expect(counter.text()).toBe('# HELP n [ALPHA] h\n# TYPE n counter\nn 2\n');
});
