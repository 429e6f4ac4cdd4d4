import { all, apiReady, APISERVER_MANIFEST, flagIs, otherFlagsKept, otherManifestsKept } from './checks.ts';
import type { Scenario } from './scenario.ts';

const POLICY = '/etc/kubernetes/audit/policy.yaml';
const LOG = '/var/log/kubernetes/audit/audit.log';

/** Whoever keeps a log may say for how long. */
const ROTATION = ['audit-log-maxage', 'audit-log-maxbackup', 'audit-log-maxsize'];

const scenario: Scenario = {
  breaks: [
    'mkdir -p /etc/kubernetes/audit',
    `printf 'apiVersion: audit.k8s.io/v1\\nkind: Policy\\nrules:\\n- level: Metadata\\n' > ${POLICY}`,
    `sed -i 's|^    - --authorization-mode|    - --audit-log-path=${LOG}\\n    - --audit-policy-file=${POLICY}\\n&|' ${APISERVER_MANIFEST}`,
    'sleep 90',
  ],
  goal: '감사(audit) 로그를 켠 채로 kube-apiserver가 뜨게 한다. 로그는 controlplane의 `/var/log/kubernetes/audit/audit.log`에 쌓여야 한다.',
  hints: [
    '로그는 `policy.yaml`이 없다고 하는데 `cat /etc/kubernetes/audit/policy.yaml`은 된다. 누가 보는 파일 시스템인가?',
    '컨테이너는 노드의 파일을 `volumeMounts`로 받은 것만 본다. `grep -A20 volumeMounts /etc/kubernetes/manifests/kube-apiserver.yaml`에 어떤 경로가 있는지 본다.',
    '`volumes`에 `hostPath` 둘(`/etc/kubernetes/audit`, `/var/log/kubernetes/audit`), `volumeMounts`에 같은 이름 둘을 더한다. 로그 쪽은 써야 하므로 `readOnly`를 붙이지 않는다.',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: '실행 중인 kube-apiserver가 감사 정책 파일을 읽었다.',
      find: flagIs('audit-policy-file', POLICY),
    },
    {
      part: 'repair',
      points: 50,
      what: 'kube-apiserver가 20초 동안 준비 상태를 지키고, 노드의 `audit.log`에 `ResponseComplete` 줄이 늘어난다.',
      find: all(apiReady(20), async (cluster) => {
        const lines = () => (cluster.read(LOG) ?? '').split('"stage":"ResponseComplete"').length;
        const before = lines();
        await cluster.request('GET', '/api/v1/namespaces');
        await cluster.pass(5);
        if (lines() > before) return undefined;
        const why =
          cluster.read(LOG) === undefined
            ? '로그 디렉터리도 노드의 것을 마운트해야 노드에 남는다.'
            : '파일은 있다. 정책이 요청을 기록하게 하는지, 마운트한 곳이 맞는지 본다.';
        return `kube-apiserver는 뜨지만, 요청을 보내도 controlplane의 \`${LOG}\`에 줄이 늘지 않는다. ${why}`;
      }),
    },
    {
      part: 'side-effects',
      points: 20,
      what: '감사 플래그가 살아 있고, 다른 플래그와 매니페스트는 그대로다.',
      find: all(flagIs('audit-log-path', LOG), otherFlagsKept(...ROTATION), otherManifestsKept),
    },
  ],
  solution: [
    'crictl logs $(crictl ps -a --name kube-apiserver -q | head -1)',
    `cat ${POLICY}`,
    `sed -i 's|^    volumeMounts:|&\\n    - mountPath: /etc/kubernetes/audit\\n      name: audit-policy\\n      readOnly: true\\n    - mountPath: /var/log/kubernetes/audit\\n      name: audit-log|' ${APISERVER_MANIFEST}`,
    `sed -i 's|^  volumes:|&\\n  - hostPath:\\n      path: /etc/kubernetes/audit\\n      type: Directory\\n    name: audit-policy\\n  - hostPath:\\n      path: /var/log/kubernetes/audit\\n      type: DirectoryOrCreate\\n    name: audit-log|' ${APISERVER_MANIFEST}`,
    'sleep 40',
    'kubectl get nodes',
    `tail -1 ${LOG}`,
  ],
};

export default scenario;
