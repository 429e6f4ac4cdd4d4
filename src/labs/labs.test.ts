import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { beforeAll, describe, expect, it } from 'vitest';
import { fork, grade } from '../worker/grading.ts';
import { Lab } from '../worker/lab.ts';
import type { Grade } from '../worker/protocol.ts';
import { LAB_SEED } from '../worker/protocol.ts';
import type { Checkpoint } from '../worker/simulator.ts';
import { bootCluster, createCluster } from '../worker/simulator.ts';
import { APISERVER_MANIFEST as MANIFEST, MANIFESTS } from './checks.ts';
import { findScenario, SCENARIO_NAMES } from './index.ts';
import type { Part } from './scenario.ts';
import { PART_POINTS } from './scenario.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
let checkpoint: Checkpoint;
const host = {
  createCluster: (config: Parameters<typeof createCluster>[0]) => createCluster({ ...config, checkpoint }),
  settle,
  realTime: () => performance.now(),
};

const open = (scenario: string): Promise<Lab> =>
  Lab.open(host, { id: 'page', shape: 'kubeadm', seed: LAB_SEED, scenario });

/** Runs lines as the terminal does; gives what they wrote. */
async function run(lab: Lab, lines: readonly string[]): Promise<string> {
  let written = '';
  for (const code of lines) {
    const { stdout, stderr } = await lab.run({ id: '', kind: 'bash', code, user: 'kubernetes-admin' });
    written += stdout + stderr;
  }
  return written;
}

/** The points of each part, and the reasons for those that are lost. */
function partsOf({ checks }: Grade) {
  const earned = (part: Part) =>
    checks.reduce((sum, check) => (check.part === part ? sum + check.earned : sum), 0);
  return {
    points: [earned('diagnosis'), earned('repair'), earned('side-effects')],
    reasons: checks.flatMap(({ lost }) => lost ?? []).join('\n'),
  };
}

const page = (name: string) => readFileSync(`docs/cka/labs/${name}.mdx`, 'utf8');

/** What a text in the page stands for: "…" for whatever stands there. */
function pattern(text: string): RegExp {
  const pieces = text.split('…').map((piece) => piece.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(pieces.join('.*').replace(/\s+/g, '\\s+'));
}

const ETCD = `${MANIFESTS}/etcd.yaml`;
const ETCD_PKI = '/etc/kubernetes/pki/etcd';
const PREVIOUS = '/opt/backup/etcd-previous.db';
const BACK_UP = `etcdctl --endpoints=https://127.0.0.1:2379 --cacert=${ETCD_PKI}/ca.crt --cert=${ETCD_PKI}/server.crt --key=${ETCD_PKI}/server.key snapshot save /opt/backup/etcd.db`;
const RESTORE = `etcdutl snapshot restore ${PREVIOUS} --data-dir /var/lib/etcd-restore`;
const HOST_PATH = `sed -i 's|path: /var/lib/etcd$|path: /var/lib/etcd-restore|' ${ETCD}`;

/** Mounts the audit policy and a place for the log; what follows a comma in `type` stands in the mount. */
function volumes(log: string, type: string): readonly string[] {
  const [kind = '', flag = ''] = type.split(', ');
  const mount = flag === '' ? '' : `\\n      ${flag}: true`;
  return [
    `sed -i 's|^    volumeMounts:|&\\n    - mountPath: /etc/kubernetes/audit\\n      name: policy\\n    - mountPath: ${log}\\n      name: log${mount}|' ${MANIFEST}`,
    `sed -i 's|^  volumes:|&\\n  - name: policy\\n    hostPath:\\n      path: /etc/kubernetes/audit\\n  - name: log\\n    hostPath:\\n      path: ${log}\\n      type: ${kind}|' ${MANIFEST}`,
  ];
}

/** Ways that bring a cluster back and cost points, with what is said of them. */
const COSTLY: readonly (readonly [
  scenario: string,
  way: string,
  lines: readonly string[],
  points: readonly [diagnosis: number, repair: number, sideEffects: number],
  reasons: readonly RegExp[],
])[] = [
  [
    'unknown-flag',
    'the line is deleted',
    [`sed -i '/--authorization-modus/d' ${MANIFEST}`],
    [0, 50, 0],
    [/`--authorization-mode` 플래그가 없다/, /인가가 통째로 풀렸다/],
  ],
  [
    'unknown-flag',
    'everybody may do everything',
    [`sed -i 's/--authorization-modus=.*/--authorization-mode=AlwaysAllow/' ${MANIFEST}`],
    [0, 50, 0],
    [/값이 `AlwaysAllow`다/, /인가가 통째로 풀렸다/],
  ],
  [
    'unknown-flag',
    'mended, but the backup beside it wins',
    [`sed -i.bak 's/modus/mode/' ${MANIFEST}`],
    [0, 0, 0],
    [/둘 다 대답하지는 않는다.*`kube-apiserver.yaml.bak` 파일이 남아 있다/],
  ],
  [
    'unreadable-manifest',
    'a mended copy beside the broken file',
    [`sed 's/^apiVersio:/apiVersion:/' ${MANIFEST} > ${MANIFESTS}/api.yaml`],
    [0, 50, 0],
    [/`apiVersion: v1` 줄이 없다/, /`api.yaml` 파일이 남아 있다/],
  ],
  [
    'etcd-port',
    'etcd moves to the wrong port',
    [`sed -i '/listen-client-urls/s/127.0.0.1:2379/127.0.0.1:2380/' ${MANIFESTS}/etcd.yaml`],
    [30, 50, 0],
    [/`\/etc\/kubernetes\/manifests\/etcd.yaml`의 내용이 바뀌었다/],
  ],
  [
    'etcd-ca',
    'a copy of the right CA under another name',
    [
      'cp /etc/kubernetes/pki/etcd/ca.crt /etc/kubernetes/pki/etcd-ca.crt',
      `sed -i 's|--etcd-cafile=.*|--etcd-cafile=/etc/kubernetes/pki/etcd-ca.crt|' ${MANIFEST}`,
    ],
    [30, 50, 0],
    [/`\/etc\/kubernetes\/pki\/etcd-ca.crt` 파일이 새로 생겼다/],
  ],
  [
    'etcd-ca',
    "the cluster's own CA is overwritten: nobody is known any more",
    ['cp /etc/kubernetes/pki/etcd/ca.crt /etc/kubernetes/pki/ca.crt'],
    [30, 0, 0],
    [/둘 다 대답하지는 않는다/, /부작용은 복구한 다음에 센다/],
  ],
  [
    'certificate-path',
    'a file of the wrong name is made',
    ['cp /etc/kubernetes/pki/ca.crt /etc/kubernetes/pki/ca-authority.crt'],
    [30, 50, 0],
    [/`--client-ca-file` 값이 `\/etc\/kubernetes\/pki\/ca-authority.crt`다/],
  ],
  [
    'certificate-path',
    'the flag is deleted: nobody is known any more',
    [`sed -i '/--client-ca-file/d' ${MANIFEST}`],
    [0, 0, 0],
    [/`--client-ca-file` 플래그가 없다/],
  ],
  [
    'service-range',
    'a range that is well formed and nobody else knows',
    [`sed -i 's|10.96.0.0/33|10.97.0.0/16|' ${MANIFEST}`],
    [0, 50, 0],
    [
      /값은 `10.97.0.0\/16`인데 이 클러스터의 대역\(`kubectl get servicecidr`\)은 `10.96.0.0\/12`이다/,
      /서비스 `kubernetes`의 주소\(`10.96.0.1`\)가 대역\(`10.97.0.0\/16`\) 밖에 있다/,
    ],
  ],
  [
    'service-range',
    'a part of the range, and the controller manager follows',
    [`sed -i 's|10.96.0.0/[0-9]*|10.96.0.0/16|' ${MANIFESTS}/kube-*.yaml`],
    [0, 50, 0],
    [/`\/etc\/kubernetes\/manifests\/kube-controller-manager.yaml`의 내용이 바뀌었다/],
  ],
  [
    'service-range',
    'the line is deleted',
    [`sed -i '/service-cluster-ip-range/d' ${MANIFEST}`],
    [0, 50, 0],
    [/`--service-cluster-ip-range` 플래그가 없다/],
  ],
  [
    'probe-port',
    'the probes are deleted',
    ['liveness', 'readiness', 'startup'].map(
      (probe) => `sed -i '/${probe}Probe:/,/timeoutSeconds/d' ${MANIFEST}`,
    ),
    [0, 50, 0],
    [/프로브가 하나도 없다/, /`startupProbe`가 없다/],
  ],
  [
    'probe-port',
    'the probe may fail for longer',
    [`sed -i 's/failureThreshold: 24/failureThreshold: 2400/' ${MANIFEST}`],
    [0, 50, 0],
    [
      /`startupProbe`가 6433 포트를 두드린다/,
      /`startupProbe`의 `failureThreshold`나 `periodSeconds`를 늘렸다/,
    ],
  ],
  [
    'probe-port',
    'the kube-apiserver moves to where the probes knock',
    [`sed -i 's/--secure-port=6443/--secure-port=6433/' ${MANIFEST}`],
    [0, 0, 0],
    [/다른 컴포넌트가 아는 kube-apiserver의 포트는 6443이다/],
  ],
  [
    'backup-manifest',
    'both files are changed',
    [
      `sed -i 's/plugins=NodeRestriction$/plugins=NodeRestriction,AlwaysPullImages/' ${MANIFEST}.bak`,
      'sleep 40',
    ],
    [0, 50, 0],
    [/`kube-apiserver.yaml.bak` 파일이 남아 있다/],
  ],
  [
    'audit-volume',
    'the flags are deleted',
    [`sed -i '/--audit-/d' ${MANIFEST}`],
    [0, 0, 0],
    [/`--audit-policy-file` 플래그가 없다/, /줄이 늘지 않는다/],
  ],
  [
    'audit-volume',
    'the log stays in the container',
    [
      `sed -i 's|^    volumeMounts:|&\\n    - mountPath: /etc/kubernetes/audit\\n      name: audit|' ${MANIFEST}`,
      `sed -i 's|^  volumes:|&\\n  - hostPath:\\n      path: /etc/kubernetes/audit\\n    name: audit|' ${MANIFEST}`,
    ],
    [30, 0, 0],
    [/로그 디렉터리도 노드의 것을 마운트해야/],
  ],
  [
    'audit-volume',
    'the log cannot be written',
    volumes('/var/log/kubernetes/audit', 'DirectoryOrCreate, readOnly'),
    [0, 0, 0],
    [/둘 다 대답하지는 않는다/],
  ],
  [
    'audit-volume',
    'the policy passes over everything',
    [
      'sed -i s/Metadata/None/ /etc/kubernetes/audit/policy.yaml',
      ...volumes('/var/log/kubernetes/audit', 'DirectoryOrCreate'),
    ],
    [30, 0, 0],
    [/정책이 요청을 기록하게 하는지/],
  ],
  [
    'kubelet-stopped',
    'it is started for today',
    ['ssh node01 systemctl start kubelet'],
    [30, 50, 0],
    [/node01이 다시 부팅되면 kubelet이 시작하지 않는다/],
  ],
  [
    'kubelet-config',
    'the line is deleted',
    [
      `ssh node01 "sed -i '/clientCAFile/d' /var/lib/kubelet/config.yaml"`,
      'ssh node01 systemctl restart kubelet',
    ],
    [0, 50, 0],
    [/`kubectl logs`와 `exec`가 막힌다/, /말고도 바뀐 줄이 있다/],
  ],
  [
    'kubelet-config',
    'a file of the wrong name is made',
    ['ssh node01 "cp /etc/kubernetes/pki/ca.crt /etc/kubernetes/pki/WRONG-CA-FILE.crt"'],
    [30, 50, 0],
    [/`\/etc\/kubernetes\/pki\/WRONG-CA-FILE.crt` 파일이 새로 생겼다/],
  ],
  [
    'kubeconfig-port',
    'a variable of this shell',
    ['export KUBECONFIG=/etc/kubernetes/admin.conf'],
    [0, 50, 20],
    [/그 셸에서만 통한다/],
  ],
  [
    'kubeconfig-port',
    "an address that is not in the server's certificate",
    ["sed -i 's|https://172.30.1.2:6433|https://127.0.0.1:6443|' ~/.kube/config"],
    [0, 0, 0],
    [/`~\/.kube\/config`의 `server`를 본다/, /쓰던 터미널에서 `kubectl get nodes`가 아직 실패한다/],
  ],
  [
    'rbac-forbidden',
    'jane may make pods, too',
    [
      'kubectl create role pods --verb=get,list,watch,create --resource=pods -n dev',
      'kubectl create rolebinding pods --role=pods --user=jane -n dev',
    ],
    [30, 50, 0],
    [/`dev`에 파드를 만들 수 있다/],
  ],
  [
    'kubelet-manifest',
    'the container is stopped, and nobody starts it again',
    ['crictl stop $(crictl ps --name kube-apiserver -q)'],
    [0, 0, 0],
    [/둘 다 대답하지는 않는다/, /is-active kubelet`이 `active`가 아니다/],
  ],
  [
    'kubelet-manifest',
    'the line is deleted, so that file and process agree',
    [`sed -i '/--profiling/d' ${MANIFEST}`, 'systemctl start kubelet'],
    [30, 0, 0],
    [/`--profiling` 플래그가 없다/],
  ],
  [
    'kubelet-manifest',
    'a copy of the manifest stays beside it',
    [`cp ${MANIFEST} ${MANIFEST}.bak`, 'systemctl start kubelet'],
    [30, 50, 0],
    [/`kube-apiserver.yaml.bak` 파일이 남아 있다/],
  ],
  [
    'certificate-expired',
    'the files are renewed and nobody reads them',
    ['kubeadm certs renew all'],
    [30, 0, 0],
    [/`Unauthorized`라면 `~\/.kube\/config`에 옛 인증서가/],
  ],
  [
    'certificate-expired',
    'the control plane goes on with what it read',
    ['kubeadm certs renew all', 'cp /etc/kubernetes/admin.conf ~/.kube/config'],
    [30, 0, 0],
    [/kube-controller-manager가 아직 일하지 못한다/],
  ],
  [
    'certificate-expired',
    'the reader alone, without a look at who the server is',
    ["sed -i 's/certificate-authority-data: .*/insecure-skip-tls-verify: true/' ~/.kube/config"],
    [0, 0, 0],
    [/내보이는 인증서를 믿을 수 없다/],
  ],
  [
    'kubeconfig-missing',
    'a variable of this shell',
    ['export KUBECONFIG=/etc/kubernetes/admin.conf'],
    [0, 50, 20],
    [/그 셸, 그 명령에서만 통한다/],
  ],
  [
    'kubeconfig-missing',
    'the key for emergencies',
    ['cp /etc/kubernetes/super-admin.conf ~/.kube/config'],
    [30, 50, 0],
    [/`super-admin.conf`는 RBAC을 거치지 않는 비상용/],
  ],
  [
    'kubeconfig-missing',
    "the kubelet's own",
    ['cp /etc/kubernetes/kubelet.conf ~/.kube/config'],
    [30, 50, 0],
    [/컴포넌트의 kubeconfig는 그 컴포넌트의 것이다/],
  ],
  [
    'rbac-forbidden',
    'jane becomes an administrator',
    ['kubectl create clusterrolebinding jane-admin --clusterrole=cluster-admin --user=jane'],
    [30, 50, 0],
    [/`dev`의 파드를 지울 수 있다/],
  ],
  [
    'pod-security',
    'the policy is switched off',
    [
      'kubectl label namespace shop pod-security.kubernetes.io/enforce-',
      'kubectl rollout restart deployment web -n shop',
    ],
    [0, 50, 0],
    [/`allowPrivilegeEscalation: false`가 없다/, /정책을 끈 것이다/],
  ],
  [
    'etcd-restore',
    'a deployment of the same name is made',
    [BACK_UP, 'kubectl create deployment web --image=nginx --replicas=2 -n prod', 'sleep 20'],
    [30, 0, 0],
    [/이름만 같은 새 디플로이먼트다/, /`canary`가 남아 있다/],
  ],
  [
    'etcd-restore',
    'only the path in the container is changed',
    [BACK_UP, RESTORE, `sed -i 's|--data-dir=.*|--data-dir=/var/lib/etcd-restore|' ${ETCD}`, 'sleep 30'],
    [30, 0, 0],
    [/etcd가 빈 데이터로 시작했다/],
  ],
  [
    'etcd-restore',
    'the kube-apiserver goes on with what it knew',
    [BACK_UP, RESTORE, HOST_PATH, 'sleep 30'],
    [30, 30, 0],
    [/복원 전의 워치 캐시\(watch cache\)로 대답한다/],
  ],
  [
    'etcd-restore',
    'the backup is a copy of the older one, and a flag is lost',
    [
      `cp ${PREVIOUS} /opt/backup/etcd.db`,
      `${RESTORE} --bump-revision 1000000000 --mark-compacted`,
      HOST_PATH,
      `sed -i '/--client-cert-auth/d' ${ETCD}`,
    ],
    [0, 50, 0],
    [/사고 뒤의 상태가 들어 있지 않다/, /상관없는 줄 `- --client-cert-auth=true`가/],
  ],
  [
    'etcd-restore',
    'there is no backup, or none that can be read',
    ['echo backup > /opt/backup/etcd.db'],
    [0, 0, 0],
    [/스냅샷이 아니거나 깨졌다/, /`web`이 아직 없다/],
  ],
];

/** Other ways that bring all points. */
const RIGHT: readonly (readonly [scenario: string, way: string, lines: readonly string[]])[] = [
  [
    'unknown-flag',
    'the manifest away and back, mended elsewhere',
    [
      `mv ${MANIFEST} /root/`,
      'sleep 10',
      "sed -i 's/modus/mode/' /root/kube-apiserver.yaml",
      `cp /root/kube-apiserver.yaml ${MANIFEST}`,
    ],
  ],
  [
    'etcd-port',
    "etcd's other address",
    [`sed -i 's|--etcd-servers=.*|--etcd-servers=https://172.30.1.2:2379|' ${MANIFEST}`],
  ],
  [
    'service-range',
    'the manifest is written anew from a copy',
    [
      `sed 's|10.96.0.0/33|10.96.0.0/12|' ${MANIFEST} > /root/new.yaml`,
      `rm ${MANIFEST}`,
      'sleep 20',
      `mv /root/new.yaml ${MANIFEST}`,
    ],
  ],
  ['unreadable-manifest', 'kubeadm writes the manifest anew', ['kubeadm init phase control-plane apiserver']],
  [
    'backup-manifest',
    'a name that the kubelet passes over',
    [`mv ${MANIFEST}.bak ${MANIFESTS}/.kube-apiserver.yaml.bak`],
  ],
  [
    'unreadable-manifest',
    'a key with a value in quotes and a comment',
    [`sed -i 's/^apiVersio: v1/apiVersion: "v1" # mended/' ${MANIFEST}`],
  ],
  [
    'etcd-port',
    'the name of the address',
    [`sed -i 's|--etcd-servers=.*|--etcd-servers=https://localhost:2379|' ${MANIFEST}`],
  ],
  [
    'backup-manifest',
    'a directory, which the kubelet does not look into',
    [`mkdir ${MANIFESTS}/old`, `mv ${MANIFEST}.bak ${MANIFESTS}/old/`],
  ],
  [
    'audit-volume',
    'two files, as the documentation has it, and how long they are kept',
    [
      'mkdir -p /var/log/kubernetes/audit',
      ...volumes('/var/log/kubernetes/audit/audit.log', 'FileOrCreate'),
      `sed -i 's|^    - --audit-log-path.*|&\n    - --audit-log-maxage=30|' ${MANIFEST}`,
    ],
  ],
  [
    'kubelet-config',
    'in quotes',
    [
      `ssh node01 "sed -i 's|clientCAFile: .*|clientCAFile: \"/etc/kubernetes/pki/ca.crt\"|' /var/lib/kubelet/config.yaml"`,
    ],
  ],
  [
    'kubeconfig-port',
    'every shell is told of another file',
    ["echo 'export KUBECONFIG=/etc/kubernetes/admin.conf' >> ~/.bashrc", 'source ~/.bashrc'],
  ],
  ['kubeconfig-port', 'the file is mended', ["sed -i 's/:6433/:6443/' ~/.kube/config"]],
  ['kubelet-manifest', 'enabled and started at once', ['systemctl enable --now kubelet']],
  [
    'kubelet-manifest',
    'the manifest away and back, and the kubelet restarted',
    [
      `mv ${MANIFEST} /root/`,
      'systemctl restart kubelet',
      'sleep 30',
      `mv /root/kube-apiserver.yaml ${MANIFEST}`,
    ],
  ],
  [
    'kubeconfig-missing',
    'what kubeadm says at the end',
    [
      'mkdir -p $HOME/.kube',
      'sudo cp -i /etc/kubernetes/admin.conf $HOME/.kube/config',
      'sudo chown $(id -u):$(id -g) $HOME/.kube/config',
    ],
  ],
  [
    'certificate-expired',
    'one after another, and all manifests away and back',
    [
      ...['apiserver', 'apiserver-kubelet-client', 'front-proxy-client', 'etcd-server', 'etcd-peer'],
      ...['etcd-healthcheck-client', 'apiserver-etcd-client', 'admin.conf', 'super-admin.conf'],
      ...['controller-manager.conf', 'scheduler.conf'],
    ]
      .map((name) => `kubeadm certs renew ${name}`)
      .concat([
        'cp /etc/kubernetes/admin.conf ~/.kube/config',
        `mkdir /root/away && mv ${MANIFESTS}/*.yaml /root/away/`,
        'sleep 30',
        `mv /root/away/*.yaml ${MANIFESTS}/`,
        'sleep 60',
      ]),
  ],
  ['kubeconfig-missing', 'a link', ['ln -s /etc/kubernetes/admin.conf ~/.kube/config']],
  [
    'kubeconfig-missing',
    'a variable of every shell',
    ["echo 'export KUBECONFIG=/etc/kubernetes/admin.conf' >> ~/.bashrc", 'source ~/.bashrc'],
  ],
  [
    'rbac-forbidden',
    'a cluster role in one namespace',
    ['kubectl create rolebinding jane-view --clusterrole=view --user=jane -n dev'],
  ],
  [
    'etcd-restore',
    'in place, with the whole control plane away',
    [
      BACK_UP,
      `mkdir /root/away && mv ${MANIFESTS}/*.yaml /root/away/`,
      'sleep 30',
      'mv /var/lib/etcd /var/lib/etcd.old',
      `etcdutl snapshot restore ${PREVIOUS} --data-dir /var/lib/etcd`,
      `mv /root/away/*.yaml ${MANIFESTS}/`,
      'sleep 60',
    ],
  ],
  [
    'etcd-restore',
    'all paths changed, the kube-apiserver stopped by crictl',
    [
      `ETCDCTL_API=3 ${BACK_UP}`,
      RESTORE,
      `sed -i 's|/var/lib/etcd$|/var/lib/etcd-restore|' ${ETCD}`,
      'sleep 30',
      'crictl stop $(crictl ps --name kube-apiserver -q)',
    ],
  ],
  [
    'etcd-restore',
    "another address and certificate, the member's own names, revisions that go on",
    [
      BACK_UP.replace('127.0.0.1', '172.30.1.2').replaceAll('server.', 'healthcheck-client.'),
      `${RESTORE} --name controlplane --initial-cluster controlplane=https://172.30.1.2:2380 --initial-advertise-peer-urls https://172.30.1.2:2380 --bump-revision 1000000000 --mark-compacted`,
      HOST_PATH,
    ],
  ],
  [
    'etcd-restore',
    "the backup is made by the pod's own etcdctl, the restore with the kube-apiserver away",
    [
      `kubectl exec -n kube-system etcd-controlplane -- ${BACK_UP.replace('/opt/backup', '/var/lib/etcd')}`,
      'mv /var/lib/etcd/etcd.db /opt/backup/',
      `mv ${MANIFEST} /root/`,
      'sleep 10',
      RESTORE,
      HOST_PATH,
      'sleep 10',
      `mv /root/kube-apiserver.yaml ${MANIFEST}`,
      'sleep 60',
    ],
  ],
  [
    'etcd-restore',
    'the database of a stopped etcd is the backup',
    [
      `mkdir /root/away && mv ${MANIFESTS}/etcd.yaml ${MANIFESTS}/kube-apiserver.yaml /root/away/`,
      'sleep 30',
      'cp /var/lib/etcd/member/snap/db /opt/backup/etcd.db',
      RESTORE,
      HOST_PATH.replace(MANIFESTS, '/root/away'),
      `mv /root/away/*.yaml ${MANIFESTS}/`,
      'sleep 60',
    ],
  ],
];

describe('a broken cluster', () => {
  beforeAll(async () => {
    checkpoint = await bootCluster({ shape: 'kubeadm', seed: LAB_SEED, settle });
  });

  it.each(SCENARIO_NAMES)('%s: has checks of all parts, hints and a page', (name) => {
    const { checks, hints, solution } = findScenario(name);
    for (const [part, points] of Object.entries(PART_POINTS)) {
      const ofPart = checks.filter((check) => check.part === part);
      expect(ofPart.reduce((sum, check) => sum + check.points, 0)).toBe(points);
    }
    expect(hints.length).toBeGreaterThanOrEqual(3);
    expect(solution.length).toBeGreaterThanOrEqual(3);
    expect(page(name)).toContain(`from '@site/src/labs/${name}.ts'`);
    expect(page(name)).not.toContain('기출');
    // Whoever wants to find the cause begins before it is shown.
    expect(page(name).indexOf('{/* #task */}')).toBeLessThan(page(name).indexOf('{/* #symptom */}'));
  });

  it.each(SCENARIO_NAMES)('%s: shows what its page says, and is not mended by itself', async (name) => {
    const lab = await open(name);
    const [, block = ''] = /```bash live[^\n]*\n(.*?)```/s.exec(page(name)) ?? [];
    const shown = await run(lab, block.trim().split('\n'));
    const [, heading = ''] = /^## `(.*?)` \{/m.exec(page(name)) ?? [];
    expect(shown).toMatch(pattern(heading));
    const [, symptom = ''] = /symptom: >-\n {4}(.*)\n/.exec(page(name)) ?? [];
    expect(shown).toMatch(pattern(symptom));
    const before = { ...lab.status, written: lab.trace.at(-1)?.sequence };
    const graded = await grade(lab);
    expect(graded).toMatchObject({ earned: 0, passed: false });
    expect(partsOf(graded).reasons).toContain('부작용은 복구한 다음에 센다');
    // It is a copy that was graded.
    expect({ ...lab.status, written: lab.trace.at(-1)?.sequence }).toEqual(before);
    lab.close();
  });

  it.each(SCENARIO_NAMES)('%s: the solution brings all points', async (name) => {
    const lab = await open(name);
    await run(lab, findScenario(name).solution);
    const graded = await grade(lab);
    expect(partsOf(graded)).toEqual({ points: [30, 50, 20], reasons: '' });
    expect(graded.passed).toBe(true);
    lab.close();
  });

  it.each(RIGHT)('%s: all points, %s', async (name, _, lines) => {
    const lab = await open(name);
    await run(lab, lines);
    expect(partsOf(await grade(lab))).toEqual({ points: [30, 50, 20], reasons: '' });
    lab.close();
  });

  it.each(COSTLY)('%s: points are lost where %s', async (name, _, lines, points, reasons) => {
    const lab = await open(name);
    await run(lab, lines);
    const parts = partsOf(await grade(lab));
    expect(parts.points, parts.reasons).toEqual(points);
    for (const reason of reasons) expect(parts.reasons).toMatch(reason);
    lab.close();
  });

  it('is the same in every lab, and nothing of how it was broken is in the log', async () => {
    const lab = await open('unknown-flag');
    expect(lab.log.entries).toEqual([]);
    expect(lab.status.time).toBe(0);
    await run(lab, ['echo mine > /root/mine', 'sleep 7']);
    const copy = await fork(lab);
    expect(copy.status).toEqual(lab.status);
    expect(copy.log).toEqual(lab.log);
    expect(copy.cluster.machines.get('controlplane')!.files.read('/root/mine')).toBe('mine\n');
  });

  it('cannot be one that nobody knows', async () => {
    await expect(open('nonsense')).rejects.toThrow('there is no scenario "nonsense"');
    const lab = await Lab.open(host, { id: 'page', shape: 'kubeadm', seed: LAB_SEED });
    await expect(grade(lab)).rejects.toThrow('nothing in this lab is graded');
  });
});
