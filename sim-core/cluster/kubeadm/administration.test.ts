import { beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../testing/lab.ts';
import { openLab } from '../../testing/lab.ts';

const PKI = '/etc/kubernetes/pki';

describe('what an administrator types on a node', () => {
  let lab: Lab;
  let sh: Lab['sh'];

  beforeAll(async () => {
    lab = await openLab();
    ({ sh } = lab);
  });

  it('tells who listens where', async () => {
    const pid = async (name: string) => (await sh(`pidof ${name}`)).trim();
    const [etcd, apiserver] = [await pid('etcd'), await pid('kube-apiserver')];
    expect(await sh('ss -tlnp | head -6')).toBe(
      `State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
LISTEN 0      4096       127.0.0.1:2379         0.0.0.0:* users:(("etcd",pid=${etcd},fd=3))
LISTEN 0      4096      172.30.1.2:2379         0.0.0.0:* users:(("etcd",pid=${etcd},fd=3))
LISTEN 0      4096      172.30.1.2:2380         0.0.0.0:* users:(("etcd",pid=${etcd},fd=3))
LISTEN 0      4096       127.0.0.1:2381         0.0.0.0:* users:(("etcd",pid=${etcd},fd=3))
LISTEN 0      4096               *:6443               *:* users:(("kube-apiserver",pid=${apiserver},fd=3))
`,
    );
    expect(await sh("ss -Htlnp 'sport = :6443' | wc -l")).toBe('1\n');
    expect(await sh("ss -Htln | awk '{print $4}' | tail -4 | xargs")).toBe(
      '127.0.0.1:10248 *:10250 127.0.0.1:10257 127.0.0.1:10259\n',
    );
    expect(await sh('netstat -tlnp | grep -e Proto -e 2380 -e 6443')).toBe(
      [
        'Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name    ',
        `tcp        0      0 172.30.1.2:2380         0.0.0.0:*               LISTEN      ${`${etcd}/etcd`.padEnd(20)}`,
        `tcp6       0      0 :::6443                 :::*                    LISTEN      ${`${apiserver}/kube-apiserver`.padEnd(20)}`,
        '',
      ].join('\n'),
    );
    expect(await sh('ssh node01 ss -tln | grep -c LISTEN')).toBe('2\n');
  });

  it('reads certificates', async () => {
    const read = (options: string) => sh(`openssl x509 -in ${PKI}/apiserver.crt -noout ${options}`);
    expect(await read('-subject -issuer -dates')).toBe(
      'subject=CN = kube-apiserver\nissuer=CN = kubernetes\nnotBefore=Nov 23 08:42:30 2026 GMT\nnotAfter=Nov 23 08:47:30 2027 GMT\n',
    );
    const names =
      'DNS:controlplane, DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc, DNS:kubernetes.default.svc.cluster.local, IP Address:10.96.0.1, IP Address:172.30.1.2';
    expect(await read('-ext subjectAltName')).toBe(`X509v3 Subject Alternative Name: \n    ${names}\n`);
    const text = await read('-text');
    expect(text).toContain('    Data:\n        Version: 3 (0x2)\n        Serial Number: ');
    expect(text).toContain('            Not After : Nov 23 08:47:30 2027 GMT\n');
    expect(text).toMatch(/ pub:\n(?: {20}(?:[0-9a-f]{2}:){15}\n){4} {20}(?:[0-9a-f]{2}:){4}[0-9a-f]{2}\n/);
    expect(text).toContain(`            X509v3 Subject Alternative Name: \n                ${names}\n`);
    expect(
      await sh(
        `kubectl config view --raw -o jsonpath='{.users[0].user.client-certificate-data}' | base64 -d | openssl x509 -noout -subject -checkend 86400`,
      ),
    ).toBe('subject=O = kubeadm:cluster-admins, CN = kubernetes-admin\nCertificate will not expire\n');
    expect(await sh('openssl x509 -in /etc/hostname; echo $?')).toBe(
      '1\nCould not read certificate from /etc/hostname\nUnable to load certificate\n',
    );
  });

  it('tells which authority a certificate is of', async () => {
    const verify = (ca: string) => sh(`openssl verify -CAfile ${PKI}/${ca} ${PKI}/etcd/server.crt`);
    expect(await verify('etcd/ca.crt')).toBe(`${PKI}/etcd/server.crt: OK\n`);
    expect(await verify('ca.crt')).toBe(
      `CN = controlplane\nerror 20 at 0 depth lookup: unable to get local issuer certificate\nerror ${PKI}/etcd/server.crt: verification failed\n`,
    );
  });

  it('finds processes and ends them', async () => {
    expect(await sh('pgrep -l kube-s; pgrep -c nothing')).toMatch(/^\d+ kube-scheduler\n0\n$/);
    expect(await sh('[ $(pidof kubelet) = $(pgrep -f "^/usr/bin/kubelet") ] && echo same')).toBe('same\n');
    const before = await sh('pidof kube-scheduler');
    await sh('pkill -9 kube-scheduler; sleep 5');
    expect(await sh('pidof kube-scheduler')).toMatch(/^\d+\n$/);
    expect(await sh('pidof kube-scheduler')).not.toBe(before);
    expect(await sh('killall nothing')).toBe('nothing: no process found\n');
  });

  it('tells of services in the words of systemd', async () => {
    const state = () => sh('ssh node01 systemctl status kubelet | grep -e ● -e ○ -e Active');
    await sh('ssh node01 systemctl stop kubelet');
    await lab.pass(90);
    expect(await state()).toMatch(/^○ kubelet[^\n]*\n +Active: inactive \(dead\) since .*; 1min 30s ago\n$/);
    expect(await sh('ssh node01 systemctl disable kubelet')).toBe(
      'Removed "/etc/systemd/system/multi-user.target.wants/kubelet.service".\n',
    );
    const link =
      'Created symlink /etc/systemd/system/multi-user.target.wants/kubelet.service → /usr/lib/systemd/system/kubelet.service.\n';
    expect(await sh('ssh node01 systemctl enable --now kubelet')).toBe(link);
    expect(await sh('ssh node01 systemctl enable kubelet')).toBe('');
    expect(await sh('ssh node01 sudo systemctl reenable kubelet')).toMatch(/^Removed [^\n]*\nCreated /);
    await lab.pass(400);
    expect(await state()).toMatch(/^● kubelet[^\n]*\n +Active: active \(running\) since .*; 6min ago\n$/);
  });

  it('tells what the machine has', async () => {
    expect(await sh('df -h / | tail -1')).toMatch(/^\/dev\/vda1 +20G +\d+M +\d+G +\d% \/\n$/);
    expect(await sh("free -m | awk '/Mem/ {print ($2 == $3 + $4 || $2 == $3 + $4 + 1)}'")).toBe('1\n');
    expect(await sh('uname -r')).toBe(
      await sh('kubectl get node controlplane -o jsonpath=\'{.status.nodeInfo.kernelVersion}{"\\n"}\''),
    );
  });

  it('watches with the time as ctime has it', async () => {
    const shown = await sh('timeout 1 watch -n 5 echo a');
    expect(shown).toMatch(/Every 5\.0s: echo a +controlplane: Mon Nov 23 09:\d\d:\d\d 2026\n\na\n/);
  });
});
