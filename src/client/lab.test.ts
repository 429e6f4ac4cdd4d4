import { performance } from 'node:perf_hooks';
import { beforeAll, describe, expect, it } from 'vitest';
import { etcdChanges } from './etcd-changes.ts';
import { tracePodCreation } from './pod-creation.ts';
import { explainRefusal } from './refusal.ts';
import { requestFlows } from './request-flow.ts';
import { Lab } from '../worker/lab.ts';
import type { BlockKind, BlockProgram } from '../worker/protocol.ts';
import { LAB_SEED } from '../worker/protocol.ts';
import { readValue } from '../worker/questions.ts';
import { createCluster } from '../worker/simulator.ts';

const host = {
  createCluster,
  settle: () => new Promise<void>((resolve) => setImmediate(resolve)),
  realTime: () => performance.now(),
};
const spec = { id: 'page', shape: 'kubeadm', seed: LAB_SEED } as const;
const block = (kind: BlockKind, code: string, user = 'kubernetes-admin'): BlockProgram => ({
  id: 'block',
  kind,
  code,
  user,
});

describe('Lab', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open(host, spec);
  });

  it('runs a line each, with prompts, and moves time only while one waits', async () => {
    const result = await lab.run(block('bash', 'kubectl get nodes -o name\nsleep 2\n'));
    expect(result.outputs.map(({ prompt, line, exit }) => [prompt, line, exit])).toEqual([
      ['root@controlplane:~#', 'kubectl get nodes -o name', 0],
      ['root@controlplane:~#', 'sleep 2', 0],
    ]);
    expect(result.stdout).toBe('node/controlplane\nnode/node01\nnode/node02\n');
    expect(result.time.to - result.time.from).toBe(2000);
  });

  it('sends a raw request and shows the way of a read', async () => {
    const result = await lab.run(block('http', 'GET /api/v1/nodes/node01'));
    expect(result.http).toMatchObject({ status: 200, statusText: 'OK' });
    expect(result.http!.body).toContain('\n  "kind": "Node",');
    const [flow] = requestFlows(result.activity.trace);
    expect(flow).toMatchObject({ method: 'GET', user: 'kubernetes-admin', status: 200 });
    expect(flow!.stages.map(({ title, state }) => [title, state])).toEqual([
      ['인증', 'passed'],
      ['APF', 'passed'],
      ['인가', 'passed'],
      ['etcd 조회', 'passed'],
    ]);
  });

  it('answers an unreadable request in Korean, without sending it', async () => {
    const result = await lab.run(block('http', 'what is this'));
    expect(result).toMatchObject({ exit: 2, stdout: '' });
    expect(result.activity.trace.filter(({ type }) => type === 'request-received')).toEqual([]);
  });

  it.each([
    ['authorization', '인가', 'GET /api/v1/secrets', 'anonymous'],
    ['storage', '404', 'GET /api/v1/namespaces/default/pods/nobody', 'kubernetes-admin'],
    [
      'validation',
      '유효성 검사',
      'POST /api/v1/namespaces\nContent-Type: application/json\n\n{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"Bad_Name"}}',
      'kubernetes-admin',
    ],
  ])('names the stage that refused: %s', async (stage, words, code, user) => {
    const refusal = explainRefusal(await lab.run(block('http', code, user)));
    expect(refusal).toMatchObject({ stage });
    expect(refusal!.text).toContain(words);
  });

  it.each([
    ['a resource that is none', 'kubectl get podz', 'kubectl api-resources'],
    [
      'a kind that is none',
      'echo "{apiVersion: v1, kind: Podd, metadata: {name: a}}" | kubectl apply -f -',
      'apiVersion',
    ],
    ['YAML that is none', 'printf "a:\\n\\t- b: [" | kubectl apply -f -', 'YAML'],
    ['a flag that is none', 'kubectl get pods --nope', '--help'],
    ['another program that has no such command', 'etcdctl nope', '아무 요청도'],
    ['a command that is none', 'kubectll get pods', '셸에'],
    ['a command in Hangul', 'ㅏㅕㅠㄷㅊ시 get pods', '한/영'],
    ['a port that nobody listens on', 'kubectl get pods -s https://172.30.1.2:6433', '172.30.1.2:6433'],
    ['no kubeconfig', 'KUBECONFIG=/nope kubectl get pods', 'localhost:8080'],
    ['a CA that is another', 'kubectl get pods -s https://localhost:6443', 'x509'],
  ])('says that nothing was sent: %s', async (_, line, words) => {
    const result = await lab.run(block('bash', line));
    const refusal = explainRefusal(result);
    expect(refusal?.text, result.stderr).toContain(words);
    expect(refusal).not.toHaveProperty('stage');
  });

  it('explains no success', async () => {
    expect(explainRefusal(await lab.run(block('bash', 'kubectl get pods')))).toBeUndefined();
  });

  it('follows a pod through all ten steps, and its keys in etcd', async () => {
    const result = await lab.run(block('bash', 'kubectl run traced --image=nginx\nsleep 5'));
    const creation = tracePodCreation(result.activity.trace);
    expect(creation).toMatchObject({
      namespace: 'default',
      name: 'traced',
      node: expect.stringMatching(/^node0/),
    });
    expect(creation!.steps.map((marks) => marks.length > 0)).toEqual(Array(10).fill(true));
    // Recorded, bound, run, reported: in this order.
    const order = [3, 6, 8, 10].map((step) => creation!.steps[step - 1]!.at(-1)!.sequence);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    // Whatever reaches etcd comes from the apiserver.
    const toEtcd = creation!.steps.flat().filter(({ to }) => to === 'etcd');
    expect(new Set(toEtcd.map(({ from }) => from))).toEqual(new Set(['apiserver']));

    const changed = etcdChanges(result.activity.trace).find(
      ({ key }) => key === '/registry/pods/default/traced',
    )!;
    expect(changed.writes[0]).toMatchObject({ operation: 'create', before: 0 });
    const { key, writes } = changed;
    const value = await readValue(lab, key, writes[0]!.revision);
    expect(value).toMatchObject({ version: 1, modRevision: writes[0]!.revision });
    expect(JSON.parse(value.value!)).toMatchObject({ kind: 'Pod', metadata: { name: 'traced' } });
    expect(result.activity.events).toContainEqual(
      expect.objectContaining({ reason: 'Scheduled', object: 'pod/traced' }),
    );
  });

  it('runs a program against the cluster', async () => {
    const code = `for await (const { type, object } of watch('/api/v1/nodes')) {
  console.log(type, object.metadata.name);
  if (object.metadata.name === 'node02') break;
}
console.log((await as('anonymous').fetch('/api/v1/nodes')).status);
console.log((await kubectl('get nodes -o name')).stdout.split('\\n').length);
console.log((await etcd.get('/registry/minions/', { prefix: true, keysOnly: true })).count);`;
    const result = await lab.run(block('ts', code));
    expect(result.stdout).toBe('ADDED controlplane\nADDED node01\nADDED node02\n403\n4\n3\n');
  });

  it('ends a wait for what does not come after a simulated minute', async () => {
    const result = await lab.run(block('ts', "for await (const _ of watch('/api/v1/namespaces')) {}"));
    expect(result.exit).toBe(1);
    expect(result.outputs[0]!.chunks.at(-1)).toMatchObject({ stream: 'note' });
    expect(result.time.to - result.time.from).toBeLessThanOrEqual(2 * 60_000);
  }, 20_000);

  it('is brought back by its log', async () => {
    const copy = await Lab.open(host, spec, lab.log);
    expect(copy.status.revision).toBe(lab.status.revision);
    const names = block('bash', 'kubectl get all -A -o name');
    expect((await copy.run(names)).stdout).toBe((await lab.run(names)).stdout);
  }, 20_000);
});
