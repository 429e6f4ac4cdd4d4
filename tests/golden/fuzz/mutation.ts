import fc from 'fast-check';
import type { Scenario, Step } from '../recording.ts';

/** A request on its way to the server under test. */
export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

/** Values that somebody may put where another one belongs. */
const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  -(2 ** 63),
  '',
  ' ',
  '__proto__',
  'a'.repeat(300),
  '\u0000',
  '🌍',
  '../..',
  '9223372036854775808',
  '1e999',
  '-5Mi',
  '1970-01-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  [],
  [null],
  [[]],
  [''],
  [{}, {}],
  {},
  { '': '' },
  { name: null },
  JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":{"b":1}}}'),
  JSON.parse(deep(60)),
];
const HOSTILE_KEYS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '$patch', 'a.b', '~1'];
const HOSTILE_TEXTS = [
  '',
  '{',
  '[]',
  'null',
  '"text"',
  '{"a":1,"a":2}',
  '{"kind":"Pod","kind":"Node"}',
  '{"metadata":{"name":"x","name":"y"}}',
  '\ufeff{}',
  '{"a":\u0000}',
  'a: &a [*a]',
  '- - - x\n  - y',
  '%PDF',
  `{"a":${deep(3000)}}`,
  `{"spec":${'{"a":'.repeat(500)}1${'}'.repeat(500)}}`,
];
const QUERIES = [
  'labelSelector=%21%21',
  'labelSelector=a+in+%28',
  'labelSelector=a%3Db%2Cc%21%3Dd%2Ce+in+%28f%2Cg%29%2C%21h',
  `labelSelector=${encodeURIComponent(Array.from({ length: 2000 }, (_, index) => `k${index}=v`).join(','))}`,
  `labelSelector=${'a'.repeat(5000)}`,
  'fieldSelector=x',
  'fieldSelector=metadata.name%3D%00',
  'fieldSelector=status.phase%3D%3D%3D',
  'limit=-1',
  'limit=1&continue=abc',
  'limit=x',
  'limit=99999999999999999999',
  'continue=%00',
  'continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiIuLi8uLiJ9',
  'resourceVersion=abc',
  'resourceVersion=0&resourceVersionMatch=Exact',
  'resourceVersion=1&resourceVersionMatch=Exact',
  'resourceVersionMatch=NotOlderThan',
  'resourceVersion=99999999999999999999999',
  'watch=1&timeoutSeconds=1',
  'watch=1&timeoutSeconds=1&resourceVersion=1',
  'watch=1&timeoutSeconds=1&sendInitialEvents=true',
  'watch=1&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=1',
  'dryRun=All',
  'dryRun=None',
  'dryRun=All&dryRun=All',
  'fieldManager=%00',
  `fieldManager=${'m'.repeat(200)}`,
  'fieldManager=a&force=true',
  'fieldValidation=Strict',
  'fieldValidation=Maybe',
  'gracePeriodSeconds=-5',
  'gracePeriodSeconds=x',
  'propagationPolicy=Sideways',
  'propagationPolicy=Foreground&orphanDependents=true',
  'orphanDependents=maybe',
  'pretty=1',
  'includeObject=Everything',
  'container=%2E%2E',
  '%',
  '%zz=%zz',
  '=&=&&',
  '__proto__=1',
];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'BREW', 'get', ''];
const CONTENT_TYPES = [
  'application/json',
  'application/yaml',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/json-patch+json',
  'application/apply-patch+yaml',
  'application/vnd.kubernetes.protobuf',
  'text/plain',
  'application/json; charset=latin1',
  ';',
  '',
];
const ACCEPTS = [
  'application/json',
  'application/yaml',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=Table;v=v9;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  'application/vnd.kubernetes.protobuf',
  'image/png',
  '*/*;q=0',
  ',,,',
  '',
];
const SEGMENTS = [
  '',
  '.',
  '..',
  '%2e%2e',
  '%00',
  '%',
  'x'.repeat(300),
  '__proto__',
  'status',
  'watch',
  'proxy',
  'Ünïcode',
  'a b',
];
const JSON_PATCHES = [
  [{ op: 'add', path: '/metadata/labels/x', value: 1 }],
  [{ op: 'replace', path: '', value: null }],
  [{ op: 'remove', path: '/spec' }],
  [{ op: 'move', from: '/metadata', path: '/metadata/name' }],
  [{ op: 'copy', from: '/spec', path: '/spec/-' }],
  [{ op: 'test', path: '/__proto__/a', value: 1 }],
  [{ op: 'add', path: '/__proto__/polluted', value: 1 }],
  [{ op: 'add', path: '/metadata/finalizers/99999999', value: 'a/b' }],
  [{ op: 'increment', path: '/x' }],
  [{}],
  [null],
  {},
];

const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);

/** Requests that begin as recorded ones and go wrong in one to three ways. */
export function fuzzedRequests(scenarios: readonly Scenario[]): fc.Arbitrary<FuzzedRequest> {
  const steps = scenarios.flatMap((scenario) => scenario.steps.flatMap(withInner));
  return fc
    .tuple(pick(steps), fc.array(mutations, { minLength: 1, maxLength: 3 }))
    .map(([step, changes]) => changes.reduce((request, change) => change(request), requestOf(step)));
}

const withInner = (step: Step): readonly Step[] => [step, ...(step.watch?.during ?? [])];

function requestOf({ method, path, body, raw, type, accept }: Step): FuzzedRequest {
  return {
    method,
    path: path.replace(/\{\{[^}]*\}\}/g, '1'),
    headers: {
      'user-agent': 'fuzz/1.0',
      accept: accept ?? 'application/json',
      ...((body !== undefined || raw !== undefined) && { 'content-type': type ?? 'application/json' }),
    },
    body: raw ?? (body === undefined ? '' : JSON.stringify(body)),
  };
}

type Mutation = (request: FuzzedRequest) => FuzzedRequest;

const withHeader =
  (name: string) =>
  (value: string): Mutation =>
  (request) => ({ ...request, headers: { ...request.headers, [name]: value } });

const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(fc.nat(), pick(HOSTILE_VALUES)).map(([at, value]) => replaceNode(at, value)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(), pick(HOSTILE_KEYS), pick(HOSTILE_VALUES))
      .map(([at, key, value]) => addKey(at, key, value)),
  },
  { weight: 2, arbitrary: fc.nat().map(removeNode) },
  {
    weight: 2,
    arbitrary: pick(QUERIES).map((query): Mutation => (request) => ({
      ...request,
      path: request.path + (request.path.includes('?') ? '&' : '?') + query,
    })),
  },
  { weight: 1, arbitrary: pick(METHODS).map((method): Mutation => (request) => ({ ...request, method })) },
  { weight: 1, arbitrary: pick(CONTENT_TYPES).map(withHeader('content-type')) },
  { weight: 1, arbitrary: pick(ACCEPTS).map(withHeader('accept')) },
  { weight: 1, arbitrary: pick(HOSTILE_TEXTS).map((body): Mutation => (request) => ({ ...request, body })) },
  {
    weight: 1,
    arbitrary: fc.string({ maxLength: 60 }).map((body): Mutation => (request) => ({ ...request, body })),
  },
  {
    weight: 1,
    arbitrary: fc.nat().map((at): Mutation => (request) => ({
      ...request,
      body: request.body.slice(0, at % (request.body.length + 1)),
    })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(), pick(SEGMENTS)).map(([at, segment]) => replaceSegment(at, segment)),
  },
  {
    weight: 1,
    arbitrary: pick(JSON_PATCHES).map((patch): Mutation => (request) => ({
      ...request,
      method: 'PATCH',
      headers: { ...request.headers, 'content-type': 'application/json-patch+json' },
      body: JSON.stringify(patch),
    })),
  },
  {
    weight: 1,
    arbitrary: pick(CONTENT_TYPES.slice(2, 6)).map((type): Mutation => (request) => ({
      ...request,
      method: 'PATCH',
      path: `${request.path}${request.path.includes('?') ? '&' : '?'}fieldManager=fuzz`,
      headers: { ...request.headers, 'content-type': type },
    })),
  },
);

/** Changes the body's JSON; bodies that are no JSON stay. */
function onJson(change: (nodes: readonly Node[]) => void): Mutation {
  return (request) => {
    let value: unknown;
    try {
      value = JSON.parse(request.body);
    } catch {
      return request;
    }
    const root = { value };
    change(nodesOf(root));
    return { ...request, body: JSON.stringify(root.value) ?? '' };
  };
}

interface Node {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function nodesOf(root: { value: unknown }): readonly Node[] {
  const nodes: Node[] = [];
  const walk = (holder: Record<string, unknown>, key: string) => {
    nodes.push({ holder, key });
    const value = holder[key];
    if (typeof value !== 'object' || value === null) return;
    for (const inner of Object.keys(value)) walk(value as Record<string, unknown>, inner);
  };
  walk(root as unknown as Record<string, unknown>, 'value');
  return nodes;
}

function replaceNode(at: number, value: unknown): Mutation {
  return onJson((nodes) => {
    const { holder, key } = nodes[at % nodes.length]!;
    holder[key] = value;
  });
}

function removeNode(at: number): Mutation {
  return onJson((nodes) => {
    const { holder, key } = nodes[at % nodes.length]!;
    delete holder[key];
  });
}

function addKey(at: number, key: string, value: unknown): Mutation {
  return onJson((nodes) => {
    const { holder, key: place } = nodes[at % nodes.length]!;
    const target = holder[place];
    if (typeof target !== 'object' || target === null) return;
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  });
}

function replaceSegment(at: number, segment: string): Mutation {
  return (request) => {
    const [path = '', query] = request.path.split('?');
    const segments = path.split('/');
    segments[1 + (at % Math.max(segments.length - 1, 1))] = segment;
    return { ...request, path: segments.join('/') + (query === undefined ? '' : `?${query}`) };
  };
}
