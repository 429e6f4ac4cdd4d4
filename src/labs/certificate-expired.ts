import { all, APISERVER_MANIFEST, eventually, otherManifestsKept, succeeds, untouched } from './checks.ts';
import type { Check, GradedCluster, Scenario } from './scenario.ts';

const PKI = '/etc/kubernetes/pki';
const AUTHORITIES = ['ca', 'etcd/ca', 'front-proxy-ca', 'sa'];
/** A leader renews its lease at least this often. */
const LEASE_SECONDS = 15;

/** A component of the control plane still leads: its lease is renewed. */
async function leads(cluster: GradedCluster, component: string): Promise<boolean> {
  const renewed = async () => {
    const path = `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${component}`;
    const answer = await cluster.request('GET', path);
    return answer?.status === 200
      ? (JSON.parse(answer.body) as { spec: { renewTime?: string } }).spec.renewTime
      : undefined;
  };
  const before = await renewed();
  await cluster.pass(LEASE_SECONDS);
  return before !== undefined && (await renewed()) !== before;
}

const componentsLead: Check['find'] = async (cluster) => {
  for (const component of ['kube-controller-manager', 'kube-scheduler']) {
    if (await eventually(cluster, () => leads(cluster, component), 6)) continue;
    return `${component}가 아직 일하지 못한다. 파일을 갱신해도 이미 떠 있는 프로세스는 시작할 때 읽은 인증서를 쓴다.`;
  }
  return undefined;
};

const scenario: Scenario = {
  breaks: [
    `kubectl -n kube-system get configmap kubeadm-config -o jsonpath='{.data.ClusterConfiguration}' | sed 's/^certificateValidityPeriod:.*/certificateValidityPeriod: 2m0s/' > /tmp/short.yaml`,
    'kubeadm certs renew all --config /tmp/short.yaml',
    'cp /etc/kubernetes/admin.conf /root/.kube/config',
    'crictl stop $(crictl ps --name kube-controller-manager -q) $(crictl ps --name kube-scheduler -q)',
    'rm /tmp/short.yaml',
    'sleep 200',
  ],
  goal: '컨트롤 플레인의 인증서를 갱신해서 `kubectl`이 다시 대답하고, 스케줄러와 컨트롤러 매니저도 다시 일하게 한다. CA는 그대로 둔다.',
  hints: [
    '`crictl ps`를 보면 kube-apiserver는 `Running`이다. 서버가 죽은 것이 아니라 서로를 믿지 못하는 것이다. 오류 문구의 두 시각을 비교한다.',
    '`kubeadm certs check-expiration`이 인증서마다 남은 시간을 보여 준다. CA는 10년, 나머지는 1년짜리다. 무엇이 만료되었고 무엇이 살아 있는가?',
    '`kubeadm certs renew all`은 파일만 바꾼다. kube-apiserver와 etcd는 제 인증서 파일을 다시 읽지만, kubeconfig에 든 인증서는 시작할 때 한 번 읽는다. `~/.kube/config`도 복사본이라 옛것이다.',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: 'kube-apiserver가 내보이는 인증서의 유효 기간이 남아 있다.',
      find: succeeds(
        `curl -s --cacert ${PKI}/ca.crt https://172.30.1.2:6443/livez`,
        'new',
        'kube-apiserver가 내보이는 인증서를 믿을 수 없다. `kubeadm certs check-expiration`으로 남은 시간을 본다.',
      ),
    },
    {
      part: 'repair',
      points: 50,
      what: '새로 연 셸에서 `kubectl get nodes`가 성공하고, 컨트롤러 매니저와 스케줄러가 일한다.',
      find: all(
        succeeds(
          'kubectl get nodes',
          'new',
          '새로 연 셸에서 `kubectl get nodes`가 실패한다. `Unauthorized`라면 `~/.kube/config`에 옛 인증서가 남은 것이다.',
        ),
        componentsLead,
      ),
    },
    {
      part: 'side-effects',
      points: 20,
      what: 'CA와 서비스 어카운트의 키, 매니페스트가 그대로다.',
      find: all(
        untouched(
          AUTHORITIES.flatMap((name) => [
            `${PKI}/${name}.${name === 'sa' ? 'pub' : 'crt'}`,
            `${PKI}/${name}.key`,
          ]),
        ),
        untouched([APISERVER_MANIFEST]),
        otherManifestsKept,
      ),
    },
  ],
  solution: [
    'kubectl get nodes',
    'kubeadm certs check-expiration',
    'kubeadm certs renew all',
    'cp /etc/kubernetes/admin.conf ~/.kube/config',
    'crictl stop $(crictl ps --name kube-controller-manager -q) $(crictl ps --name kube-scheduler -q)',
    'sleep 30',
    'kubectl get nodes',
    'kubeadm certs check-expiration',
  ],
};

export default scenario;
