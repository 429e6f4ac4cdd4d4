import { describe, expect, test } from 'vitest';
import type { ServerRequest } from '../request.ts';
import { negotiate } from './negotiation.ts';

const accepting = (accept: string) => ({ http: { headers: { accept } } }) as unknown as ServerRequest;

describe('negotiate', () => {
  const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  test.each([
    ['*/*', { mediaType: 'application/json' }],
    ['application/yaml', { mediaType: 'application/yaml' }],
    ['application/vnd.kubernetes.protobuf, application/json', { mediaType: 'application/json' }],
    [`${table}, application/json`, { mediaType: 'application/json', view: 'Table' }],
    ['application/json;as=Table;v=v9;g=meta.k8s.io, application/json', { mediaType: 'application/json' }],
  ])('%s', (accept, want) => {
    expect(negotiate(accepting(accept), true, false)).toEqual(want);
  });

  test('a media type that no route writes is refused by the router', () => {
    expect(() => negotiate(accepting('text/html'), true, false)).toThrow('406: Not Acceptable');
  });

  test.each(['application/vnd.kubernetes.protobuf', 'application/json;as=Table;v=v9;g=meta.k8s.io'])(
    'nothing in the list can be served: %s',
    (accept) => {
      expect(() => negotiate(accepting(accept), true, false)).toThrow(
        'only the following media types are accepted',
      );
    },
  );

  test('a view makes no sense for an object of its own kind', () => {
    expect(() => negotiate(accepting(table), false, false)).toThrow(
      'only the following media types are accepted',
    );
  });
});
