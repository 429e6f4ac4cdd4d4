import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { settle } from '../testing/settle.ts';
import { createCluster, LAB_START } from './create-cluster.ts';

const PKI = '/etc/kubernetes/pki';
const cluster = await createCluster({ shape: 'kubeadm', seed: 1, settle });
const { files } = cluster.machines.get('controlplane')!;
const certificate = (name: string) => new X509Certificate(files.read(`${PKI}/${name}.crt`));
const KUBERNETES_NAMES =
  'DNS:controlplane, DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc, DNS:kubernetes.default.svc.cluster.local, IP Address:10.96.0.1, IP Address:172.30.1.2';
const ETCD_NAMES =
  'DNS:controlplane, DNS:localhost, IP Address:172.30.1.2, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1';

describe('the files of /etc/kubernetes/pki, as OpenSSL reads them', () => {
  test.each([
    ['apiserver', 'ca', 'CN=kube-apiserver', KUBERNETES_NAMES],
    [
      'apiserver-kubelet-client',
      'ca',
      'O=kubeadm:cluster-admins\nCN=kube-apiserver-kubelet-client',
      undefined,
    ],
    ['apiserver-etcd-client', 'etcd/ca', 'CN=kube-apiserver-etcd-client', undefined],
    ['front-proxy-client', 'front-proxy-ca', 'CN=front-proxy-client', undefined],
    ['etcd/server', 'etcd/ca', 'CN=controlplane', ETCD_NAMES],
    ['etcd/peer', 'etcd/ca', 'CN=controlplane', ETCD_NAMES],
    ['etcd/healthcheck-client', 'etcd/ca', 'CN=kube-etcd-healthcheck-client', undefined],
  ])('%s', (name, issuer, subject, names) => {
    const [read, authority] = [certificate(name), certificate(issuer)];
    expect(read.subject).toBe(subject);
    expect(read.subjectAltName).toBe(names);
    expect(read.verify(authority.publicKey)).toBe(true);
    expect(read.checkIssued(authority)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(files.read(`${PKI}/${name}.key`)))).toBe(true);
    expect(Math.round((Date.parse(read.validTo) - LAB_START) / 86_400_000)).toBe(365);
  });

  test.each([
    ['ca', 'CN=kubernetes'],
    ['etcd/ca', 'CN=etcd-ca'],
    ['front-proxy-ca', 'CN=front-proxy-ca'],
  ])('%s signs itself for ten years', (name, subject) => {
    const read = certificate(name);
    expect([read.subject, read.ca, read.verify(read.publicKey)]).toEqual([subject, true, true]);
    expect(Math.round((Date.parse(read.validTo) - LAB_START) / 86_400_000)).toBe(3650);
  });

  test('kubeconfigs carry them', () => {
    const data = (file: string, field: string) => {
      const [, base64] = new RegExp(`${field}: (\\S+)`).exec(files.read(file))!;
      return Buffer.from(base64!, 'base64').toString();
    };
    const conf = '/etc/kubernetes/super-admin.conf';
    const admin = new X509Certificate(data(conf, 'client-certificate-data'));
    expect(admin.subject).toBe('O=system:masters\nCN=kubernetes-super-admin');
    expect(admin.checkPrivateKey(createPrivateKey(data(conf, 'client-key-data')))).toBe(true);
    expect(data(conf, 'certificate-authority-data')).toBe(files.read(`${PKI}/ca.crt`));
  });
});

test('a year later no certificate is good any more', { timeout: 60_000 }, async () => {
  const later = await createCluster({ shape: 'apiserver', seed: 1, settle });
  await later.clock.leapTo(later.clock.now() + 366 * 86_400_000);
  const { stderr, exit } = await later.clock.until(later.openShell().run('kubectl get nodes'));
  expect(exit).toBe(1);
  expect(stderr).toMatch(
    /^Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2027-11-24T09:00:0\dZ is after 2027-11-23T09:00:00Z\n$/m,
  );
});
