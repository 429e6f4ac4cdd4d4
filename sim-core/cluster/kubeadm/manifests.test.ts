import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { CONTROL_PLANE_COMPONENTS, controlPlaneManifest } from './manifests.ts';

test.each(CONTROL_PLANE_COMPONENTS)(
  'the manifest of %s has the form in which kubeadm writes it',
  (component) => {
    const text = controlPlaneManifest(component);
    const pod = parse(text);
    const [container] = pod.spec.containers;
    const [name, ...flags] = container.command as string[];
    expect(name).toBe(component);
    expect(flags).toEqual([...flags].sort());
    expect(Object.keys(pod)).toEqual(['apiVersion', 'kind', 'metadata', 'spec', 'status']);
    expect(Object.keys(container)).toEqual(Object.keys(container).sort());
    expect(container.volumeMounts.map((mount: { name: string }) => mount.name).sort()).toEqual(
      pod.spec.volumes.map((volume: { name: string }) => volume.name),
    );
    expect(text.endsWith('\nstatus: {}\n')).toBe(true);
  },
);

test('the manifest of the kube-apiserver begins as kubeadm writes it', () => {
  expect(controlPlaneManifest('kube-apiserver').split('\n').slice(0, 16)).toEqual([
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  annotations:',
    '    kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint: 172.30.1.2:6443',
    '  labels:',
    '    component: kube-apiserver',
    '    tier: control-plane',
    '  name: kube-apiserver',
    '  namespace: kube-system',
    'spec:',
    '  containers:',
    '  - command:',
    '    - kube-apiserver',
    '    - --advertise-address=172.30.1.2',
    '    - --allow-privileged=true',
  ]);
});
