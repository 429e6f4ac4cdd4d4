import { describe, expect, test } from 'vitest';
import type { ServerRequest } from '../request.ts';
import { negotiate, negotiateStream } from './negotiation.ts';

const accepting = (accept: string) => ({ http: { headers: { accept } } }) as unknown as ServerRequest;

describe('negotiate', () => {
  const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  test.each([
    ['*/*', { mediaType: 'application/json' }],
    ['application/json;q=0.5, application/yaml', { mediaType: 'application/yaml' }],
    ['application/json, application/*', { mediaType: 'application/json' }],
    ['application/yaml', { mediaType: 'application/yaml' }],
    ['application/vnd.kubernetes.protobuf, application/json', { mediaType: 'application/json' }],
    [
      `${table}, application/json`,
      { mediaType: 'application/json', view: { kind: 'Table', apiVersion: 'meta.k8s.io/v1' } },
    ],
    ['application/json;as=Table;v=v9;g=meta.k8s.io, application/json', { mediaType: 'application/json' }],
  ])('%s', (accept, want) => {
    expect(negotiate(accepting(accept), true)).toEqual(want);
  });

  // The router compares texts: it knows neither wildcards but the widest nor capitals.
  test.each(['text/html', 'application/*', 'APPLICATION/JSON', ','])(
    'a media type that no route writes is refused by the router: %s',
    (accept) => {
      expect(() => negotiate(accepting(accept), true)).toThrow('406: Not Acceptable');
    },
  );

  test('a watch is a stream of JSON', () => {
    expect(negotiateStream(accepting('application/json;stream=watch')).mediaType).toBe('application/json');
    expect(() => negotiateStream(accepting('application/yaml'))).toThrow(
      'only the following media types are accepted: application/json;stream=watch, ',
    );
  });

  test.each([
    'application/vnd.kubernetes.protobuf',
    'application/json;v=v1',
    'application/json;as=Table;v=v9;g=meta.k8s.io',
  ])('nothing in the list can be served: %s', (accept) => {
    expect(() => negotiate(accepting(accept), true)).toThrow('only the following media types are accepted');
  });

  test('a view makes no sense for an object of its own kind', () => {
    expect(() => negotiate(accepting(table), false)).toThrow('only the following media types are accepted');
  });
});
