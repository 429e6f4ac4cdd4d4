import { expect, test } from 'vitest';
import { schemaOf } from '../../../apimachinery/schema/schema.ts';
import { decodeProtobuf } from './decode.ts';
import { fieldsOfMessage } from '../../../apimachinery/schema/messages.ts';
import { readFields, WireError } from '../../../apimachinery/protobuf/wire.ts';

type Part = string | Uint8Array | number;

/** A field: a text or bytes as length-delimited, a number as varint. */
function field(number: number, value: Part): Uint8Array {
  if (typeof value === 'number') return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

const message = (...fields: readonly Uint8Array[]) => Buffer.concat(fields);

/** A body as client-go writes it. */
function body(apiVersion: string, kind: string, raw: Uint8Array): Uint8Array {
  return message(
    Buffer.from('k8s\0'),
    field(1, message(field(1, apiVersion), field(2, kind))),
    field(2, raw),
    field(3, ''),
    field(4, ''),
  );
}

const cases = [
  {
    name: 'maps, bytes and an empty time',
    body: body(
      'v1',
      'Secret',
      message(
        field(1, message(field(1, 's'), field(8, ''), field(11, message(field(1, 'a'), field(2, 'é'))))),
        field(2, message(field(1, 'key'), field(2, Uint8Array.from([0, 255])))),
        field(3, 'Opaque'),
      ),
    ),
    want: {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name: 's', labels: { a: 'é' } },
      data: { key: 'AP8=' },
      type: 'Opaque',
    },
  },
  {
    name: 'an embedded message is flattened; a pointer to zero stays, a zero does not',
    body: body(
      'apps/v1',
      'Deployment',
      message(
        field(1, field(1, 'web')),
        field(
          2,
          message(
            field(1, 0),
            field(5, 0),
            field(
              3,
              field(
                2,
                message(field(1, message(field(1, 'v'), field(2, field(19, field(1, field(1, 'c'))))))),
              ),
            ),
            field(4, field(2, field(1, message(field(1, 1), field(3, '25%'))))),
          ),
        ),
      ),
    ),
    want: {
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: { name: 'web' },
      spec: {
        replicas: 0,
        template: { spec: { volumes: [{ name: 'v', configMap: { name: 'c' } }] } },
        strategy: { rollingUpdate: { maxUnavailable: '25%' } },
      },
    },
  },
  {
    name: 'quantities, negative numbers and times',
    body: body(
      'v1',
      'Pod',
      message(
        field(1, field(8, message(field(1, 1_700_000_000), field(2, 0)))),
        field(
          2,
          message(
            field(25, -5),
            field(2, field(8, field(1, message(field(1, 'cpu'), field(2, field(1, '100m')))))),
          ),
        ),
      ),
    ),
    want: {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { creationTimestamp: '2023-11-14T22:13:20Z' },
      spec: { priority: -5, containers: [{ resources: { limits: { cpu: '100m' } } }] },
    },
  },
  {
    name: 'options are of no group',
    body: body('apps/v1', 'DeleteOptions', message(field(1, 0), field(4, 'Foreground'))),
    want: {
      kind: 'DeleteOptions',
      apiVersion: 'apps/v1',
      gracePeriodSeconds: 0,
      propagationPolicy: 'Foreground',
    },
  },
];

test.each(cases)('decodeProtobuf: $name', ({ body: bytes, want }) => {
  expect(decodeProtobuf(bytes)).toEqual(want);
});

test.each([
  { name: 'JSON', body: Buffer.from('{"kind":"Pod"}') },
  { name: 'a kind without numbers', body: body('example.com/v1', 'Widget', new Uint8Array()) },
])('decodeProtobuf leaves $name alone', ({ body: bytes }) => {
  expect(decodeProtobuf(bytes)).toBeUndefined();
});

test('decodeProtobuf throws for what is cut off', () => {
  const whole = cases[0]!.body;
  for (const end of [5, 20, whole.length - 5]) {
    expect(() => decodeProtobuf(whole.subarray(0, end))).toThrow(WireError);
  }
});

test('readFields refuses what is no message', () => {
  expect(() => [...readFields(Uint8Array.from([0x0b]))]).toThrow('illegal wireType 3');
  expect(() => [...readFields(Uint8Array.from([0x00, 0x01]))]).toThrow('illegal tag 0');
});

test('every numbered field of a pod is in its schema, all the way down', () => {
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    const schema = schemaOf(name)!;
    const packageName = name.split('.').slice(-3, -1).join('.');
    const names = (message: string): string[] =>
      [...fieldsOfMessage(packageName, message)!.values()].flatMap((entry) =>
        'embedded' in entry ? names(entry.embedded) : entry.name,
      );
    for (const fieldName of names(schema.shortName)) {
      const type = schema.fields.get(fieldName)?.type;
      expect(type, `${name}.${fieldName}`).toBeDefined();
      const inner = type!.type === 'array' ? type!.items : type!;
      if (inner.type === 'object') visit(inner.schema.name);
    }
  };
  visit('io.k8s.api.core.v1.Pod');
  expect(seen.size).toBeGreaterThan(80);
});
