import { expect, test } from 'vitest';
import { settle } from '../../testing/settle.ts';
import { createCluster } from '../create-cluster.ts';

const MANIFEST = '/etc/kubernetes/manifests/kube-apiserver.yaml';
const POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: RequestResponse
  resources: [{group: "", resources: [configmaps]}]
  namespaces: [default]
- level: Metadata
  verbs: [create, get]
  userGroups: [kubeadm:cluster-admins, dev]
`;

/** As a reader does it: a policy, two mounts and two flags in the manifest. */
async function auditedCluster(policy: string, readOnly = false) {
  const cluster = await createCluster({ shape: 'kubeadm', seed: 1, settle });
  const { files } = cluster.machines.get('controlplane')!;
  files.write('/etc/kubernetes/audit-policy.yaml', policy);
  const manifest = files
    .read(MANIFEST)
    .replace(
      '    - --allow-privileged=true\n',
      '$&    - --audit-policy-file=/etc/kubernetes/audit-policy.yaml\n    - --audit-log-path=/var/log/audit/audit.log\n',
    )
    .replace(
      '    volumeMounts:\n',
      `$&    - {mountPath: /etc/kubernetes/audit-policy.yaml, name: policy, readOnly: true}\n    - {mountPath: /var/log/audit, name: audit, readOnly: ${readOnly}}\n`,
    )
    .replace(
      '  volumes:\n',
      '$&  - {name: policy, hostPath: {path: /etc/kubernetes/audit-policy.yaml, type: File}}\n  - {name: audit, hostPath: {path: /var/log/audit, type: DirectoryOrCreate}}\n',
    );
  files.write(MANIFEST, manifest);
  await cluster.clock.advance(40_000);
  const shell = cluster.openShell();
  const run = async (line: string) => {
    const { stdout, stderr } = await cluster.clock.until(shell.run(line));
    return stdout + stderr;
  };
  const events = () =>
    files.exists('/var/log/audit/audit.log')
      ? files
          .read('/var/log/audit/audit.log')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line))
      : [];
  return { cluster, run, events };
}

test('who did what is in the file that the flags name, as fully as the policy says', async () => {
  const { run, events } = await auditedCluster(POLICY);
  expect(await run('kubectl create configmap c --from-literal=a=b')).toBe('configmap/c created\n');
  expect(await run('kubectl get pod nothing --as=jane --as-group=dev')).toContain(
    'pods "nothing" is forbidden',
  );
  const all = events();
  const created = all.find(({ verb, objectRef }) => verb === 'create' && objectRef?.name === 'c');
  expect(created).toMatchObject({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    stage: 'ResponseComplete',
    user: { username: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:authenticated'] },
    sourceIPs: ['172.30.1.2'],
    objectRef: { resource: 'configmaps', namespace: 'default', name: 'c', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 201 },
    requestObject: { kind: 'ConfigMap', data: { a: 'b' } },
    responseObject: { kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' } },
    annotations: {
      'authorization.k8s.io/decision': 'allow',
      'authorization.k8s.io/reason':
        'RBAC: allowed by ClusterRoleBinding "kubeadm:cluster-admins" of ClusterRole "cluster-admin" to Group "kubeadm:cluster-admins"',
    },
  });
  const refused = all.find(
    ({ impersonatedUser, objectRef }) => impersonatedUser?.username === 'jane' && objectRef !== undefined,
  );
  expect(refused).toMatchObject({
    level: 'Metadata',
    verb: 'get',
    impersonatedUser: { username: 'jane', groups: ['dev', 'system:authenticated'] },
    responseStatus: { metadata: {}, status: 'Failure', reason: 'Forbidden', code: 403 },
    annotations: { 'authorization.k8s.io/decision': 'forbid', 'authorization.k8s.io/reason': '' },
  });
  expect(refused.requestObject).toBeUndefined();
  expect(all.every(({ stage }) => stage !== 'RequestReceived')).toBe(true);
});

test.each([
  [
    'a policy that is none',
    'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: []\n',
    false,
    'loading audit policy file: loaded illegal policy with 0 rules: from file',
  ],
  [
    'a log that cannot be written',
    POLICY,
    true,
    'ensureLogFile: open /var/log/audit/audit.log: read-only file system',
  ],
])('with %s the server does not start, and says why', async (_, policy, readOnly, why) => {
  const { cluster, run } = await auditedCluster(policy, readOnly);
  expect(await run('kubectl get nodes')).toContain('refused');
  const logs = cluster.machines.get('controlplane')!.files;
  const directory = logs.list('/var/log/pods').find((name) => name.includes('kube-apiserver'))!;
  const path = `/var/log/pods/${directory}/kube-apiserver`;
  const text = logs
    .list(path)
    .map((name) => logs.read(`${path}/${name}`))
    .join('');
  expect(text).toContain(why);
});
