import {
  all,
  APISERVER_MANIFEST,
  APISERVER_STAYS,
  flagNames,
  otherFlagsKept,
  otherManifestsKept,
  untouched,
} from './checks.ts';
import type { Scenario } from './scenario.ts';

const ETCD_CA = '/etc/kubernetes/pki/etcd/ca.crt';

const scenario: Scenario = {
  breaks: [
    `sed -i 's/--etcd-cafile=.*/--etcd-cafile=\\/etc\\/kubernetes\\/pki\\/ca.crt/' ${APISERVER_MANIFEST}`,
    'sleep 100',
  ],
  goal: 'kube-apiserver가 다시 뜨고 `kubectl get nodes`가 대답하게 한다. etcd의 설정과 인증서는 건드리지 않는다.',
  hints: [
    '증상은 `TLS handshake timeout` 실습과 같다. 다른 것은 `crictl logs`의 `W` 줄이다. 이번에는 연결이 되었고, 그다음에 실패했다.',
    '`x509: certificate signed by unknown authority`는 상대가 내민 인증서를 발급한 CA를 내가 모른다는 뜻이다. 누가 누구의 인증서를 확인하다 실패했는지 생각해 본다.',
    'kubeadm은 etcd에 따로 CA를 둔다. `ls /etc/kubernetes/pki/etcd`와 `grep etcd- /etc/kubernetes/manifests/kube-apiserver.yaml`을 견준다. etcd의 인증서를 누가 발급했는지는 `openssl verify -CAfile /etc/kubernetes/pki/ca.crt /etc/kubernetes/pki/etcd/server.crt`처럼 확인할 수 있다.',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: '실행 중인 kube-apiserver의 `--etcd-cafile`이 etcd의 CA다.',
      find: flagNames('etcd-cafile', ETCD_CA, (path) => `\`${path}\`는 etcd의 인증서를 발급한 CA가 아니다.`),
    },
    APISERVER_STAYS,
    {
      part: 'side-effects',
      points: 20,
      what: '`etcd.yaml`과 인증서 파일, 다른 플래그는 그대로다.',
      find: all(
        otherManifestsKept,
        otherFlagsKept('etcd-cafile'),
        untouched(['/etc/kubernetes/pki/', '/etc/kubernetes/pki/etcd/']),
      ),
    },
  ],
  solution: [
    'kubectl get --raw /readyz',
    'crictl logs $(crictl ps -a --name kube-apiserver -q | head -1) 2>&1 | tail -2',
    `grep etcd- ${APISERVER_MANIFEST}`,
    'ls /etc/kubernetes/pki/etcd',
    `sed -i 's/--etcd-cafile=.*/--etcd-cafile=\\/etc\\/kubernetes\\/pki\\/etcd\\/ca.crt/' ${APISERVER_MANIFEST}`,
    'sleep 40',
    'kubectl get nodes',
  ],
};

export default scenario;
