import { describe, expect, it } from 'vitest';
import type { EtcdClient } from '../simulator.ts';
import { complete } from './completion.ts';
import { nearest } from './did-you-mean.ts';
import { completeManifest, findProblems, hoverManifest } from './index.ts';
import { builtinKinds, kindsOf } from './kinds.ts';
import { choicesIn } from './types.ts';

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx
`;

/** Problems as "the text in question: message". */
function problems(text: string, kinds = builtinKinds()): string[] {
  return findProblems(text, kinds).map(({ from, to, message }) => `${text.slice(from, to)}: ${message}`);
}

/** Completion where "|" stands in the text. */
async function labels(text: string, kinds = builtinKinds()): Promise<string[]> {
  const offset = text.indexOf('|');
  const { items } = await completeManifest(text.replace('|', ''), offset, kinds);
  return items.map(({ label }) => label);
}

describe('problems of a manifest', () => {
  it.each([
    ['a right one', POD, []],
    ['nothing', '', []],
    ['a comment', '# later\n', []],
    [
      'an unknown field, with what was meant',
      POD.replace('containers', 'contaners'),
      ['contaners: unknown field "spec.contaners". Did you mean "containers"?'],
    ],
    [
      'an unknown field in a list',
      POD.replace('image', 'imgae'),
      ['imgae: unknown field "spec.containers[0].imgae". Did you mean "image"?'],
    ],
    [
      'letters of another size',
      POD.replace('image:', 'imagePullpolicy: Always\n      image:'),
      [
        'imagePullpolicy: unknown field "spec.containers[0].imagePullpolicy". Did you mean "imagePullPolicy"?',
      ],
    ],
    [
      'a required field',
      'apiVersion: v1\nkind: Pod\nspec:\n  nodeName: node01\n',
      ['nodeName: spec.containers: Required value (꼭 있어야 하는 필드다)'],
    ],
    ['a field that is like none', `${POD}  quux: 1\n`, ['quux: unknown field "spec.quux"']],
    // As kubectl reads it: on is a boolean, also as a key.
    [
      'a number for a text',
      `${POD}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  port: 8080\n  on: yes\n`,
      [
        '8080: data.port에는 문자열이 와야 한다. 따옴표로 감싼다: "8080"',
        'yes: data.true에는 문자열이 와야 한다. 따옴표로 감싼다: "yes"',
      ],
    ],
    [
      'an object for a list',
      'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    name: web\n',
      ['name: web\n: spec.containers에는 목록(- 로 시작하는 줄)이 와야 한다'],
    ],
    [
      'a kind that is written wrongly',
      POD.replace('Pod', 'Pdo'),
      ['Pdo: no matches for kind "Pdo" in version "v1". Did you mean "Pod"?'],
    ],
    [
      'a kind of another group',
      'apiVersion: v1\nkind: Deployment\n',
      ['v1: no matches for kind "Deployment" in version "v1". Did you mean "apps/v1"?'],
    ],
    [
      'a kind that a CustomResourceDefinition may bring',
      'apiVersion: example.com/v1\nkind: Widget\nsize: 1\n',
      [],
    ],
    [
      'neither apiVersion nor kind',
      'metadata:\n  name: web\n',
      [
        'metadata: apiVersion이 없다: error validating data: apiVersion not set',
        'metadata: kind가 없다: error validating data: kind not set',
      ],
    ],
    [
      'a list of objects',
      `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spce: {}\n`,
      ['spce: unknown field "spce". Did you mean "spec"?'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('are found in what can be read of a broken text', () => {
    const [first] = findProblems('apiVersion: v1\nkind: Pod\nspec: {containers: [\n', builtinKinds());
    expect(first).toMatchObject({
      severity: 'error',
      message: expect.stringMatching(/^YAML을 읽을 수 없다: /),
    });
  });

  it('takes anchors and merges as they are', () => {
    const text = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - &c {name: a, image: nginx}
    - {<<: *c, name: b}
`;
    expect(problems(text)).toEqual([]);
  });
});

describe('completion of a manifest', () => {
  it('offers what is missing, what is required first', async () => {
    expect((await labels(`${POD}  |\n`)).slice(0, 3)).toEqual([
      'volumes',
      'initContainers',
      'ephemeralContainers',
    ]);
    expect(await labels('apiVersion: apps/v1\nkind: Deployment\nspec:\n  |\n')).toEqual(
      expect.arrayContaining(['selector', 'template', 'replicas']),
    );
    expect((await labels('apiVersion: apps/v1\nkind: Deployment\nspec:\n  |\n')).slice(0, 2)).toEqual([
      'selector',
      'template',
    ]);
    expect(await labels(`${POD}  |\n`)).not.toContain('containers');
  });

  it('knows the place in a list, and in a line that is half written', async () => {
    expect(await labels(POD.replace('image: nginx', 'im|'))).toContain('imagePullPolicy');
    expect(await labels(POD.replace('image: nginx', 'image: nginx\n    - |'))).toContain('name');
    expect(await labels(POD.replace('image: nginx', 'image: nginx\n      ports:\n        - |'))).toEqual(
      expect.arrayContaining(['containerPort', 'protocol']),
    );
  });

  it('offers the values that a field may have', async () => {
    expect(await labels(`${POD}  restartPolicy: |\n`)).toEqual(['Always', 'Never', 'OnFailure']);
    expect(await labels(POD.replace('image:', 'imagePullPolicy: |\n      image:'))).toEqual([
      'Always',
      'IfNotPresent',
      'Never',
    ]);
    expect(await labels(`${POD}  hostNetwork: |\n`)).toEqual(['true', 'false']);
    expect(await labels('apiVersion: v1\nkind: Service\nspec:\n  type: |\n')).toEqual([
      'ClusterIP',
      'ExternalName',
      'LoadBalancer',
      'NodePort',
    ]);
  });

  it('narrows the kind by the version, and the version by the kind', async () => {
    expect(await labels('apiVersion: batch/v1\nkind: |\n')).toEqual(['CronJob', 'Job'].toSorted());
    expect(await labels('apiVersion: |\nkind: Deployment\n')).toEqual(['apps/v1']);
    expect(await labels('|')).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
  });

  it('replaces the whole word, and puts no second colon', () => {
    const text = POD.replace('image', 'imge');
    const offset = text.indexOf('imge') + 2;
    const { from, to, items } = complete(text, offset, builtinKinds(), {
      describe: () => '',
      enumOf: () => undefined,
    });
    expect(text.slice(from, to)).toBe('imge');
    expect(items.find(({ label }) => label === 'image')?.insert).toBe('image');
  });
});

describe('what is told of a field', () => {
  it('is its type and description', async () => {
    const hover = await hoverManifest(POD, POD.indexOf('image') + 2, builtinKinds());
    expect(hover).toMatchObject({ title: 'spec.containers[0].image: string' });
    expect(hover?.description).toContain('Container image name');
    expect(await hoverManifest(POD, POD.indexOf('Pod') + 1, builtinKinds())).toMatchObject({ title: 'Pod' });
    expect(await hoverManifest(POD, POD.indexOf('nginx'), builtinKinds())).toBeNull();
  });
});

describe('a kind of the lab’s own', () => {
  const definition = {
    spec: {
      group: 'example.com',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: 'A widget.',
              required: ['spec'],
              properties: {
                spec: {
                  type: 'object',
                  properties: {
                    size: { type: 'integer', description: 'How large it is.' },
                    colour: { type: 'string', enum: ['red', 'green'] },
                    parts: {
                      type: 'array',
                      items: { type: 'object', properties: { name: { type: 'string' } } },
                    },
                    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  },
                },
              },
            },
          },
        },
        { name: 'v2', served: false },
      ],
    },
    status: { conditions: [{ type: 'Established', status: 'True' }] },
  };
  const etcdWith = (stored: object) =>
    ({ get: async () => ({ kvs: [{ value: JSON.stringify(stored) }] }) }) as unknown as EtcdClient;
  const kinds = kindsOf(etcdWith(definition));
  const widget = (spec: string) => `apiVersion: example.com/v1\nkind: Widget\nspec:\n${spec}`;

  it('is checked as its definition says', async () => {
    const text = widget('  sise: 1\n  colour: 3\n  parts:\n  - nmae: a\n  free: {a: 1}\n');
    expect(problems(text, await kinds)).toEqual([
      'sise: unknown field "spec.sise". Did you mean "size"?',
      '3: spec.colour에는 문자열이 와야 한다. 따옴표로 감싼다: "3"',
      'nmae: unknown field "spec.parts[0].nmae". Did you mean "name"?',
    ]);
    expect(problems('apiVersion: example.com/v2\nkind: Widget\n', await kinds)).toEqual([
      'example.com/v2: no matches for kind "Widget" in version "example.com/v2". Did you mean "example.com/v1"?',
    ]);
  });

  it('is completed and explained from its definition', async () => {
    expect(await labels(widget('  |\n'), await kinds)).toEqual(['colour', 'free', 'parts', 'size']);
    expect(await labels(widget('  colour: |\n'), await kinds)).toEqual(['red', 'green']);
    expect(await labels('apiVersion: example.com/v1\nkind: |\n', await kinds)).toEqual(['Widget']);
    const text = widget('  size: 1\n');
    expect(await hoverManifest(text, text.indexOf('size') + 1, await kinds)).toMatchObject({
      title: 'spec.size: int64',
      description: 'How large it is.',
    });
    expect(await hoverManifest(text, text.indexOf('Widget') + 1, await kinds)).toMatchObject({
      description: 'A widget.',
    });
  });

  it('is none before it is established, and built-in kinds are there while etcd is away', async () => {
    const early = await kindsOf(etcdWith({ ...definition, status: { conditions: null } }));
    expect(early).toEqual(builtinKinds());
    const away = { get: () => Promise.reject(new Error('connection refused')) } as unknown as EtcdClient;
    expect(await kindsOf(away)).toEqual(builtinKinds());
  });
});

describe('what was meant', () => {
  it.each([
    ['a field', POD.replace('image', 'imgae'), 'image'],
    ['a kind', POD.replace('Pod', 'Pdo'), 'Pod'],
    ['a version', 'apiVersion: v1\nkind: Deployment\n', 'apps/v1'],
    ['a text', 'apiVersion: v1\nkind: ConfigMap\ndata: {port: 8080}\n', '"8080"'],
    ['nobody knows', `${POD}  quux: 1\n`, undefined],
  ])('%s', (_name, text, meant) => {
    expect(findProblems(text, builtinKinds()).map((problem) => problem.meant)).toEqual([meant]);
  });
});

describe('names that are near', () => {
  it.each([
    ['contianers', 'containers'],
    ['image', 'image'],
    ['zzz', undefined],
  ])('%s: %s', (written, meant) => {
    expect(nearest(written, ['containers', 'image', 'volumes'])).toBe(meant);
  });

  it.each([
    ['One of Always, OnFailure, Never. In some', ['Always', 'OnFailure', 'Never']],
    ["Valid values are 'A1', 'B2' or 'None'. DNS", ['A1', 'B2', 'None']],
    ['Exactly one of `url` or `service` must be specified.', []],
    ['', []],
  ])('choices in %j', (text, expected) => {
    expect(choicesIn(text)).toEqual(expected);
  });
});
