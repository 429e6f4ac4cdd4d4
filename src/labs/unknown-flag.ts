import {
  all,
  APISERVER_MANIFEST,
  APISERVER_STAYS,
  authorizationHolds,
  flagIs,
  otherFlagsKept,
  otherManifestsKept,
} from './checks.ts';
import type { Scenario } from './scenario.ts';

const scenario: Scenario = {
  breaks: [`sed -i 's/--authorization-mode=/--authorization-modus=/' ${APISERVER_MANIFEST}`, 'sleep 90'],
  goal: 'kube-apiserver가 다시 뜨고 `kubectl get nodes`가 대답하게 한다. 인가 설정은 처음처럼 `Node,RBAC`여야 한다.',
  hints: [
    '6443 포트에서 듣는 프로세스가 없다(`ss -tlnp | grep 6443`). `crictl ps -a | grep kube-apiserver`로 컨테이너가 있는지, ATTEMPT가 느는지 본다.',
    '컨테이너가 있고 `Exited`라면 마지막 말을 남겼다. `crictl logs`에 그 컨테이너의 ID를 주거나 `/var/log/pods`의 로그를 읽는다.',
    '로그가 이름을 댄 플래그를 `/etc/kubernetes/manifests/kube-apiserver.yaml`에서 찾는다. 지울 것이 아니라 옳은 이름으로 고친다. 그 플래그가 무슨 일을 하는지 생각해 본다.',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: '실행 중인 kube-apiserver의 `--authorization-mode`가 `Node,RBAC`다.',
      find: flagIs('authorization-mode', 'Node,RBAC'),
    },
    APISERVER_STAYS,
    {
      part: 'side-effects',
      points: 20,
      what: '인가가 살아 있고, 다른 플래그와 매니페스트는 그대로다.',
      find: all(
        authorizationHolds,
        otherFlagsKept('authorization-modus', 'authorization-mode'),
        otherManifestsKept,
      ),
    },
  ],
  solution: [
    'kubectl get --raw /readyz',
    'crictl ps -a | grep kube-apiserver',
    'crictl logs $(crictl ps -a --name kube-apiserver -q | head -1)',
    `sed -i 's/--authorization-modus=/--authorization-mode=/' ${APISERVER_MANIFEST}`,
    'sleep 40',
    'kubectl get --raw /readyz',
    'kubectl get nodes',
  ],
};

export default scenario;
