import { describe, expect, test } from 'vitest';
import {
  everything,
  labelSelectorAsSelector,
  nothing,
  parseSelector,
  selectorFromSet,
  SelectorError,
} from './selector.ts';

describe('parseSelector', () => {
  const texts: [text: string, printed: string][] = [
    ['', ''],
    ['app=web', 'app=web'],
    [' x = a , y == b ', 'x=a,y==b'],
    ['z,!y,x', 'x,!y,z'],
    ['x in (b, a,a)', 'x in (a,b)'],
    ['x notin ()', 'x notin ()'],
    ['x in (,a)', 'x in (,a)'],
    ['x in (a,)', 'x in (,a)'],
    ['x in (a,,b)', 'x in (,a,b)'],
    ['x=', 'x='],
    ['x=,y', 'x=,y'],
    ['x>1,y<2', 'x>1,y<2'],
    ['in in (in,notin)', 'in in (in,notin)'],
    ['notin', 'notin'],
    ['!in', '!in'],
    ['a.b/c!=d', 'a.b/c!=d'],
  ];
  test.each(texts)('%j prints as %j', (text, printed) => {
    expect(String(parseSelector(text))).toBe(printed);
  });

  const failures: [text: string, message: string][] = [
    ['==', "found '==', expected: !, identifier, or 'end of string'"],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['x=a,', "found '', expected: identifier after ','"],
    ['x=a b', "found 'b', expected: ',' or 'end of string'"],
    ['x a', "unable to parse requirement: found 'a', expected: in, notin, =, ==, !=, gt, lt"],
    ['x in a', "unable to parse requirement: found 'a' expected: '('"],
    ['x in (a', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['x in (a b)', "unable to parse requirement: found 'b', expected: ',' or ')'"],
    ['x in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
    ['x=(', "unable to parse requirement: found '(', expected: identifier"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    [
      'x>a',
      `unable to parse requirement: values[0]: Invalid value: "a": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
    [
      '-x',
      `unable to parse requirement: <nil>: Invalid value: "-x": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    ],
    [
      'x=-',
      `unable to parse requirement: values[0][x]: Invalid value: "-": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    ],
  ];
  test.each(failures)('%j fails', (text, message) => {
    expect(() => parseSelector(text)).toThrow(new SelectorError(message));
  });
});

describe('matches', () => {
  const labels = { app: 'web', size: '10', empty: '' };
  const cases: [text: string, matches: boolean][] = [
    ['', true],
    ['app', true],
    ['!app', false],
    ['nope', false],
    ['!nope', true],
    ['app=web', true],
    ['app!=web', false],
    ['nope!=x', true],
    ['nope=', false],
    ['empty=', true],
    ['app in (a,web)', true],
    ['app notin (a,web)', false],
    ['nope notin (a)', true],
    ['size>9', true],
    ['size>10', false],
    ['size<11', true],
    ['app>1', false],
    ['nope<1', false],
    ['app=web,size=9', false],
    ['toString', false],
  ];
  test.each(cases)('%j: %s', (text, matches) => {
    expect(parseSelector(text).matches(labels)).toBe(matches);
  });

  test('labels may be missing', () => {
    expect(parseSelector('!a').matches(undefined)).toBe(true);
    expect(parseSelector('a').matches(undefined)).toBe(false);
  });
});

test('a metav1.LabelSelector becomes a selector', () => {
  expect(labelSelectorAsSelector(undefined).matches({})).toBe(false);
  expect(labelSelectorAsSelector({}).matches({})).toBe(true);
  expect(
    String(
      labelSelectorAsSelector({
        matchLabels: { b: '1' },
        matchExpressions: [
          { key: 'a', operator: 'In', values: ['x', 'y'] },
          { key: 'c', operator: 'DoesNotExist' },
        ],
      }),
    ),
  ).toBe('a in (x,y),b=1,!c');
  expect(() => labelSelectorAsSelector({ matchExpressions: [{ key: 'a', operator: 'Near' }] })).toThrow(
    new SelectorError('"Near" is not a valid label selector operator'),
  );
});

test('everything, nothing and exact matches', () => {
  expect([everything().empty, nothing().empty]).toEqual([true, false]);
  expect(selectorFromSet({ app: 'web' }).requiresExactMatch('app')).toBe('web');
  expect(parseSelector('app!=web').requiresExactMatch('app')).toBeUndefined();
});
