import { all, APISERVER_MANIFEST, otherManifestsKept, succeeds, untouched } from './checks.ts';
import type { Scenario } from './scenario.ts';

const ADMIN = 'kubernetes-admin';
const WHO = "kubectl auth whoami -o jsonpath='{.status.userInfo.username}'";

const scenario: Scenario = {
  breaks: ['rm /root/.kube/config'],
  goal: '새로 연 셸에서도 `kubectl get nodes`가 클러스터 관리자 `kubernetes-admin`으로 대답하게 한다. 서버의 설정은 건드리지 않는다.',
  hints: [
    '오류 문구의 주소를 본다. `localhost:8080`은 이 클러스터의 어디에도 없는 주소다. kubectl이 아무 설정도 찾지 못했을 때 쓰는 기본값이다.',
    'kubectl이 설정을 찾는 순서는 `--kubeconfig`, 환경 변수 `KUBECONFIG`, `~/.kube/config`다. `ls -la ~/.kube`와 `kubectl config view`로 확인한다.',
    'kubeadm은 관리자의 kubeconfig를 `/etc/kubernetes/admin.conf`에 남긴다. 같은 디렉터리의 `super-admin.conf`와 `kubelet.conf`도 동작은 하지만 쓰라고 둔 것이 아니다. `grep user: /etc/kubernetes/*.conf`로 누구의 것인지 본다.',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: '새로 연 셸에서 `kubectl get nodes`가 성공한다.',
      find: succeeds(
        'kubectl get nodes',
        'new',
        '새로 연 셸에서는 아직 설정을 찾지 못한다. `export KUBECONFIG=…`나 `--kubeconfig`는 그 셸, 그 명령에서만 통한다.',
      ),
    },
    {
      part: 'repair',
      points: 50,
      what: '쓰던 터미널에서 `kubectl get nodes`가 성공한다.',
      find: succeeds('kubectl get nodes', 'own', '`kubectl get nodes`가 아직 실패한다.'),
    },
    {
      part: 'side-effects',
      points: 20,
      what: 'kubectl은 `kubernetes-admin`으로 묻고, `/etc/kubernetes`의 파일은 그대로다.',
      find: all(
        succeeds(
          `test "$(${WHO})" = ${ADMIN}`,
          'own',
          '`kubernetes-admin`이 아닌 신원으로 묻고 있다. `super-admin.conf`는 RBAC을 거치지 않는 비상용이고, 컴포넌트의 kubeconfig는 그 컴포넌트의 것이다.',
        ),
        untouched(['/etc/kubernetes/', APISERVER_MANIFEST]),
        otherManifestsKept,
      ),
    },
  ],
  solution: [
    'kubectl get nodes',
    'ls -la ~/.kube',
    'crictl ps | grep kube-apiserver',
    'mkdir -p ~/.kube',
    'cp /etc/kubernetes/admin.conf ~/.kube/config',
    'kubectl get nodes',
    'kubectl auth whoami',
  ],
};

export default scenario;
