import { expect, test } from 'vitest';
import { settle } from '../../testing/settle.ts';
import { createCluster } from '../create-cluster.ts';

const newLab = async () => {
  const cluster = await createCluster({ shape: 'manual', seed: 1, settle });
  const shell = cluster.openShell();
  const run = async (line: string) => {
    const { stdout, stderr } = await cluster.clock.until(shell.run(line));
    return stdout + stderr;
  };
  return { cluster, run };
};

test('a control plane that was installed by hand has no pods of its own', async () => {
  const { run } = await newLab();
  expect(await run('kubectl get pods -n kube-system')).toBe('No resources found in kube-system namespace.\n');
  expect(await run('kubectl get --raw /readyz')).toBe('ok');
});

test('its kube-apiserver is a process of systemd with the flags of its unit file', async () => {
  const { cluster, run } = await newLab();
  const file = await run('cat /etc/systemd/system/kube-apiserver.service');
  expect(file).toContain('ExecStart=/usr/local/bin/kube-apiserver \\\n  --allow-privileged=true \\\n');
  const { processes, services } = cluster.machines.get('server')!;
  const process = processes.list().find(({ command }) => command[0] === '/usr/local/bin/kube-apiserver')!;
  const flags = [...file.matchAll(/^ {2}(--\S+?)(?: \\)?$/gm)].map(([, flag]) => flag!.replaceAll("'", ''));
  expect(process.command.slice(1)).toEqual(flags);
  expect(services.status('kube-apiserver')).toMatchObject({
    state: 'active',
    enabled: true,
    pid: process.pid,
  });
});

test('stopping the service takes the apiserver away, starting it brings it back', async () => {
  const { cluster, run } = await newLab();
  const { services } = cluster.machines.get('server')!;
  await cluster.clock.until(services.stop('kube-apiserver'));
  expect(await run('kubectl get ns')).toContain('The connection to the server 172.30.1.10:6443 was refused');
  services.start('kube-apiserver');
  await cluster.clock.advance(5000);
  expect(await run('kubectl get ns -o name')).toContain('namespace/kube-system\n');
});

test('a process that is killed is started again after RestartSec', async () => {
  const { cluster, run } = await newLab();
  const { services, processes } = cluster.machines.get('server')!;
  processes.end(services.status('kube-apiserver')!.pid!);
  expect(services.status('kube-apiserver')).toMatchObject({ state: 'activating', exitCode: 137 });
  await cluster.clock.advance(10_000);
  expect(services.status('kube-apiserver')!.state).toBe('active');
  expect(await run('kubectl get --raw /readyz')).toBe('ok');
});

test('Secrets are encrypted at rest, as --encryption-provider-config says', async () => {
  const { cluster, run } = await newLab();
  await run('kubectl create secret generic db --from-literal=password=hunter2');
  const { kvs } = await cluster.etcd.get({ key: '/registry/secrets/default/db' });
  expect(kvs[0]!.value.startsWith('k8s:enc:aescbc:v1:key1:')).toBe(true);
  expect(await run(`kubectl get secret db -o jsonpath='{.data.password}'`)).toBe('aHVudGVyMg==');
});
