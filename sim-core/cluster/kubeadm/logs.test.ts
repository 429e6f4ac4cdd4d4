import { beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../testing/lab.ts';
import { openLab } from '../../testing/lab.ts';

describe('what the components tell', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await openLab();
  });

  it('is in the journal, when a kubelet begins', async () => {
    const journal = await lab.sh('ssh node01 journalctl -u kubelet --no-pager');
    const said = journal
      .split('\n')
      .flatMap((line) => /node01 kubelet\[(\d+)\]: (.*)$/.exec(line)?.[2] ?? []);
    const pid = /kubelet\[(\d+)\]/.exec(journal)![1]!;
    for (const line of said)
      expect(line).toMatch(new RegExp(`^I\\d{4} [\\d:]{8}\\.\\d{6} +${pid} \\w+\\.go:\\d+\\] `));
    expect(said.map((line) => line.replace(/^.*?\] /, ''))).toEqual(
      expect.arrayContaining([
        '"Kubelet version" kubeletVersion="v1.36.4"',
        '"Adding static pod path" path="/etc/kubernetes/manifests"',
        '"Attempting to register node" node="node01"',
        '"Successfully registered node" node="node01"',
      ]),
    );
  });

  it.each([
    '14 minutes ago',
    '-14min',
    '1 hour ago',
    '840 seconds ago',
    '08:47',
    '08:47:00',
    '2026-11-23 08:47:00',
  ])('is found by when it was said: since %s', async (since) => {
    const lines = await lab.sh(`journalctl -u kubelet --since '${since}' | grep -c registered`);
    expect(lines).toBe('1\n');
    expect(await lab.sh("journalctl -u kubelet --since '1 minute ago'")).toBe('-- No entries --\n');
  });

  it('names the request that got no answer, and no other reason for it', async () => {
    const journal = await lab.sh('journalctl -u kubelet --no-pager');
    const failures = journal.split('\n').filter((line) => line.includes('Unable to register node'));
    expect(failures.length).toBeGreaterThan(0);
    for (const line of failures) {
      expect(line).toContain(
        'err="Post \\"https://172.30.1.2:6443/api/v1/nodes\\": dial tcp 172.30.1.2:6443: connect: connection refused"',
      );
    }
  });

  it('is in the events of a node from its registration on', async () => {
    const events = await lab.eventsOf('node01');
    expect(events.filter((event) => !event.includes('RegisteredNode'))).toEqual([
      'Normal Starting Starting kubelet.',
      'Normal NodeAllocatableEnforced Updated Node Allocatable limit across pods',
      'Normal NodeHasSufficientMemory Node node01 status is now: NodeHasSufficientMemory',
      'Normal NodeHasNoDiskPressure Node node01 status is now: NodeHasNoDiskPressure',
      'Normal NodeHasSufficientPID Node node01 status is now: NodeHasSufficientPID',
      'Normal NodeReady Node node01 status is now: NodeReady',
    ]);
  });

  it('is in one directory, under the names of the containers', async () => {
    const [id] = (await lab.sh('crictl ps -q --no-trunc --name kube-apiserver')).split('\n');
    expect(await lab.sh('ls /var/log/containers | grep apiserver')).toBe(
      `kube-apiserver-controlplane_kube-system_kube-apiserver-${id}.log\n`,
    );
    expect(await lab.sh('tail -1 /var/log/containers/kube-apiserver*')).toBe(
      await lab.sh('tail -1 /var/log/pods/kube-system_kube-apiserver*/kube-apiserver/0.log'),
    );
    expect(await lab.sh("cut -d' ' -f4- /var/log/containers/etcd* | jq -r '.msg + .address'")).toBe(
      `serving client traffic securely127.0.0.1:2379
serving client traffic securely172.30.1.2:2379
`,
    );
    await lab.sh('kubectl run web --image=nginx; sleep 10; kubectl delete pod web --now');
    expect(
      await lab.sh('for node in node01 node02; do ssh $node ls /var/log/containers; done'),
    ).not.toContain('web_default');
  });

  it('says why a scheduler without its apiserver ends', async () => {
    const log = () => lab.sh('cat $(ls /var/log/pods/kube-system_kube-scheduler-*/kube-scheduler/0.log)');
    expect(await log()).toMatch(
      /leaderelection\.go:\d+\] "Successfully acquired lease" lock="kube-system\/kube-scheduler"/,
    );
    await lab.sh('mv /etc/kubernetes/manifests/kube-apiserver.yaml /tmp');
    await lab.pass(20);
    const said = await log();
    expect(said).toContain(
      '"Error retrieving lease lock" err="Get \\"https://172.30.1.2:6443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler?timeout=5s\\": dial tcp 172.30.1.2:6443: connect: connection refused" lock="kube-system/kube-scheduler"',
    );
    expect(said).toMatch(/"Failed to renew lease"[^\n]*\n[^\n]*"Leaderelection lost"\n$/);
  });
});

describe('a static pod that crashes while there is no apiserver', () => {
  it('is synced as often as one whose mirror pod can be written', async () => {
    const lab = await openLab();
    await lab.sh(
      "sed -i 's/--authorization-mode/--authorization-modus/' /etc/kubernetes/manifests/kube-apiserver.yaml",
    );
    await lab.pass(60);
    const since = await lab.sh('date +%T');
    await lab.pass(30);
    const said = await lab.sh(`journalctl -u kubelet --since ${since.trim()} | grep -c 'Error syncing pod'`);
    // Every ten seconds or so, and when the container ends.
    expect(Number(said)).toBeGreaterThan(1);
    expect(Number(said)).toBeLessThan(10);
  });
});
