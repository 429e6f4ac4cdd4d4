import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parsePlainYaml } from './plain-yaml.ts';

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

describe('parsePlainYaml', () => {
  it.each([
    [KUBECONFIG],
    ['a: null\nb:\nc: ""\n'],
    ['a:\n  b:\n    c: d\n  e:\n  - f\n  - g\n'],
    ['users: []\n'],
  ])('reads what the library reads: %j', (text) => {
    expect(parsePlainYaml(text)).toEqual(parse(text));
  });

  it.each([
    ['a: {b: c}\n'],
    ['a: 1\n'],
    ['a: |\n  b\n'],
    ['# c\na: b\n'],
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
});
