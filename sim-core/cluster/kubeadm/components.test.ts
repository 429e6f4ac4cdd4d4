import type { Node, Pod } from 'kubernetes-types/core/v1';
import { beforeEach, describe, expect, test } from 'vitest';
import type { KubeList } from '../../apimachinery/object.ts';
import { Rand } from '../../clock/rand.ts';
import { settle } from '../../testing/settle.ts';
import type { Cluster } from '../cluster.ts';
import { createCluster } from '../create-cluster.ts';

const MANIFESTS = '/etc/kubernetes/manifests';

let cluster: Cluster;

beforeEach(async () => {
  cluster = await createCluster({ shape: 'kubeadm', seed: 5, settle });
});

const run = async (line: string) => {
  const { stdout, stderr } = await cluster.clock.until(cluster.openShell().run(line));
  return stdout + stderr;
};
const pods = async () => (JSON.parse(await run('kubectl get pods -o json')) as KubeList<Pod>).items;
const nodeOf = async (name: string) => JSON.parse(await run(`kubectl get node ${name} -o json`)) as Node;
const files = () => cluster.machines.get('controlplane')!.files;
const edit = (component: string, from: string | RegExp, to: string) =>
  files().write(
    `${MANIFESTS}/${component}.yaml`,
    files().read(`${MANIFESTS}/${component}.yaml`).replace(from, to),
  );

/** The last lines that the newest container of a control plane component has said. */
function lastWords(component: string): string {
  const [directory] = files()
    .list('/var/log/pods')
    .filter((name) => name.includes(`_${component}-controlplane_`))
    .slice(-1);
  const path = `/var/log/pods/${directory}/${component}`;
  const names = files()
    .list(path)
    .sort((a, b) => parseInt(a) - parseInt(b));
  return names
    .slice(-2)
    .map((name) => files().read(`${path}/${name}`))
    .join('');
}

const journal = () =>
  cluster.machines
    .get('controlplane')!
    .journal.entries('kubelet.service')
    .map(({ message }) => message)
    .join('\n');

test('components can be listed, stopped and started by name and machine', async () => {
  expect(cluster.components.list().map(({ name, machine }) => `${machine}/${name}`)).toEqual([
    'controlplane/etcd',
    'controlplane/kube-apiserver',
    'controlplane/kube-controller-manager',
    'controlplane/kube-scheduler',
    'controlplane/containerd',
    'controlplane/kubelet',
    'node01/containerd',
    'node01/kubelet',
    'node02/containerd',
    'node02/kubelet',
  ]);
  expect(cluster.components.list().every(({ wanted, running }) => wanted && running)).toBe(true);
  cluster.components.stop('kubelet', 'node02');
  cluster.components.stop('kube-scheduler');
  await cluster.clock.advance(5000);
  const away = cluster.components.list().filter(({ running }) => !running);
  expect(away.map(({ name, wanted }) => [name, wanted])).toEqual([
    ['kube-scheduler', false],
    ['kubelet', false],
  ]);
  cluster.components.start('kubelet', 'node02');
  cluster.components.start('kube-scheduler');
  await cluster.clock.advance(5000);
  expect(cluster.components.list().every(({ running }) => running)).toBe(true);
  expect(() => cluster.components.stop('kube-dns')).toThrow(
    'there is no component "kube-dns"; there are etcd on',
  );
});

describe('without', () => {
  test('a scheduler pods stay Pending until it is back', async () => {
    cluster.components.stop('kube-scheduler');
    await cluster.clock.advance(5000);
    await run('kubectl run web --image=nginx');
    await cluster.clock.advance(60_000);
    expect(await run('kubectl get pod web --no-headers')).toMatch(/^web +0\/1 +Pending/);
    cluster.components.start('kube-scheduler');
    await cluster.clock.advance(30_000);
    expect(await run('kubectl get pod web --no-headers')).toMatch(/^web +1\/1 +Running/);
  });

  test('a controller manager nobody replaces a pod', async () => {
    await run('kubectl create deployment web --image=nginx --replicas=2');
    await cluster.clock.advance(10_000);
    cluster.components.stop('kube-controller-manager');
    await cluster.clock.advance(5000);
    const [first] = await pods();
    await run(`kubectl delete pod ${first!.metadata!.name}`);
    await cluster.clock.advance(60_000);
    expect(await pods()).toHaveLength(1);
    cluster.components.start('kube-controller-manager');
    await cluster.clock.advance(40_000);
    expect(await pods()).toHaveLength(2);
  });

  test('a kubelet its node is NotReady after 50 seconds and its pods move after 300', async () => {
    await run('kubectl create deployment web --image=nginx --replicas=2');
    await cluster.clock.advance(10_000);
    const before = (await pods()).find(({ spec }) => spec!.nodeName === 'node01')!;
    cluster.components.stop('kubelet', 'node01');
    await cluster.clock.advance(35_000);
    const ready = async () =>
      (await nodeOf('node01')).status!.conditions!.find(({ type }) => type === 'Ready')!;
    expect((await ready()).status).toBe('True');
    await cluster.clock.advance(30_000);
    expect(await ready()).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    });
    expect(
      (await nodeOf('node01')).spec!.taints!.map(({ key, effect }) => `${key}:${effect}`).sort(),
    ).toEqual(['node.kubernetes.io/unreachable:NoExecute', 'node.kubernetes.io/unreachable:NoSchedule']);
    await cluster.clock.advance(240_000);
    expect((await pods()).map(({ metadata }) => metadata!.name)).toContain(before.metadata!.name);
    expect((await pods()).some(({ metadata }) => metadata!.deletionTimestamp !== undefined)).toBe(false);
    await cluster.clock.advance(90_000);
    const gone = (await pods()).find(({ metadata }) => metadata!.name === before.metadata!.name);
    expect(gone!.metadata!.deletionTimestamp).toBeDefined();
    expect((await pods()).filter(({ spec }) => spec!.nodeName === 'node02')).toHaveLength(2);
    cluster.components.start('kubelet', 'node01');
    await cluster.clock.advance(60_000);
    expect((await pods()).map(({ metadata }) => metadata!.name)).not.toContain(before.metadata!.name);
    expect((await ready()).status).toBe('True');
  });

  test('the kubelet of its machine an apiserver goes on and no longer follows its manifest', async () => {
    cluster.components.stop('kubelet', 'controlplane');
    await cluster.clock.advance(2000);
    edit('kube-apiserver', '--authorization-mode=Node,RBAC', '--authorization-modus=x');
    await cluster.clock.advance(60_000);
    expect(await run('kubectl get nodes')).toContain('node01');
  });
});

describe('an apiserver that is away', () => {
  test('is refused, then does not shake hands while it starts, then answers', async () => {
    cluster.components.stop('kube-apiserver');
    await cluster.clock.advance(5000);
    expect(await run('kubectl get nodes')).toContain(
      'The connection to the server 172.30.1.2:6443 was refused - did you specify the right host or port?',
    );
    cluster.components.stop('etcd');
    cluster.components.start('kube-apiserver');
    await cluster.clock.advance(5000);
    expect(await run('kubectl get --raw /readyz')).toContain(
      'Unable to connect to the server: net/http: TLS handshake timeout',
    );
    const request = cluster.openShell().run('kubectl get nodes');
    const { stderr } = await cluster.clock.until(request);
    expect(stderr).toMatch(/read tcp .*: read: connection reset by peer|TLS handshake timeout|was refused/);
    cluster.components.start('etcd');
    await cluster.clock.advance(90_000);
    expect(await run('kubectl get nodes')).toContain('node01');
  });

  test('and cannot reach its etcd gives up after 20 seconds, again and again', async () => {
    edit('kube-apiserver', 'https://127.0.0.1:2379', 'https://127.0.0.1:2380');
    await cluster.clock.advance(120_000);
    expect(lastWords('kube-apiserver')).toContain(
      'Err: connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:2380: connect: connection refused"',
    );
    expect(lastWords('kube-apiserver')).toMatch(
      / stderr F F\d{4} [\d:.]+ +1 instance\.go:232\] Error creating leases: error creating storage factory: context deadline exceeded\n/,
    );
    expect(journal()).toMatch(
      /"Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"kube-apiserver\\" with CrashLoopBackOff: \\"back-off \d+s restarting failed container=kube-apiserver pod=kube-apiserver-controlplane_kube-system\(/,
    );
    edit('kube-apiserver', 'https://127.0.0.1:2380', 'https://127.0.0.1:2379');
    await cluster.clock.advance(40_000);
    expect(await run('kubectl get nodes')).toContain('node01');
  });
});

describe('a manifest', () => {
  test.each([
    [
      'an unknown flag',
      '--authorization-mode=',
      '--authorization-modus=',
      'Error: unknown flag: --authorization-modus',
    ],
    [
      'a value of another type',
      '--secure-port=6443',
      '--secure-port=abc',
      'Error: invalid argument "abc" for "--secure-port" flag: strconv.ParseInt: parsing "abc": invalid syntax',
    ],
    [
      'a file that is not there',
      '--client-ca-file=/etc/kubernetes/pki/ca.crt',
      '--client-ca-file=/etc/kubernetes/pki/ca-authority.crt',
      'err="open /etc/kubernetes/pki/ca-authority.crt: no such file or directory"',
    ],
    [
      'a range that is none',
      '--service-cluster-ip-range=10.96.0.0/12',
      '--service-cluster-ip-range=10.96.0.0/33',
      'service-cluster-ip-range[0] is not a valid cidr',
    ],
    [
      'a policy that is not mounted',
      '--allow-privileged=true',
      '--allow-privileged=true\n    - --audit-policy-file=/etc/kubernetes/audit/policy.yaml',
      'open /etc/kubernetes/audit/policy.yaml: no such file or directory',
    ],
  ])('with %s makes a container that ends and says why', async (_name, from, to, words) => {
    edit('kube-apiserver', from, to);
    await cluster.clock.advance(45_000);
    expect(lastWords('kube-apiserver')).toContain(words);
    expect(await run('kubectl get nodes')).toContain('was refused');
    edit('kube-apiserver', to, from);
    await cluster.clock.advance(60_000);
    expect(await run('kubectl get nodes')).toContain('node01');
  });

  test('that is no Pod leaves no container but words in the journal', async () => {
    edit('kube-apiserver', 'metadata:', 'metadata;');
    await cluster.clock.advance(60_000);
    expect(journal()).toMatch(
      /"Could not process manifest file" err="\/etc\/kubernetes\/manifests\/kube-apiserver\.yaml: couldn't parse as pod\(yaml: line \d+: could not find expected ':'\), please check config file"/,
    );
    expect(await run('kubectl get nodes')).toContain('was refused');
    edit('kube-apiserver', 'metadata;', 'metadata:');
    await cluster.clock.advance(60_000);
    expect(await run('kubectl get nodes')).toContain('node01');
  });

  test('whose probes ask the wrong port has its container restarted every four minutes', async () => {
    edit('kube-apiserver', 'containerPort: 6443', 'containerPort: 6433');
    await cluster.clock.advance(600_000);
    const text = await run(
      'kubectl get events -n kube-system; kubectl describe pod kube-apiserver-controlplane -n kube-system',
    );
    expect(text).toContain(
      'Startup probe failed: Get "https://172.30.1.2:6433/livez": dial tcp 172.30.1.2:6433: connect: connection refused',
    );
    expect(text).toMatch(/Restart Count: +[12]\n/);
  });
});

test('a kubelet with a wrong CA file is started again and again and says so', async () => {
  const machine = cluster.machines.get('node01')!;
  const config = '/var/lib/kubelet/config.yaml';
  machine.files.write(config, machine.files.read(config).replace('pki/ca.crt', 'pki/WRONG-CA-FILE.crt'));
  await cluster.clock.until(machine.services.restart('kubelet'));
  await cluster.clock.advance(25_000);
  expect(machine.services.status('kubelet')!.state).toBe('activating');
  expect(
    machine.journal
      .entries('kubelet.service')
      .map(({ message }) => message)
      .join('\n'),
  ).toContain(
    'unable to load client CA file /etc/kubernetes/pki/WRONG-CA-FILE.crt: open /etc/kubernetes/pki/WRONG-CA-FILE.crt: no such file or directory',
  );
  machine.files.write(config, machine.files.read(config).replace('WRONG-CA-FILE', 'ca'));
  await cluster.clock.advance(30_000);
  expect(machine.services.status('kubelet')!.state).toBe('active');
});

test('a kubelet that starts again touches no container and writes no status', async () => {
  await run('kubectl create deployment web --image=nginx --replicas=4');
  await cluster.clock.advance(20_000);
  const before = await run("kubectl get pods -A -o jsonpath='{.items[*].metadata.resourceVersion}'");
  const processes = () =>
    [...cluster.machines.values()].flatMap((machine) =>
      machine.processes
        .list()
        .filter(({ command }) => command[0] !== '/usr/bin/kubelet')
        .map(({ pid }) => pid),
    );
  const pids = processes();
  for (const machine of cluster.machines.values())
    await cluster.clock.until(machine.services.restart('kubelet'));
  await cluster.clock.advance(60_000);
  expect(processes()).toEqual(pids);
  expect(await run("kubectl get pods -A -o jsonpath='{.items[*].metadata.resourceVersion}'")).toBe(before);
});

test('nothing that was acknowledged is lost, whatever stops and starts', async () => {
  const rand = new Rand('stops and starts');
  const written: string[] = [];
  await run('kubectl create deployment web --image=nginx --replicas=3');
  for (let round = 0; round < 14; round++) {
    const components = cluster.components.list().filter(({ name }) => name !== 'containerd');
    const { name, machine, wanted } = components[rand.int(components.length)]!;
    if (wanted) cluster.components.stop(name, machine);
    else cluster.components.start(name, machine);
    for (let write = 0; write < 3; write++) {
      const object = `note-${round}-${write}`;
      if (
        (await run(`kubectl create configmap ${object} --request-timeout=5s`)) ===
        `configmap/${object} created\n`
      )
        written.push(object);
      await cluster.clock.advance(rand.int(20_000));
    }
  }
  for (const { name, machine } of cluster.components.list()) cluster.components.start(name, machine);
  await cluster.clock.advance(600_000);
  const names = (await run('kubectl get configmaps -o name')).trim().split('\n');
  expect(written.length).toBeGreaterThan(5);
  for (const object of written) expect(names).toContain(`configmap/${object}`);
  expect(await run('kubectl get deployment web --no-headers')).toMatch(/^web +3\/3 /);
  expect(await run('kubectl get nodes --no-headers')).not.toContain('NotReady');
});
