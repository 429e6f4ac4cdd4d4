import { performance } from 'node:perf_hooks';
import { beforeAll, describe, expect, it } from 'vitest';
import { fork } from './grading.ts';
import { Lab, ReplayCancelledError } from './lab.ts';
import type { BlockKind, BlockProgram, Question, ReplayedLine } from './protocol.ts';
import { LAB_SEED } from './protocol.ts';
import { answer } from './questions.ts';
import type { Checkpoint } from './simulator.ts';
import { bootCluster, Context, createCluster } from './simulator.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
let checkpoint: Checkpoint;
const host = {
  createCluster: (config: Parameters<typeof createCluster>[0]) => createCluster({ ...config, checkpoint }),
  settle,
  realTime: () => performance.now(),
};
const spec = { id: 'page', shape: 'kubeadm', seed: LAB_SEED } as const;
const block = (kind: BlockKind, code: string): BlockProgram => ({
  id: 'b',
  kind,
  code,
  user: 'kubernetes-admin',
});
const ask = (lab: Lab, question: Question) => answer(lab, question);

/** Everything that etcd was told, in order, and everything that it holds. */
async function historyOf(lab: Lab): Promise<string[]> {
  const { kvs } = await lab.cluster.etcd.get({ key: '\0', rangeEnd: '\0' });
  return [...lab.history.changes, ...kvs].map((entry) => JSON.stringify(entry));
}

/** Where two histories part; "" if they are equal to the byte. */
async function differenceOf(a: Lab, b: Lab): Promise<string> {
  const [left, right] = [await historyOf(a), await historyOf(b)];
  const index = left.findIndex((entry, at) => entry !== right[at]);
  return index < 0 && left.length === right.length ? '' : `${left[index]}\n${right[index]}`;
}

describe('a replay', () => {
  beforeAll(async () => {
    checkpoint = await bootCluster({ shape: 'kubeadm', seed: LAB_SEED, settle });
  });

  it('gives a byte-equal history, whatever was asked or passed in between', async () => {
    const lab = await Lab.open(host, spec);
    await lab.run(block('bash', 'kubectl create deployment web --image=nginx --replicas=2'));
    await lab.advance(1234.5);
    await ask(lab, { kind: 'completion', line: 'kubectl get pods w', cursor: 18 });
    await lab.step();
    await lab.run(block('yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: kept\ndata:\n  a: b'));
    lab.switchComponent('kube-scheduler', 'controlplane', false);
    await lab.advance(7000);
    await lab.run(block('http', 'DELETE /api/v1/namespaces/default/configmaps/kept'));
    await lab.run(block('ts', "await kubectl('scale deployment web --replicas=3'); await sleep('3s');"));
    lab.switchComponent('kube-scheduler', 'controlplane', true);
    await lab.advance(30_000);
    const copy = await fork(lab);
    expect(lab.status.revision).toBeGreaterThan(450);
    expect(await differenceOf(lab, copy)).toBe('');
    expect(copy.log).toEqual(lab.log);
  });

  it('cuts a program off where its time was over, without taking that time again', async () => {
    const lab = await Lab.open(host, spec);
    const code = "await kubectl('create namespace made');\nfor (;;) { }";
    expect((await lab.run(block('ts', code))).exit).toBe(1);
    expect(lab.log.entries[0]?.cut).toEqual({ calls: 1, answers: 1 });
    await lab.advance(5000);
    const frozen = { ...host, realTime: () => 0 };
    const copy = await Lab.open(frozen, spec, lab.log);
    await copy.advance(lab.status.time - copy.status.time);
    expect(await differenceOf(lab, copy)).toBe('');
    expect(copy.log).toEqual(lab.log);
  });

  it('ends a command where the reader ended it', async () => {
    const lab = await Lab.open(host, spec);
    const running = lab.run(
      block('bash', 'for i in $(seq 1 50); do kubectl create configmap c$i; sleep 1; done\necho after'),
    );
    while (lab.history.changes.filter(({ key }) => key.includes('/configmaps/')).length < 5) await settle();
    lab.stop();
    await running;
    const made = await lab.run(block('bash', 'kubectl get configmaps -o name | grep -c configmap/c'));
    expect(Number(made.stdout)).toBeGreaterThanOrEqual(5);
    expect(Number(made.stdout)).toBeLessThan(10);
    expect(lab.log.entries.map(({ line }) => line)).not.toContain('echo after');
    const copy = await fork(lab);
    expect(await differenceOf(lab, copy)).toBe('');
  });

  it('ends a flood of output where it ended, and says so', async () => {
    const lab = await Lab.open(host, spec);
    const result = await lab.run(
      block('bash', 'kubectl create namespace made; while true; do echo 안녕; done'),
    );
    expect(result.exit).toBe(130);
    expect(result.outputs[0]!.chunks.at(-1)).toMatchObject({
      stream: 'note',
      text: expect.stringContaining('출력이 25만 자를 넘어') as string,
    });
    expect(lab.log.entries[0]?.stop).toBe(lab.status.time);
    expect(lab.status.time).toBeLessThan(10_000);
    await lab.advance(5000);
    const copy = await fork(lab);
    expect(await differenceOf(lab, copy)).toBe('');
    expect(copy.log).toEqual(lab.log);
  });

  it('keeps a long answer that ended by itself, to where it is shown', async () => {
    const lab = await Lab.open(host, spec);
    const result = await lab.run(block('bash', 'seq 1 60000'));
    expect(result.exit).toBe(0);
    expect(result.stdout).toHaveLength(256 * 1024);
    expect(result.outputs[0]!.chunks.map(({ stream }) => stream)).toEqual(['stdout', 'note']);
    expect(lab.log.entries[0]?.stop).toBeUndefined();
  });

  it('edits files as the reader did', async () => {
    const lab = await Lab.open(host, spec);
    const shown: string[] = [];
    await lab.run(block('bash', 'kubectl create configmap edited --from-literal=a=1'));
    await lab.run(block('bash', 'kubectl edit configmap edited'), {
      editor: {
        edit: (path, text) => {
          shown.push(path);
          return Promise.resolve(text.replace(/a: "1"/, 'a: "2"'));
        },
      },
    });
    await lab.run(block('bash', 'vi /root/left'), { editor: { edit: () => Promise.resolve(undefined) } });
    expect(shown[0]).toMatch(/^\/tmp\/kubectl-edit-/);
    expect((await lab.run(block('bash', 'kubectl get configmap edited -o jsonpath={.data.a}'))).stdout).toBe(
      '2',
    );
    const copy = await fork(lab);
    expect(await differenceOf(lab, copy)).toBe('');
  });

  it('types what the reader typed, when it was typed', async () => {
    const lab = await Lab.open(host, spec);
    await lab.run(block('bash', 'kubectl run b --image=busybox --command -- sleep 1d'));
    await lab.advance(5000);
    const shown: string[] = [];
    const line = 'kubectl exec -it b -- sh; read name; kubectl create configmap c --from-literal=name=$name';
    let now = 0;
    const running = lab.run(block('bash', line), {
      terminal: true,
      onOutput: ({ text }) => shown.push(text),
      // Time passes as the reader types: a second each time that the lab looks.
      paced: {
        speed: () => undefined,
        now: () => now,
        rest: () => {
          now += 1000;
          return settle();
        },
        onRest: () => {},
      },
    });
    const has = async (text: string) => {
      while (!shown.join('').includes(text)) await settle();
    };
    await has('/ # ');
    lab.type('date > /tmp/now; sleep 200\n');
    await has('sleep 200');
    lab.type('echo typed $(cat /tmp/now)\n');
    await has('typed Mon');
    lab.type('sleep 100\n');
    await has('sleep 100\n');
    lab.type('\x03');
    await has('^C\n/ # ');
    lab.type(null);
    lab.type('한글\n');
    lab.type('left over\n');
    const result = await running;
    expect(result.typedRead).toBe(6);
    expect((await lab.run(block('bash', 'kubectl get cm c -o jsonpath={.data.name}'))).stdout).toBe('한글');
    expect(lab.log.entries[1]?.input?.map(({ text }) => text)).toEqual([
      'date > /tmp/now; sleep 200\n',
      'echo typed $(cat /tmp/now)\n',
      'sleep 100\n',
      '\x03',
      null,
      '한글\n',
    ]);
    const copy = await fork(lab);
    expect(await differenceOf(lab, copy)).toBe('');
    expect(copy.log).toEqual(lab.log);
  });

  it('waits an hour for somebody to type, and says so when it goes on without', async () => {
    const lab = await Lab.open(host, spec);
    const { outputs } = await lab.run(block('bash', 'cat'), { terminal: true });
    expect(outputs[0]?.chunks).toMatchObject([{ stream: 'note' }]);
    expect(lab.status.time).toBe(3_600_000);
    expect(lab.log.entries[0]?.input).toEqual([]);
    expect((await lab.run(block('bash', 'echo on; sleep 1'), { terminal: true })).stdout).toBe('on\n');
    expect(lab.log.entries[1]?.input).toBeUndefined();
    const copy = await fork(lab);
    expect(await differenceOf(lab, copy)).toBe('');
  });

  it('tells what the lines of the terminal wrote, and where in the trace', async () => {
    const lab = await Lab.open(host, spec);
    const typed = (code: string) => lab.run({ ...block('bash', code), id: '' }, { terminal: true });
    const first = await typed("kubectl create namespace n; printf '1\\r\\n2'");
    await lab.run(block('bash', 'kubectl get namespace n'));
    await lab.advance(3000);
    const last = await typed('seq 1 60000\nkubectl get pod none');
    expect(last.exit).toBe(1);
    const lines: ReplayedLine[] = [];
    const copy = await Lab.open(host, spec, lab.log, { onLine: (line) => void lines.push(line) });
    expect(lines.map(({ entry }) => entry)).toEqual([0, 2, 3]);
    expect(lines.map(({ output }) => output)).toEqual([...first.outputs, ...last.outputs]);
    const { after, until } = lines[2]!.trace;
    const own = copy.trace.filter(({ sequence }) => sequence > after && sequence <= until);
    expect(own.flatMap((event) => (event.type === 'request-received' ? event.path : []))).toContain(
      '/api/v1/namespaces/default/pods/none',
    );
  });

  it('tells how far it has come, and can be ended', async () => {
    const lab = await Lab.open(host, spec);
    for (let index = 0; index < 4; index++)
      await lab.run(block('bash', `kubectl create namespace n${index}`));
    const context = new Context();
    const told: string[] = [];
    const cancelled = Lab.open(host, spec, lab.log, {
      context,
      onProgress: (_status, done, total) => {
        told.push(`${done}/${total}`);
        if (done === 2) context.cancel();
      },
    });
    await expect(cancelled).rejects.toBeInstanceOf(ReplayCancelledError);
    expect([...new Set(told)]).toEqual(['0/4', '1/4', '2/4']);
  });

  it('takes up an etcd that is away', async () => {
    const lab = await Lab.open(host, spec);
    lab.switchComponent('etcd', 'controlplane', false);
    await lab.advance(30_000);
    const refused = await lab.run(block('bash', 'kubectl get nodes'));
    expect(refused.exit).toBe(1);
    await expect(ask(lab, { kind: 'cluster', revision: 0 })).rejects.toThrow();
    lab.switchComponent('etcd', 'controlplane', true);
    await lab.advance(60_000);
    expect((await lab.run(block('bash', 'kubectl get nodes -o name'))).stdout).toContain('node/node01');
    const copy = await fork(lab);
    expect(await differenceOf(lab, copy)).toBe('');
  });
});
