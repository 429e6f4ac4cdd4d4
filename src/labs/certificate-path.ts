import {
  all,
  APISERVER_MANIFEST,
  APISERVER_STAYS,
  flagIs,
  flagNames,
  otherFlagsKept,
  otherManifestsKept,
  untouched,
} from './checks.ts';
import type { Scenario } from './scenario.ts';

const CLUSTER_CA = '/etc/kubernetes/pki/ca.crt';

const scenario: Scenario = {
  breaks: [
    `sed -i 's/--client-ca-file=.*/--client-ca-file=\\/etc\\/kubernetes\\/pki\\/ca-authority.crt/' ${APISERVER_MANIFEST}`,
    'sleep 90',
  ],
  goal: 'kube-apiserver가 다시 뜨고 `kubectl get nodes`가 대답하게 한다. 인증서 디렉터리는 그대로 둔다.',
  hints: [
    '`crictl ps -a`의 ATTEMPT가 는다. 컨테이너가 있으니 `crictl logs`를 본다.',
    '`open …: no such file or directory`는 적힌 그대로다. 그 파일이 정말 없는지, 비슷한 이름의 파일이 있는지 `ls /etc/kubernetes/pki`로 본다.',
    '파일을 만들어 맞추면 뜨기는 한다. 그러나 틀린 것은 파일이 아니라 그 파일을 가리키는 플래그다. `grep client-ca-file /etc/kubernetes/manifests/kube-apiserver.yaml`',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: '실행 중인 kube-apiserver가 클러스터의 CA로 클라이언트 인증서를 확인한다.',
      find: flagNames(
        'client-ca-file',
        CLUSTER_CA,
        (path) => `\`${path}\`는 클러스터의 CA가 아니다. \`admin.conf\`의 인증서를 확인하지 못한다.`,
      ),
    },
    APISERVER_STAYS,
    {
      part: 'side-effects',
      points: 20,
      what: '`--client-ca-file`이 `/etc/kubernetes/pki/ca.crt`이고, 인증서 디렉터리에 새 파일이 없다.',
      find: all(
        flagIs('client-ca-file', CLUSTER_CA),
        untouched(['/etc/kubernetes/pki/']),
        otherFlagsKept('client-ca-file'),
        otherManifestsKept,
      ),
    },
  ],
  solution: [
    'crictl ps -a | grep kube-apiserver',
    'crictl logs $(crictl ps -a --name kube-apiserver -q | head -1)',
    'ls /etc/kubernetes/pki',
    `sed -i 's/ca-authority.crt/ca.crt/' ${APISERVER_MANIFEST}`,
    'sleep 40',
    'kubectl get nodes',
  ],
};

export default scenario;
