import { all, APISERVER_MANIFEST, MANIFESTS, otherManifestsKept, succeeds, untouched } from './checks.ts';
import type { Scenario } from './scenario.ts';

const KUBECONFIG = '/root/.kube/config';

const scenario: Scenario = {
  breaks: [`sed -i 's/:6443/:6433/' ${KUBECONFIG}`],
  goal: '새로 연 셸에서도 `kubectl get nodes`가 대답하게 한다. 서버의 설정은 건드리지 않는다.',
  hints: [
    '오류 문구의 포트 번호를 소리 내어 읽어 본다.',
    '서버가 멈춘 것인지부터 가린다. `crictl ps | grep kube-apiserver`에 `Running`이 보이고, `curl -k https://172.30.1.2:6443/livez`도 대답한다. 서버는 멀쩡하다.',
    'kubectl이 어디로 연결하는지는 `kubectl config view --minify`에 있다. 파일은 `~/.kube/config`이고, kubeadm이 만든 원본은 `/etc/kubernetes/admin.conf`다.',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: '새로 연 셸에서 `kubectl get nodes`가 성공한다.',
      find: async (cluster) => {
        if ((await cluster.run('kubectl get nodes', 'new')) === 0) return undefined;
        return (await cluster.run('kubectl get nodes', 'own')) === 0
          ? '새로 연 셸에서는 아직 연결되지 않는다. `export KUBECONFIG=…`는 그 셸에서만 통한다. `~/.kube/config`를 고친다.'
          : '새로 연 셸에서도 `kubectl get nodes`가 아직 실패한다. `~/.kube/config`의 `server`를 본다.';
      },
    },
    {
      part: 'repair',
      points: 50,
      what: '쓰던 터미널에서 `kubectl get nodes`가 성공한다.',
      find: succeeds('kubectl get nodes', 'own', '쓰던 터미널에서 `kubectl get nodes`가 아직 실패한다.'),
    },
    {
      part: 'side-effects',
      points: 20,
      what: '`admin.conf`와 매니페스트는 그대로다. 서버에는 고칠 것이 없었다.',
      find: all(
        untouched(['/etc/kubernetes/admin.conf', APISERVER_MANIFEST, `${MANIFESTS}/`]),
        otherManifestsKept,
      ),
    },
  ],
  solution: [
    'kubectl get nodes',
    'crictl ps | grep kube-apiserver',
    'kubectl config view --minify | grep server',
    'cp /etc/kubernetes/admin.conf ~/.kube/config',
    'kubectl get nodes',
  ],
};

export default scenario;
