import {
  all,
  APISERVER_MANIFEST,
  APISERVER_STAYS,
  flag,
  otherFlagsKept,
  otherManifestsKept,
  untouched,
} from './checks.ts';
import type { Scenario } from './scenario.ts';

const FLAG = 'service-cluster-ip-range';
const CONTROLLER_MANAGER = '/etc/kubernetes/manifests/kube-controller-manager.yaml';

interface ServiceCidr {
  readonly spec: { readonly cidrs: readonly string[] };
}

interface ServiceList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly clusterIP?: string };
  }[];
}

/** Is the IPv4 address within the range, "10.96.0.0/12"? */
function contains(range: string, address: string): boolean {
  const number = (text = '') => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const [base, bits] = range.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(base) / size) === Math.floor(number(address) / size);
}

/** Whatever the range is, the services that there were keep their addresses: those must be of it. */
const servicesAreWithin = flag(FLAG, async (range, cluster) => {
  const { body = '{"items":[]}' } = (await cluster.request('GET', '/api/v1/services')) ?? {};
  const stray = (JSON.parse(body) as ServiceList).items.find(
    ({ spec: { clusterIP = 'None' } }) => clusterIP !== 'None' && !contains(range, clusterIP),
  );
  return stray === undefined
    ? undefined
    : `이미 있던 서비스 \`${stray.metadata.name}\`의 주소(\`${stray.spec.clusterIP}\`)가 대역(\`${range}\`) 밖에 있다.`;
});

const scenario: Scenario = {
  breaks: [`sed -i 's|--${FLAG}=10.96.0.0/12|--${FLAG}=10.96.0.0/33|' ${APISERVER_MANIFEST}`, 'sleep 90'],
  goal: 'kube-apiserver가 다시 뜨고, 이 클러스터가 써 온 서비스 대역을 그대로 쓰게 한다.',
  hints: [
    '컨테이너가 뜨자마자 죽는다. `crictl logs`의 한 줄이 어느 플래그의 값이 잘못되었는지 말한다. `[0]`은 쉼표로 나눈 목록의 첫 번째라는 뜻이다.',
    'IPv4 대역의 `/` 뒤는 32를 넘을 수 없다. 그렇다고 아무 대역이나 적으면 안 된다. 이미 만들어진 서비스와 인증서가 옛 대역의 주소를 쓴다.',
    `원래 값은 다른 곳에도 적혀 있다. \`grep ${FLAG} ${CONTROLLER_MANAGER}\`. 서버가 뜬 뒤에는 \`kubectl get servicecidr\`과 \`kubectl get service kubernetes\`(그 대역의 첫 주소)로 맞는지 확인한다.`,
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: `실행 중인 kube-apiserver의 \`--${FLAG}\`가 ServiceCIDR \`kubernetes\`의 대역과 같다.`,
      find: flag(FLAG, async (range, cluster) => {
        const known = await cluster.stored<ServiceCidr>('/registry/servicecidrs/kubernetes');
        const wanted = known?.spec.cidrs.join(',');
        return range === wanted
          ? undefined
          : `실행 중인 kube-apiserver의 값은 \`${range}\`인데 이 클러스터의 대역(\`kubectl get servicecidr\`)은 \`${wanted ?? '없음'}\`이다. 올바른 형식이라고 맞는 값은 아니다.`;
      }),
    },
    {
      ...APISERVER_STAYS,
      find: all(APISERVER_STAYS.find, async (cluster) => {
        const service = {
          ...{
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { generateName: 'graded-', namespace: 'default' },
          },
          spec: { ports: [{ port: 80 }] },
        };
        const made = await cluster.request('POST', '/api/v1/namespaces/default/services', service);
        return made?.status === 201 ? undefined : '새 서비스를 만들 수 없다.';
      }),
      what: 'kube-apiserver가 20초 동안 다시 시작하지 않고 준비 상태를 지키며, 새 서비스를 만들 수 있다.',
    },
    {
      part: 'side-effects',
      points: 20,
      what: '이미 있던 서비스의 주소가 모두 그 대역 안에 있고, `kube-controller-manager.yaml`과 인증서, 다른 플래그는 그대로다.',
      find: all(
        servicesAreWithin,
        otherManifestsKept,
        otherFlagsKept(FLAG),
        untouched(['/etc/kubernetes/pki/', '/etc/kubernetes/pki/etcd/']),
      ),
    },
  ],
  solution: [
    'crictl logs $(crictl ps -a --name kube-apiserver -q | head -1)',
    `grep ${FLAG} /etc/kubernetes/manifests/*.yaml`,
    `sed -i 's|10.96.0.0/33|10.96.0.0/12|' ${APISERVER_MANIFEST}`,
    'sleep 40',
    'kubectl get servicecidr',
    'kubectl get service kubernetes',
  ],
};

export default scenario;
