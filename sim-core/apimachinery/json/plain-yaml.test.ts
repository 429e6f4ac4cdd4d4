import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Rand } from '../../clock/rand.ts';
import { parsePlainYaml } from './plain-yaml.ts';
import { parseYaml } from './yaml.ts';

const KUBECONFIG = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: LS0tLS1CRUdJTg==
    server: https://172.30.1.2:6443
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: kubernetes-admin
  name: kubernetes-admin@kubernetes
current-context: kubernetes-admin@kubernetes
kind: Config
preferences: {}
users:
- name: kubernetes-admin
  user:
    client-certificate-data: QUJD
    token: "1234"
`;

const LINES = [
  ...[
    'a: b',
    'b:',
    'c: d',
    'd:',
    'e',
    'a:',
    'b: 1',
    'c: -0',
    'd: 012',
    'e: "f"',
    "f: 'g'",
    'g: true',
    'h: null',
  ],
  ...[
    'i: No',
    'y: z',
    'a: b:',
    'a:b',
    'a: b: c',
    '# c',
    'a: #b',
    'a: b#',
    '',
    'k: [a]',
    'l: {}',
    'm: |',
    '---',
  ],
  ...[
    '"a": b',
    '? a',
    'a: !x b',
    '__proto__: a',
    'a/b.c: d/e:f',
    'a: 1e3',
    'a: 0x1f',
    'a: 1:30',
    'a: =',
    'a :b',
    'a:  b',
  ],
  ...[
    '--a=b:',
    '--a=*,b',
    '--a',
    '---a',
    'a: --b=1',
    'a: 10m',
    'a: 1.2.3.4',
    'a: 1.2.3.4/5',
    'a: 1.2.3.4:56',
    'a: 12h',
    'a: 1_0m',
    'a: 0b1',
    'a: 1.2.3',
  ],
];

describe('parsePlainYaml', () => {
  it.each([
    [KUBECONFIG],
    ['a: null\nb:\nc: ""\n'],
    ['a:\n  b:\n    c: d\n  e:\n  - f\n  - g\n'],
    ['users: []\n'],
    ['command:\n- etcd\n- --data-dir=/var/lib/etcd\n- --listen=https://127.0.0.1:2379\n'],
    ['a: 100m\nb: 64Mi\nc: 0s\nd: 10.96.0.0/12\ne: 172.30.1.2\nf: 012m\ng: 1.2.3.4\n'],
    ['# c\na: 1\n\nb: -20\n  # d\nc:\n  - d: 0\n    e: nginx:1.25\n'],
  ])('reads what the library reads: %j', (text) => {
    expect(parsePlainYaml(text)).toEqual(parse(text));
  });

  it.each([
    ['a: {b: c}\n'],
    ['a: 1.5\n'],
    ['a: 010\n'],
    ['a: b:\n'],
    ['a: b\na: c\n'],
    ['on: push\n'],
    ['a: |\n  b\n'],
    ['a: b # c\n'],
    ['a: &x b\n'],
    ['a: yes\n'],
    ['a:\n    b: c\n   d: e\n'],
    ['a: "\\n"\n'],
    ['---\na: b\n'],
    [''],
  ])('leaves %j to it', (text) => {
    expect(parsePlainYaml(text)).toBeUndefined();
  });

  it('reads nothing that the language reads in another way, whatever lines come together', () => {
    const rand = new Rand(3);
    const one = <T>(list: readonly T[]) => list[rand.int(list.length)]!;
    let read = 0;
    for (let round = 0; round < 20_000; round++) {
      const lines = Array.from(
        { length: 1 + rand.int(5) },
        () => one(['', '', '', '  ', '  ', '    ', '   ']) + one(['', '', '', '- ', '-']) + one(LINES),
      );
      const text = `${lines.join('\n')}${one(['', '\n', '\n\n'])}`;
      const plain = parsePlainYaml(text);
      if (plain === undefined) continue;
      read++;
      expect({ text, value: plain }).toEqual({ text, value: parseYaml(text).value });
    }
    expect(read).toBeGreaterThan(500);
  });
});
