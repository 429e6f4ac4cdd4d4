import { describe, expect, it } from 'vitest';
import { parseColumns, printColumns } from './custom-columns.ts';
import { TablePrinter, type Table } from './table-printer.ts';
import { DESCRIBE_COLUMNS, Tabwriter, TABLE_COLUMNS } from './tabwriter.ts';
import { toYaml } from '../../apimachinery/json/yaml-writer.ts';

describe('Tabwriter', () => {
  it('pads columns by three spaces and to six at least', () => {
    const writer = new Tabwriter(TABLE_COLUMNS);
    writer.write('NAME\tA\tAGE\nnginx-long\tx\t3s\n');
    expect(writer.flush()).toBe('NAME         A     AGE\nnginx-long   x     3s\n');
  });

  it('keeps widths from one flush to the next', () => {
    const writer = new Tabwriter(TABLE_COLUMNS);
    writer.write('long-name-here\tx\n');
    writer.flush();
    writer.write('a\tb\n');
    expect(writer.flush()).toBe('a                b\n');
  });

  it('ends a column where a line lacks the cell', () => {
    const writer = new Tabwriter(DESCRIBE_COLUMNS);
    writer.write('Name:\tx\nLong name:\ty\nTitle\n  a:\tz\n');
    expect(writer.flush()).toBe('Name:       x\nLong name:  y\nTitle\n  a:  z\n');
  });
});

describe('TablePrinter', () => {
  const table: Table = {
    kind: 'Table',
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Node', type: 'string', priority: 1 },
      { name: 'Age', type: 'string' },
    ],
    rows: [
      {
        cells: ['web', 'node01', '3s'],
        object: { metadata: { namespace: 'dev', labels: { b: '2', a: '1' } } },
      },
      { cells: ['x', 'node02', 'a\nb'], object: { metadata: { namespace: 'dev' } } },
    ],
  };
  const plain = {
    wide: false,
    noHeaders: false,
    showLabels: false,
    labelColumns: [],
    withNamespace: false,
    kindPrefix: '',
  };

  it.each([
    ['as they are', {}, 'NAME   AGE\nweb    3s\nx      a...\n'],
    ['wide', { wide: true }, 'NAME   NODE     AGE\nweb    node01   3s\nx      node02   a...\n'],
    ['without headers', { noHeaders: true }, 'web   3s\nx     a...\n'],
    [
      'with labels',
      { showLabels: true },
      'NAME   AGE    LABELS\nweb    3s     a=1,b=2\nx      a...   <none>\n',
    ],
    ['with label columns', { labelColumns: ['x.io/a'] }, 'NAME   AGE    A\nweb    3s     \nx      a...   \n'],
    [
      'with namespace and kind',
      { withNamespace: true, kindPrefix: 'pod' },
      'NAMESPACE   NAME      AGE\ndev         pod/web   3s\ndev         pod/x     a...\n',
    ],
  ])('prints tables %s', (_, options, expected) => {
    const printer = new TablePrinter({ ...plain, ...options });
    printer.print(table);
    expect(printer.flush()).toBe(expected);
  });

  it('prints headers once, and events without columns of their own under them', () => {
    const printer = new TablePrinter(plain);
    printer.print(table);
    printer.flush();
    printer.print({ kind: 'Table', rows: [{ cells: ['web', 'node01', '4s'] }] });
    expect(printer.flush()).toBe('web    4s\n');
  });
});

describe('toYaml', () => {
  it.each([
    ['yes', '"yes"'],
    ['n', '"n"'],
    ['null', '"null"'],
    ['0x1', '"0x1"'],
    ['1e3', '"1e3"'],
    ['1.2.3', '1.2.3'],
    ['', '""'],
    ['2026-11-23', '"2026-11-23"'],
    ['12:30', '"12:30"'],
    ['*/5 * * * *', "'*/5 * * * *'"],
    ['a: b', "'a: b'"],
    ['a #b', "'a #b'"],
    ["it's", "it's"],
    ['<none>', '<none>'],
    ['tab\there', '"tab\\there"'],
    ['a\nb', '|-\n  a\n  b'],
    ['a\nb\n', '|\n  a\n  b'],
    ['a\n\n', '|+\n  a\n'],
    [' a\nb', '|2-\n   a\n  b'],
    ['a \nb', '"a \\nb"'],
    ['웃음 😀', '"웃음 \\U0001F600"'],
    ['a\tb\u00a0c', '"a\\tb\u00a0c"'],
  ])('writes %j', (value, expected) => {
    expect(toYaml({ k: value })).toBe(`k: ${expected}\n`);
  });

  it('sorts keys, digits by value, and does not indent lists', () => {
    expect(toYaml({ b10: 1, b2: [{ y: [], x: {} }, [1]], a: null })).toBe(
      'a: null\nb2:\n- x: {}\n  "y": []\n- - 1\nb10: 1\n',
    );
  });

  it('folds long lines at spaces', () => {
    const words = Array.from({ length: 20 }, () => 'word').join(' ');
    expect(toYaml({ a: { b: words } })).toBe(
      `a:\n  b: ${Array(16).fill('word').join(' ')}\n    word word word word\n`,
    );
  });
});

describe('custom columns', () => {
  const objects = [
    { metadata: { name: 'a', labels: { x: '1' } }, spec: { images: ['i', 'j'] } },
    { metadata: { name: 'b' } },
  ];
  it('prints what the paths find', () => {
    const columns = parseColumns('NAME:.metadata.name,IMAGES:{.spec.images[*]},LABELS:metadata.labels');
    expect(printColumns(columns, objects, false)).toBe(
      'NAME   IMAGES   LABELS\na      i,j      map[x:1]\nb      <none>   <none>\n',
    );
  });
  it('refuses a column without a path', () => {
    expect(() => parseColumns('NAME')).toThrow(
      'unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>',
    );
  });
});
