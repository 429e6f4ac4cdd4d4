import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schemaOf } from '../schema/schema.ts';
import { base64Fault, DecodeError, decodeObject, duplicateFields, interpretMeta } from './decode.ts';
import { parseJson } from './parse.ts';
import { YamlError } from './yaml-error.ts';
import { parseYaml } from './yaml.ts';

const NAMES: Readonly<Record<string, string>> = {
  Pod: 'io.k8s.api.core.v1.Pod',
  ConfigMap: 'io.k8s.api.core.v1.ConfigMap',
  Secret: 'io.k8s.api.core.v1.Secret',
  Service: 'io.k8s.api.core.v1.Service',
  Deployment: 'io.k8s.api.apps.v1.Deployment',
  Lease: 'io.k8s.api.coordination.v1.Lease',
};
const decode = (kind: string, text: string, format: 'json' | 'yaml' = 'json') =>
  decodeObject((format === 'yaml' ? parseYaml : parseJson)(text), schemaOf(NAMES[kind]!)!);

describe('values that do not fit', () => {
  const cases: [kind: string, text: string, message: string][] = [
    [
      'ConfigMap',
      '{"data":{"a":1}}',
      'json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
    [
      'Pod',
      '{"spec":{"containers":"x"}}',
      'json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      'Pod',
      '{"spec":{"containers":[{"name":7}]}}',
      'json: cannot unmarshal number into Go struct field Container.spec.containers.name of type string',
    ],
    [
      'Pod',
      '{"spec":{"restartPolicy":7}}',
      'json: cannot unmarshal number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy',
    ],
    ['Pod', '{"spec":[]}', 'json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec'],
    [
      'Deployment',
      '{"spec":{"replicas":"3"}}',
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'Deployment',
      '{"spec":{"replicas":1.5}}',
      'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'Deployment',
      '{"spec":{"replicas":1.0}}',
      'json: cannot unmarshal number 1.0 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'Deployment',
      '{"spec":{"replicas":3000000000}}',
      'json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      'Deployment',
      '{"spec":{"paused":"yes","replicas":"3"}}',
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.paused of type bool',
    ],
    [
      'Service',
      '{"spec":{"ports":[{"targetPort":true}]}}',
      'json: cannot unmarshal bool into Go struct field ServicePort.spec.ports.targetPort of type int32',
    ],
    [
      'Pod',
      '{"spec":{"containers":[{"resources":{"limits":{"cpu":"lots"}}}]}}',
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      'Pod',
      '{"spec":{"containers":[{"resources":{"limits":"x"}}]}}',
      'json: cannot unmarshal string into Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList',
    ],
    ['Secret', '{"data":{"a":"abc"}}', 'illegal base64 data at input byte 0'],
    ['Secret', '{"data":{"a":"not base64!"}}', 'illegal base64 data at input byte 3'],
    [
      'Pod',
      '{"metadata":{"creationTimestamp":"soon"}}',
      'parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse "soon" as "2006"',
    ],
    [
      'Pod',
      '{"metadata":{"creationTimestamp":"é"}}',
      'parsing time "\\xc3\\xa9" as "2006-01-02T15:04:05Z07:00": cannot parse "\\xc3\\xa9" as "2006"',
    ],
    [
      'Pod',
      '{"metadata":{"creationTimestamp":5}}',
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.creationTimestamp of type string',
    ],
    [
      'Pod',
      '{"metadata":{"creationTimestamp":"2026-13-01T00:00:00Z"}}',
      'parsing time "2026-13-01T00:00:00Z": month out of range',
    ],
    ['Pod', '[]', 'json: cannot unmarshal array into Go value of type v1.Pod'],
  ];
  test.each(cases)('%s %s', (kind, text, message) => {
    expect(() => decode(kind, text)).toThrow(
      expect.objectContaining({ name: 'DecodeError', message }) as Error,
    );
  });
});

describe('strict errors', () => {
  const cases: [kind: string, text: string, errors: string[]][] = [
    ['ConfigMap', '{"data":{},"dat":{"a":"b"}}', ['unknown field "dat"']],
    ['ConfigMap', '{"metadata":{"name":"d","lables":{}}}', ['unknown field "metadata.lables"']],
    ['ConfigMap', '{"data":{"a":"1"},"data":{"b":"2"}}', ['duplicate field "data"']],
    ['ConfigMap', '{"data":{"a":"1","a":"2"}}', ['duplicate field "data.a"']],
    [
      'Deployment',
      '{"spec":{"replica":2,"template":{"spec":{"containers":[{"name":"c","imagePulPolicy":"Always"}]}}}}',
      ['unknown field "spec.replica"', 'unknown field "spec.template.spec.containers[0].imagePulPolicy"'],
    ],
    ['ConfigMap', '{"Data":{"a":"b"}}', ['unknown field "Data"']],
    ['ConfigMap', '{"__proto__":{"a":1}}', ['unknown field "__proto__"']],
  ];
  test.each(cases)('%s %s', (kind, text, errors) => {
    expect(decode(kind, text).strictErrors).toEqual(errors);
  });

  test('there are at most 100', () => {
    const fields = Array.from({ length: 300 }, (_, index) => `"x${index}":1`).join();
    expect(decode('ConfigMap', `{${fields}}`).strictErrors).toHaveLength(100);
  });

  test('a text without a type only has duplicates', () => {
    expect(duplicateFields(parseJson('{"a":{"b":[{"c":1,"c":2}]},"a":{"d":1,"d":1}}'))).toEqual([
      'duplicate field "a.b[0].c"',
      'duplicate field "a"',
      'duplicate field "a.d"',
    ]);
  });
});

describe('decoded objects', () => {
  test('unknown fields and nulls are left out', () => {
    const text = '{"spec":null,"x":1,"metadata":{"name":"a","labels":null,"annotations":{"k":null}}}';
    expect(decode('Pod', text).object).toMatchObject({ metadata: { name: 'a', annotations: { k: '' } } });
    expect(Object.keys(decode('Pod', text).object)).not.toContain('x');
  });

  test('zeros are left out where Go leaves them out', () => {
    const text =
      '{"metadata":{"name":"a","namespace":"","labels":{}},"spec":{"hostNetwork":false,"enableServiceLinks":false,' +
      '"tolerations":[],"containers":[],"securityContext":{},"terminationGracePeriodSeconds":0}}';
    expect(decode('Pod', text).object).toEqual({
      metadata: { name: 'a' },
      spec: {
        enableServiceLinks: false,
        containers: [],
        securityContext: {},
        terminationGracePeriodSeconds: 0,
      },
      status: {},
    });
    expect(decode('ConfigMap', '{"data":{},"immutable":false}').object).toEqual({
      metadata: {},
      immutable: false,
    });
  });

  test('zeros and structures that Go always prints are filled in', () => {
    const text =
      '{"spec":{"ports":[{},null]},"metadata":{"ownerReferences":[{"name":"o"}]},"status":{"conditions":[{}]}}';
    expect(decode('Service', text).object).toEqual({
      metadata: { ownerReferences: [{ name: 'o', apiVersion: '', kind: '', uid: '' }] },
      spec: { ports: [{ port: 0 }, { port: 0 }] },
      status: {
        conditions: [{ lastTransitionTime: null, message: '', reason: '', status: '', type: '' }],
        loadBalancer: {},
      },
    });
  });

  test('a map that came twice holds both', () => {
    expect(decode('ConfigMap', '{"data":{"a":"1"},"data":{"b":"2"}}').object).toMatchObject({
      data: { a: '1', b: '2' },
    });
  });

  test('quantities and times are canonical, ports stay numbers or texts', () => {
    const { object } = decode(
      'Pod',
      '{"metadata":{"creationTimestamp":"2026-11-23T17:01:13.5+09:00"},"spec":{"containers":[{"name":"c",' +
        '"resources":{"limits":{"cpu":0.5,"memory":"1024Mi"}},"livenessProbe":{"httpGet":{"port":"http"}}}]}}',
    );
    expect(object).toEqual({
      metadata: { creationTimestamp: '2026-11-23T08:01:13Z' },
      spec: {
        containers: [
          {
            name: 'c',
            resources: { limits: { cpu: '500m', memory: '1Gi' } },
            livenessProbe: { httpGet: { port: 'http' } },
          },
        ],
      },
      status: {},
    });
    expect(decode('Lease', '{"spec":{"renewTime":"2026-11-23T17:01:13.000123Z"}}').object).toMatchObject({
      spec: { renewTime: '2026-11-23T17:01:13.000123Z' },
    });
  });

  test('keys come in the order of a response', () => {
    const text =
      '{"status":{},"spec":{},"metadata":{"uid":"u","labels":{"x":"y"},"name":"a"},"apiVersion":"v1","kind":"Pod"}';
    expect(JSON.stringify(decode('Pod', text).object)).toBe(
      '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","uid":"u","labels":{"x":"y"}},"spec":{},"status":{}}',
    );
  });

  test('a field named __proto__ in a map is data', () => {
    const { object } = decode('ConfigMap', '{"data":{"__proto__":"x"}}');
    expect(JSON.stringify(object['data'])).toBe('{"__proto__":"x"}');
  });
});

describe('interpretMeta', () => {
  test('names what it finds', () => {
    expect(interpretMeta(parseJson('{"kind":"Pod","apiVersion":"v1"}'))).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
    });
    expect(interpretMeta(parseJson('{}'))).toEqual({ apiVersion: '', kind: '' });
  });
  const failures: [text: string, message: string][] = [
    [
      '{"kind":1}',
      "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string",
    ],
    ['{"apiVersion":"a/b/c"}', 'unexpected GroupVersion string: a/b/c'],
    [
      '[]',
      'couldn\'t get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
    ],
  ];
  test.each(failures)('%s', (text, message) => {
    expect(() => interpretMeta(parseJson(text))).toThrow(new DecodeError(message));
  });
});

describe('YAML', () => {
  test('scalars are read as Go reads YAML 1.1', () => {
    const text =
      'a: yes\nb: off\nc: 0644\nd: 2026-11-23\ne: 1:30\nf: ~\ng: "yes"\nh: 1_000\ni: 0x1F\nj: 1.5\nk: n\n1: x\ntrue: z\n';
    expect(parseYaml(text).value).toEqual({
      a: true,
      b: false,
      c: 420,
      d: '2026-11-23',
      e: '1:30',
      f: null,
      g: 'yes',
      h: 1000,
      i: 31,
      j: 1.5,
      k: false,
      1: 'x',
      true: 'z',
    });
  });

  test('anchors, merges and only the first document', () => {
    const text = 'a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\ne: *x\n---\nother: 1\n';
    expect(parseYaml(text).value).toEqual({ a: { b: 1, c: 2 }, d: { b: 1, c: 3 }, e: { b: 1, c: 2 } });
  });

  test('duplicates are told apart', () => {
    const { object, strictErrors } = decode('ConfigMap', 'data:\n  a: "1"\n  a: "2"\n', 'yaml');
    expect(object).toMatchObject({ data: { a: '2' } });
    expect(strictErrors).toEqual(['yaml: unmarshal errors:\n  line 3: key "a" already set in map']);
  });

  const failures: [text: string, message: string][] = [
    ['a: b: c', 'yaml: mapping values are not allowed in this context'],
    ['a: *x', "yaml: unknown anchor 'x' referenced"],
    ['a: "x', 'yaml: found unexpected end of stream'],
    ['x: &a\n  b: *a', "yaml: anchor 'a' value contains itself"],
    ['a: b\n  c: d', 'yaml: line 2: mapping values are not allowed in this context'],
    ['kind: Pod\nspec\nx: y', "yaml: line 3: could not find expected ':'"],
    ['a:\n\t- b', 'yaml: line 2: found character that cannot start any token'],
    ['a: [1, 2', "yaml: line 1: did not find expected ',' or ']'"],
  ];
  test.each(failures)('%j fails', (text, message) => {
    expect(() => parseYaml(text)).toThrow(new YamlError(message));
  });

  test('a text that grows by aliases is refused', () => {
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 9; level++) {
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join()}]`);
    }
    expect(() => parseYaml(lines.join('\n'))).toThrow(YamlError);
  });
});

test('base64 faults are counted as Go counts', () => {
  expect(['', 'YQ==', 'YWI=', 'YWJj', 'YW\nJj'].map(base64Fault)).toEqual(Array(5).fill(undefined));
  expect(['a', 'ab', 'abc', 'a=', 'ab=', 'ab=c', 'ab==x', '!', 'abcd!'].map(base64Fault)).toEqual([
    0, 0, 0, 1, 3, 3, 4, 0, 4,
  ]);
});

test('recorded bodies are refused with the recorded words', () => {
  const folder = join(import.meta.dirname, '../../../tests/golden/recordings/http');
  let compared = 0;
  for (const name of [
    'field-validation',
    'bad-requests',
    'pod-validation',
    'immutable-configmap-and-secret',
  ]) {
    const { steps } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as {
      steps: { body?: { kind?: string }; raw?: string; response: { body?: { message?: string } } }[];
    };
    for (const { body, raw, response } of steps) {
      const [, kind, words] =
        /^(\w+) in version "v1" cannot be handled as a \1: ([^]*)$/.exec(response.body?.message ?? '') ?? [];
      if (kind === undefined) continue;
      let message = '';
      try {
        const { strictErrors } = decode(kind, raw ?? JSON.stringify(body));
        message = `strict decoding error: ${strictErrors.join(', ')}`;
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toBe(words);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(6);
});
