import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { MemoryFileSystem } from '../../node/memory-file-system.ts';
import { settle } from '../../testing/settle.ts';
import { toYaml } from '../../apimachinery/json/yaml-writer.ts';
import { buildKustomization } from './build.ts';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers: [{name: web, image: "nginx", envFrom: [{configMapRef: {name: conf}}]}]
`;

function filesOf(texts: Readonly<Record<string, string>>): MemoryFileSystem {
  const files = new MemoryFileSystem(new VirtualClock({ start: 0, settle }));
  for (const [path, text] of Object.entries(texts)) {
    files.makeDirectory(path.replace(/\/[^/]*$/, ''), { parents: true });
    files.write(path, text);
  }
  return files;
}

function build(texts: Readonly<Record<string, string>>, directory = '/k'): string {
  const objects = buildKustomization(filesOf(texts), '/', directory);
  return objects.map((object) => toYaml(object)).join('---\n');
}

describe('buildKustomization', () => {
  it('generates a config map under a name with a hash, and its users follow', () => {
    const text = build({
      '/k/kustomization.yaml': 'resources: [d.yaml]\nconfigMapGenerator: [{name: conf, literals: [a=1]}]\n',
      '/k/d.yaml': DEPLOYMENT,
    });
    const [, name] = /kind: ConfigMap\nmetadata:\n {2}name: (conf-[a-z0-9]{10})\n/.exec(text)!;
    expect(text).toContain(`name: ${name}\n        image: nginx`);
  });

  it('puts an overlay on a base', () => {
    const text = build({
      '/base/kustomization.yaml': 'resources: [d.yaml]\n',
      '/base/d.yaml': DEPLOYMENT,
      '/k/kustomization.yaml': [
        'resources: [../base]',
        'namespace: dev',
        'namePrefix: p-',
        'images: [{name: nginx, newTag: "1.27"}]',
        'replicas: [{name: web, count: 3}]',
        'labels: [{pairs: {tier: front}}]',
        'patches:',
        '- patch: |-',
        '    [{"op": "add", "path": "/spec/minReadySeconds", "value": 5}]',
        '  target: {kind: Deployment}',
      ].join('\n'),
    });
    expect(text).toContain('  labels:\n    tier: front\n  name: p-web\n  namespace: dev\n');
    expect(text).toContain('  minReadySeconds: 5\n  replicas: 3\n');
    expect(text).toContain('image: nginx:1.27\n');
  });

  it.each([
    ['/nope', "must build at directory: not a valid directory: evalsymlink failure on '/nope' :"],
    ['/empty', "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization'"],
    ['/unknown', 'invalid Kustomization: json: unknown field "foo"'],
    ['/loop', 'cycle detected'],
  ])('refuses %s', (directory, message) => {
    const texts = {
      '/empty/x': '',
      '/unknown/kustomization.yaml': 'foo: 1\n',
      '/loop/kustomization.yaml': 'resources: [../loop]\n',
    };
    expect(() => build(texts, directory)).toThrow(message);
  });
});
