import { expect, it } from 'vitest';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { MemoryFileSystem } from '../../node/memory-file-system.ts';
import type { CommandEnvironment, CommandIo } from '../../shell/command.ts';
import { settle } from '../../testing/settle.ts';
import { root } from '../cmd/root.ts';
import { GLOBAL_FLAGS } from '../genericclioptions/global-flags.ts';
import { applyPreferences } from './apply.ts';

const KUBERC = `apiVersion: kubectl.config.k8s.io/v1beta1
kind: Preference
defaults:
- command: get
  options: [{name: output, default: wide}]
aliases:
- name: getn
  command: get
  prependArgs: [nodes]
- name: cj
  command: create job
  options: [{name: image, default: busybox}]
  appendArgs: [--, date]
`;

async function apply(line: string) {
  const clock = new VirtualClock({ start: 0, settle });
  const files = new MemoryFileSystem(clock);
  files.makeDirectory('/root/.kube', { parents: true });
  files.write('/root/.kube/kuberc', KUBERC);
  const environment = { machine: { files }, cwd: '/', clock, variables: { HOME: '/root' } };
  const io = { stderr: () => {} };
  const work = applyPreferences(
    line.split(' '),
    '',
    io as unknown as CommandIo,
    environment as unknown as CommandEnvironment,
    { root, flags: GLOBAL_FLAGS },
  );
  return (await clock.until(work)).join(' ');
}

it.each([
  ['get pods', 'get --output=wide pods'],
  ['get pods -o yaml', 'get pods -o yaml'],
  ['get pods -wo yaml', 'get pods -wo yaml'],
  ['getn node01', 'get --output=wide nodes node01'],
  ['cj x --image=nginx', 'create job x --image=nginx -- date'],
  ['cj x', 'create job --image=busybox x -- date'],
  ['describe pods', 'describe pods'],
])('kuberc: %s is %s', async (line, expected) => {
  expect(await apply(line)).toBe(expected);
});
