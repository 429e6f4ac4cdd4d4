import {
  all,
  APISERVER_MANIFEST,
  APISERVER_STAYS,
  flag,
  otherFlagsKept,
  otherManifestsKept,
  runningFlag,
  untouched,
} from './checks.ts';
import type { Scenario } from './scenario.ts';

/** The same for every way to write an address: localhost is a name for 127.0.0.1. */
function placeOf(url: string): string {
  return url.replace(/\/$/, '').replace('//localhost:', '//127.0.0.1:');
}

const scenario: Scenario = {
  breaks: [
    `sed -i 's/--etcd-servers=https:..127.0.0.1:2379/--etcd-servers=https:\\/\\/127.0.0.1:2380/' ${APISERVER_MANIFEST}`,
    'sleep 100',
  ],
  goal: 'kube-apiserver가 다시 뜨고 `kubectl get nodes`가 대답하게 한다. etcd의 설정은 건드리지 않는다.',
  hints: [
    '`kubectl`의 오류가 `TLS handshake timeout`, `connection reset by peer`, `refused`로 바뀐다. 프로세스가 떴다가 준비되기 전에 죽기를 되풀이한다는 뜻이다.',
    '`crictl logs`의 마지막 줄(`F`로 시작)은 결과이고, 원인은 그 위에 되풀이되는 `W` 줄에 있다. 어느 주소에 연결하지 못했는지 본다.',
    'etcd는 클라이언트를 받는 포트와 다른 멤버를 받는 포트가 다르다. `grep listen /etc/kubernetes/manifests/etcd.yaml`과 `--etcd-servers`를 견준다.',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: '실행 중인 kube-apiserver의 `--etcd-servers`가 etcd가 클라이언트를 받는 주소다.',
      find: flag('etcd-servers', async (servers, cluster) => {
        const listening = runningFlag(cluster, 'etcd', 'listen-client-urls');
        if (listening === undefined) return '실행 중인 etcd가 없다.';
        const places = new Set(listening.split(',').map(placeOf));
        const wrong = servers.split(',').find((server) => !places.has(placeOf(server)));
        return wrong === undefined
          ? undefined
          : `etcd는 \`${wrong}\`에서 클라이언트를 받지 않는다. \`--listen-client-urls\`가 \`${listening}\`다.`;
      }),
    },
    APISERVER_STAYS,
    {
      part: 'side-effects',
      points: 20,
      what: '`etcd.yaml`과 인증서, 다른 플래그는 그대로다.',
      find: all(
        otherManifestsKept,
        otherFlagsKept('etcd-servers'),
        untouched(['/etc/kubernetes/pki/', '/etc/kubernetes/pki/etcd/']),
      ),
    },
  ],
  solution: [
    'kubectl get --raw /readyz',
    'crictl logs $(crictl ps -a --name kube-apiserver -q | head -1) 2>&1 | tail -2',
    'grep listen /etc/kubernetes/manifests/etcd.yaml',
    `grep etcd-servers ${APISERVER_MANIFEST}`,
    `sed -i 's/127.0.0.1:2380/127.0.0.1:2379/' ${APISERVER_MANIFEST}`,
    'sleep 40',
    'kubectl get nodes',
  ],
};

export default scenario;
