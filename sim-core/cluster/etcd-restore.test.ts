import { describe, expect, test } from 'vitest';
import { settle } from '../testing/settle.ts';
import { createCluster } from './create-cluster.ts';

const PKI = '/etc/kubernetes/pki';
const ETCDCTL = `etcdctl --endpoints=https://127.0.0.1:2379 --cacert=${PKI}/etcd/ca.crt --cert=${PKI}/etcd/server.crt --key=${PKI}/etcd/server.key`;

async function openLab() {
  const cluster = await createCluster({ shape: 'kubeadm', seed: 1, settle });
  const shell = cluster.openShell();
  const run = async (line: string) => {
    const { stdout, stderr, exit } = await cluster.clock.until(shell.run(line));
    return { out: stdout, err: stderr, exit };
  };
  return { clock: cluster.clock, run };
}

describe('etcdctl on the control plane', { timeout: 120_000 }, () => {
  test('speaks TLS with client certificates, and says what is wrong with them', async () => {
    const { run } = await openLab();
    expect((await run(`${ETCDCTL} get /registry/namespaces --prefix --keys-only`)).out).toContain(
      '/registry/namespaces/kube-system\n',
    );
    const fails = async (flags: string) => {
      const { err, exit } = await run(`etcdctl --command-timeout=1s ${flags} get a`);
      expect(exit).toBe(1);
      expect(err).toMatch(/\nError: context deadline exceeded\n$/);
      return JSON.parse(/"error":("(?:[^"\\]|\\.)*")/.exec(err)![1]!) as string;
    };
    const ca = `--cacert=${PKI}/etcd/ca.crt`;
    const endpoint = '--endpoints=https://127.0.0.1:2379';
    const pair = (name: string) => `--cert=${PKI}/${name}.crt --key=${PKI}/${name}.key`;
    expect(await fails('')).toContain('error reading server preface: read tcp');
    expect(await fails(`--endpoints=https://127.0.0.1:2380 ${ca}`)).toContain(
      'dial tcp 127.0.0.1:2380: connect: connection refused',
    );
    expect(await fails(`${endpoint} --cacert=${PKI}/ca.crt ${pair('etcd/server')}`)).toContain(
      'authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority',
    );
    expect(await fails(`${endpoint} ${ca}`)).toContain('remote error: tls: certificate required');
    expect(await fails(`${endpoint} ${ca} ${pair('front-proxy-client')}`)).toContain(
      'remote error: tls: unknown certificate authority',
    );
    const mixed = `--cert=${PKI}/etcd/server.crt --key=${PKI}/etcd/peer.key`;
    expect(await run(`etcdctl ${endpoint} ${ca} ${mixed} get a`)).toEqual({
      out: '',
      err: 'Error: tls: private key does not match public key\n',
      exit: 128,
    });
  });

  /** A deployment is backed up and deleted, and a namespace is made later; then `restore` has a new data directory. */
  async function restored(flags = '') {
    const lab = await openLab();
    const { clock, run } = lab;
    await run('kubectl create namespace prod');
    await run('kubectl -n prod create deployment web --image=nginx --replicas=2');
    await clock.advance(10_000);
    expect((await run(`${ETCDCTL} snapshot save /opt/backup.db`)).out).toBe(
      'Snapshot saved at /opt/backup.db\n',
    );
    expect((await run('ls -l /opt/backup.db')).out).toMatch(/^-rw------- 1 root root \d{6,7} /);
    const status = JSON.parse((await run('etcdutl snapshot status /opt/backup.db -w json')).out) as object;
    expect(status).toMatchObject({ totalKey: expect.any(Number), version: '3.6.0' });

    await run('kubectl -n prod delete deployment web');
    await run('kubectl create namespace later');
    await clock.advance(10_000);
    expect(await run('etcdutl snapshot restore /opt/backup.db --data-dir /var/lib/etcd')).toEqual({
      out: '',
      err: 'Error: data-dir "/var/lib/etcd" not empty or could not be read\n',
      exit: 1,
    });
    await run(`etcdutl snapshot restore /opt/backup.db --data-dir /var/lib/etcd-restore ${flags}`);
    expect(
      (await run('ls /var/lib/etcd-restore/member/snap /var/lib/etcd-restore/member/wal')).out,
    ).toContain('db\n');
    await run(
      "sed -i 's#path: /var/lib/etcd$#path: /var/lib/etcd-restore#' /etc/kubernetes/manifests/etcd.yaml",
    );
    await clock.advance(60_000);
    const web = async () => {
      const nodes = ['node01', 'node02'].map(async (node) => (await run(`ssh ${node} crictl ps`)).out);
      return (await Promise.all(nodes)).join('').match(/ web-/g)?.length ?? 0;
    };
    return { ...lab, web };
  }

  test('a backup brings back what was deleted, and takes away what came after', async () => {
    const { clock, run, web } = await restored('--bump-revision 1000000000 --mark-compacted');
    // What clients knew is compacted, so they begin anew.
    expect((await run('kubectl get namespaces -o name')).out).not.toContain('later');
    expect((await run('kubectl -n prod get deployment web --no-headers')).out).toMatch(/^web +2\/2 +2 +2 /);
    expect(await web()).toBe(2);
    // The member was given its ids by etcdutl's defaults.
    expect((await run(`${ETCDCTL} member list`)).out).toBe(
      '8e9e05c52164694d, started, controlplane, http://localhost:2380, https://172.30.1.2:2379, false\n',
    );
    // All components go on with what there is now.
    await run('kubectl -n prod scale deployment web --replicas=3');
    await clock.advance(20_000);
    expect((await run('kubectl -n prod get pods --no-headers')).out.match(/1\/1 +Running/g)).toHaveLength(3);
    expect((await run('kubectl get nodes --no-headers')).out.match(/ Ready /g)).toHaveLength(3);
  });

  test('who knows later revisions goes on as if nothing had happened, until it starts again', async () => {
    const { clock, run, web } = await restored();
    const lists = async () => (await run('kubectl get deployments,namespaces -A -o name')).out;
    expect((await run('kubectl -n prod get deployment web --no-headers')).out).toMatch(/^web +2\/2 /);
    expect(await lists()).toContain('namespace/later\n');
    expect(await lists()).not.toContain('deployment.apps/web\n');
    // A kubelet writes its mirror pod anew, though its watch does not tell that the old one is gone.
    expect((await run('kubectl get pods -n kube-system etcd-controlplane')).exit).toBe(0);

    await run('mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/');
    await clock.advance(30_000);
    await run('mv /root/kube-apiserver.yaml /etc/kubernetes/manifests/');
    await clock.advance(60_000);
    expect(await lists()).not.toContain('namespace/later\n');
    expect(await lists()).toContain('deployment.apps/web\n');
    for (const node of ['node01', 'node02']) await run(`ssh ${node} systemctl restart kubelet`);
    await run('systemctl restart kubelet');
    await clock.advance(30_000);
    expect(await web()).toBe(2);
    expect((await run('kubectl get pods -n kube-system etcd-controlplane --no-headers')).out).toMatch(
      /^etcd-controlplane +1\/1 +Running /,
    );
  });

  test('is in the image of etcd as well, which sees the files of its container', async () => {
    const { run } = await openLab();
    const inPod = (command: string) => run(`kubectl exec -n kube-system etcd-controlplane -- ${command}`);
    expect((await inPod(`${ETCDCTL} snapshot save /var/lib/etcd/snap.db`)).out).toBe(
      'Snapshot saved at /var/lib/etcd/snap.db\n',
    );
    const { out } = await run('etcdutl snapshot status /var/lib/etcd/snap.db');
    expect(out).toMatch(/, 3\.6\.0\n$/);
    expect((await inPod('etcdutl snapshot status /var/lib/etcd/snap.db')).out).toBe(out);
    expect((await inPod('etcdutl snapshot status /etc/kubernetes/admin.conf')).err).toContain(
      'Error: stat /etc/kubernetes/admin.conf: no such file or directory',
    );
    expect((await inPod('sh')).err).toContain('exec: "sh": executable file not found in $PATH');
  });

  test('a data directory that is moved away takes its data with it', async () => {
    const { clock, run } = await openLab();
    await run('kubectl create namespace kept');
    await run('mv /etc/kubernetes/manifests/etcd.yaml /root/');
    await clock.advance(30_000);
    await run('mv /var/lib/etcd /var/lib/etcd.old');
    await run('cp -r /var/lib/etcd.old /var/lib/etcd');
    await run('mv /root/etcd.yaml /etc/kubernetes/manifests/');
    await clock.advance(90_000);
    expect((await run('kubectl get namespace kept -o name')).out).toBe('namespace/kept\n');
  });
});
