import { beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../../testing/lab.ts';
import { openLab } from '../../../testing/lab.ts';

const READING = (prefix: string) =>
  `[${prefix}] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...
[${prefix}] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.
`;
const TRACE_HINT = 'To see the stack trace of this error execute with --v=5 or higher\n';
const SHORT = `kubectl -n kube-system get cm kubeadm-config -o jsonpath='{.data.ClusterConfiguration}' | sed 's/^certificateValidityPeriod:.*/certificateValidityPeriod: 2m0s/' > /tmp/short.yaml`;

describe('kubeadm', () => {
  let lab: Lab;
  let sh: Lab['sh'];

  beforeAll(async () => {
    lab = await openLab();
    ({ sh } = lab);
  });

  it('tells when certificates expire, which one is missing and whose key is elsewhere', async () => {
    const { sh } = await openLab();
    await sh('rm /etc/kubernetes/super-admin.conf /etc/kubernetes/pki/etcd/ca.key');
    const no = 'no      ';
    expect(await sh('kubeadm certs check-expiration')).toBe(`${READING('check-expiration')}
CERTIFICATE                  EXPIRES                  RESIDUAL TIME   CERTIFICATE AUTHORITY   EXTERNALLY MANAGED
admin.conf                   Nov 23, 2027 08:47 UTC   364d            ca                      ${no}
apiserver                    Nov 23, 2027 08:47 UTC   364d            ca                      ${no}
apiserver-etcd-client        Nov 23, 2027 08:47 UTC   364d            etcd-ca                 yes     
apiserver-kubelet-client     Nov 23, 2027 08:47 UTC   364d            ca                      ${no}
controller-manager.conf      Nov 23, 2027 08:47 UTC   364d            ca                      ${no}
etcd-healthcheck-client      Nov 23, 2027 08:47 UTC   364d            etcd-ca                 yes     
etcd-peer                    Nov 23, 2027 08:47 UTC   364d            etcd-ca                 yes     
etcd-server                  Nov 23, 2027 08:47 UTC   364d            etcd-ca                 yes     
front-proxy-client           Nov 23, 2027 08:47 UTC   364d            front-proxy-ca          ${no}
scheduler.conf               Nov 23, 2027 08:47 UTC   364d            ca                      ${no}
!MISSING! super-admin.conf                                                                    

CERTIFICATE AUTHORITY   EXPIRES                  RESIDUAL TIME   EXTERNALLY MANAGED
ca                      Nov 20, 2036 08:47 UTC   9y              ${no}
etcd-ca                 Nov 20, 2036 08:47 UTC   9y              yes     
front-proxy-ca          Nov 20, 2036 08:47 UTC   9y              ${no}
`);
    const renewed = await sh('kubeadm certs renew all');
    expect(renewed).toContain("\nDetected external etcd/ca, certificate for serving etcd can't be renewed\n");
    expect(renewed).toContain('\nMISSING! certificate embedded in the kubeconfig file for the super-admin\n');
    expect(renewed).toContain('\ncertificate for serving the Kubernetes API renewed\n');
  });

  it('signs a certificate again for whom and what it was for', async () => {
    const file = '/etc/kubernetes/pki/apiserver.crt';
    const said = () =>
      sh(`openssl x509 -in ${file} -noout -subject -issuer -ext subjectAltName,extendedKeyUsage`);
    const serial = () => sh(`openssl x509 -in ${file} -noout -serial`);
    const before = [await said(), await serial()];
    await lab.pass(3600);
    expect(await sh('kubeadm certs renew apiserver')).toBe(
      `${READING('renew')}\ncertificate for serving the Kubernetes API renewed\n`,
    );
    expect(await said()).toBe(before[0]);
    expect(await serial()).not.toBe(before[1]);
    expect(await sh(`openssl x509 -in ${file} -noout -dates`)).toBe(
      'notBefore=Nov 23 09:55:00 2026 GMT\nnotAfter=Nov 23 10:00:00 2027 GMT\n',
    );
    expect(await sh(`ls -l ${file} /etc/kubernetes/pki/apiserver.key | cut -c1-10`)).toBe(
      '-rw-r--r--\n-rw-------\n',
    );
  });

  it('lets a server present what was renewed at once; a kubeconfig is read when its process starts', async () => {
    const { sh, pass } = await openLab();
    await sh(SHORT);
    expect(await sh('kubeadm certs renew all --config /tmp/short.yaml')).not.toContain(
      'Reading configuration',
    );
    await sh('cp /etc/kubernetes/admin.conf ~/.kube/config');
    await pass(180);
    expect(await sh('kubectl get nodes')).toMatch(
      /^Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-23T09:03:\d\dZ is after 2026-11-23T09:02:00Z\n$/,
    );
    const checked = await sh('kubeadm certs check-expiration');
    expect(checked).toContain(
      `${READING('check-expiration')}[check-expiration] Error reading configuration from the Cluster. Falling back to default configuration\n\nCERTIFICATE `,
    );
    expect(checked).toMatch(/^apiserver +Nov 23, 2026 09:02 UTC {3}<invalid> /m);
    await sh('kubeadm certs renew all');
    expect(await sh('kubectl get nodes')).toBe('error: You must be logged in to the server (Unauthorized)\n');
    await sh('cp /etc/kubernetes/admin.conf ~/.kube/config');
    expect(await sh('kubectl get nodes')).toMatch(/^controlplane +Ready /m);
    expect(
      await sh(
        'etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/server.crt --key=/etc/kubernetes/pki/etcd/server.key endpoint health',
      ),
    ).toContain('is healthy');
  });

  it('makes tokens that a machine could join with', async () => {
    const join = await sh('kubeadm token create --ttl 2h --description "for node03" --print-join-command');
    expect(join).toMatch(
      /^kubeadm join 172\.30\.1\.2:6443 --token [a-z0-9]{6}\.[a-z0-9]{16} --discovery-token-ca-cert-hash sha256:[0-9a-f]{64} \n$/,
    );
    const [, token = '', id = ''] = /--token (([a-z0-9]{6})\.\w+)/.exec(join)!;
    await lab.pass(60);
    expect(await sh('kubeadm token list')).toBe(
      [
        'TOKEN                     TTL       EXPIRES                USAGES                   DESCRIPTION   EXTRA GROUPS',
        `${token}   1h        2026-11-23T12:00:00Z   authentication,signing   for node03    system:bootstrappers:kubeadm:default-node-token`,
        '',
      ].join('\n'),
    );
    expect(
      await sh(
        `curl -s --cacert /etc/kubernetes/pki/ca.crt -H 'Authorization: Bearer ${token}' https://172.30.1.2:6443/api/v1/namespaces/kube-system/configmaps/kubelet-config | grep -c KubeletConfiguration`,
      ),
    ).toBe('1\n');
    expect(await sh(`kubeadm token delete ${id}`)).toBe(`bootstrap token "${id}" deleted\n`);
    expect(await sh(`kubeadm token delete ${id}`)).toBe(
      `error: failed to delete bootstrap token "${id}": secrets "bootstrap-token-${id}" not found\n${TRACE_HINT}`,
    );
    expect(await sh('kubeadm token create 1')).toBe(
      `error: the bootstrap token "1" was not of the form "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"\n${TRACE_HINT}`,
    );
  });

  it('writes a manifest as it was', async () => {
    const manifest = '/etc/kubernetes/manifests/kube-apiserver.yaml';
    await sh(`cp ${manifest} /root; sed -i 's/apiVersion/apiVersio/' ${manifest}`);
    expect(await sh('kubeadm init phase control-plane apiserver')).toBe(
      '[control-plane] Creating static Pod manifest for "kube-apiserver"\n',
    );
    expect(await sh(`diff ${manifest} /root/kube-apiserver.yaml && ls -l ${manifest} | cut -c1-10`)).toBe(
      '-rw-------\n',
    );
    expect(await sh('kubeadm init phase control-plane all | wc -l; kubeadm init phase etcd local')).toBe(
      '4\n[etcd] Creating static Pod manifest for local etcd in "/etc/kubernetes/manifests"\n',
    );
  });

  it.each([
    ['certs renew', 'missing subcommand; "renew" is not meant to be run on its own'],
    ['certs renew kubelet', 'invalid subcommand: "kubelet"'],
    ['certs renew all now', 'unknown command "now" for "kubeadm certs renew all"'],
    ['certs renew all --soon', 'unknown flag: --soon'],
    [
      'certs renew all --config /none',
      'unable to read config from "/none" : open /none: no such file or directory',
    ],
    [
      'certs renew all --config /root/pod.yaml',
      'no InitConfiguration or ClusterConfiguration kind was found in the YAML file',
    ],
    ['tokens', 'unknown command "tokens" for "kubeadm"\n\nDid you mean this?\n\ttoken\n'],
    [
      'token list --kubeconfig /none',
      'failed to load admin kubeconfig: open /none: no such file or directory',
    ],
    ['version -o xml', 'invalid output format: xml'],
  ])('refuses %s', async (line, message) => {
    expect(await sh(`kubeadm ${line}`)).toBe(`error: ${message}\n${TRACE_HINT}`);
    expect(await sh('echo $?')).toBe('1\n');
  });

  it('says what it cannot do without an authority', async () => {
    const { sh } = await openLab();
    await sh('rm /etc/kubernetes/pki/ca.crt /etc/kubernetes/pki/ca.key');
    expect(await sh('kubeadm certs renew apiserver 2>&1 | tail -2')).toBe(
      `error: couldn't load ca certificate authority from /etc/kubernetes/pki\n${TRACE_HINT}`,
    );
    await sh('echo broken > /etc/kubernetes/pki/apiserver.crt');
    expect(await sh('kubeadm certs check-expiration 2>&1 | tail -2')).toBe(
      `error: couldn't load the certificate file /etc/kubernetes/pki/apiserver.crt: data does not contain any valid RSA or ECDSA certificates\n${TRACE_HINT}`,
    );
  });
});
