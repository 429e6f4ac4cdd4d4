import {
  all,
  apiReady,
  APISERVER_MANIFEST,
  flagIs,
  nodeReady,
  otherManifestsKept,
  unitActive,
  unitEnabled,
  untouched,
} from './checks.ts';
import type { Scenario } from './scenario.ts';

const scenario: Scenario = {
  breaks: [
    'systemctl stop kubelet',
    `sed -i 's|^    - --proxy-client-cert-file|    - --profiling=false\\n&|' ${APISERVER_MANIFEST}`,
    'sleep 90',
  ],
  goal: '`kube-apiserver.yaml`에 적힌 `--profiling=false`가 실행 중인 kube-apiserver에 쓰이게 한다. 파일은 이미 옳게 고쳐져 있다.',
  hints: [
    '파일과 프로세스를 견준다. 파일에는 `--profiling=false`가 있고 프로세스에는 없다. 매니페스트를 읽어 컨테이너로 만드는 것은 누구인가?',
    '`kubectl get nodes`에서 controlplane이 `NotReady`다. 그런데 API 서버는 대답한다. 컨테이너는 kubelet의 자식이 아니라 컨테이너 런타임의 것이라, kubelet이 멈춰도 돈다.',
    '`systemctl status kubelet`을 본다. 실패한 것인지(`failed`, `auto-restart`) 누가 멈춘 것인지(`inactive (dead)`, `status=0/SUCCESS`) 가린 뒤에 시작한다.',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: 'controlplane의 kubelet이 돌고 있다.',
      find: unitActive('kubelet', 'controlplane'),
    },
    {
      part: 'repair',
      points: 50,
      what: '실행 중인 kube-apiserver의 `--profiling`이 `false`이고 20초 동안 준비 상태를 지키며, controlplane이 `Ready`다.',
      find: all(apiReady(20), flagIs('profiling', 'false'), nodeReady('controlplane', 60)),
    },
    {
      part: 'side-effects',
      points: 20,
      what: '매니페스트는 모두 그대로이고, kubelet은 부팅할 때 시작한다.',
      find: all(
        untouched([APISERVER_MANIFEST, '/var/lib/kubelet/config.yaml', '/etc/kubernetes/kubelet.conf']),
        otherManifestsKept,
        unitEnabled('kubelet', 'controlplane'),
      ),
    },
  ],
  solution: [
    `grep profiling ${APISERVER_MANIFEST}`,
    "ps aux | grep '[k]ube-apiserver' | grep -c profiling",
    'kubectl get nodes',
    'systemctl status kubelet | head -5',
    'systemctl start kubelet',
    'sleep 60',
    "ps aux | grep '[k]ube-apiserver' | grep -c profiling",
    'kubectl get nodes',
  ],
};

export default scenario;
