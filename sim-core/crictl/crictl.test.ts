import { expect, it } from 'vitest';
import { createCluster } from '../cluster/create-cluster.ts';
import { settle } from '../testing/settle.ts';
import { humanDuration, humanSize } from './table.ts';

it('crictl shows what runs on a machine and works on it', async () => {
  const cluster = await createCluster({ shape: 'kubeadm', seed: 1, settle });
  const shell = cluster.openShell();
  const run = (line: string) => cluster.clock.until(shell.run(line));
  const [head, ...rows] = (await run('crictl ps')).stdout.split('\n');
  expect(head).toBe(
    'CONTAINER           IMAGE               CREATED             STATE               NAME                      ATTEMPT             POD ID              POD                                    NAMESPACE',
  );
  expect(rows.some((row) => /^[0-9a-f]{13} {7}[0-9a-f]{13} {7}.* ago +Running +etcd +0 /.test(row))).toBe(
    true,
  );
  expect((await run('crictl pods --name etcd')).stdout.split('\n')[1]).toMatch(
    / Ready +etcd-controlplane +kube-system +0 +\(default\)$/,
  );
  expect((await run('crictl inspect $(crictl ps -q --name etcd) | jq -r .status.state')).stdout).toBe(
    'CONTAINER_RUNNING\n',
  );
  expect(await run('crictl inspect nope')).toEqual({
    stdout: '',
    stderr:
      'FATA[0000] rpc error: code = NotFound desc = an error occurred when try to find container "nope": not found\n',
    exit: 1,
  });
  await run('kubectl run b --image=busybox --restart=Never -- sh -c "echo out; sleep 1d"; sleep 5');
  const node = (await run('kubectl get pod b -o jsonpath={.spec.nodeName}')).stdout;
  await run(`ssh ${node}`);
  expect((await run('crictl logs $(crictl ps -q --name ^b$)')).stdout).toBe('out\n');
  expect((await run('crictl exec $(crictl ps -q --name ^b$) hostname')).stdout).toBe('b\n');
  await run('crictl stop $(crictl ps -q --name ^b$)');
  expect((await run('crictl ps -a --name ^b$')).stdout).toMatch(/ Exited /);
});

it.each([
  [500, 'Less than a second'],
  [61_000, 'About a minute'],
  [59 * 60_000, '59 minutes'],
  [61 * 60_000, 'About an hour'],
  [3 * 86_400_000, '3 days'],
])('humanDuration of %i is %s', (milliseconds, text) => {
  expect(humanDuration(milliseconds)).toBe(text);
});

it.each([
  [999, '999B'],
  [75_497_472, '75.5MB'],
])('humanSize of %i is %s', (bytes, text) => {
  expect(humanSize(bytes)).toBe(text);
});
