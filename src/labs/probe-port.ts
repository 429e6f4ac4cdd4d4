import { all, apiReady, APISERVER_MANIFEST, otherFlagsKept, otherManifestsKept } from './checks.ts';
import type { GradedCluster, Scenario } from './scenario.ts';

const PROBES = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;

interface Probe {
  readonly httpGet?: { readonly port: number | string };
  readonly failureThreshold?: number;
  readonly periodSeconds?: number;
}
type Container = { readonly [probe in (typeof PROBES)[number]]?: Probe } & {
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
};

/** The container of the kube-apiserver, as the mirror pod shows it. */
async function apiserverContainer(cluster: Pick<GradedCluster, 'stored'>): Promise<Container> {
  const key = '/registry/pods/kube-system/kube-apiserver-controlplane';
  const pod = await cluster.stored<{ readonly spec: { readonly containers: readonly Container[] } }>(key);
  return pod?.spec.containers[0] ?? {};
}

function portOf({ ports = [] }: Container, { httpGet }: Probe): number | string | undefined {
  const port = httpGet?.port;
  return ports.find(({ name }) => name === port)?.containerPort ?? port;
}

/** A probe that may fail for longer than it might hides that something is wrong. */
async function patienceKept(cluster: GradedCluster): Promise<string | undefined> {
  const before = await apiserverContainer(await cluster.beginning());
  const now = await apiserverContainer(cluster);
  const patience = ({ failureThreshold = 0, periodSeconds = 0 }: Probe = {}) =>
    failureThreshold * periodSeconds;
  const changed = PROBES.find((name) => patience(now[name]) > patience(before[name]));
  return changed === undefined
    ? undefined
    : `\`${changed}\`의 \`failureThreshold\`나 \`periodSeconds\`를 늘렸다. 실패를 늦게 알아채게 했을 뿐이다.`;
}

const scenario: Scenario = {
  breaks: [`sed -i 's/containerPort: 6443/containerPort: 6433/' ${APISERVER_MANIFEST}`, 'sleep 300'],
  goal: 'kube-apiserver가 4분마다 다시 시작하지 않게 한다. 프로브는 셋 다 있어야 한다.',
  hints: [
    '`kubectl`이 됐다 안 됐다 한다. 될 때 `kubectl get pods -n kube-system`을 보면 kube-apiserver의 READY가 `0/1`이고 RESTARTS가 는다. 죽는 것이 아니라 누가 죽이고 있다.',
    'kube-apiserver의 로그에는 잘못이 없다. 컨테이너를 다시 시작하는 것은 kubelet이다. `kubectl describe pod -n kube-system kube-apiserver-controlplane`의 이벤트를 본다.',
    '프로브가 두드리는 포트와 kube-apiserver가 듣는 포트(`--secure-port`)가 다르다. 프로브에는 번호 대신 이름 `probe-port`가 적혀 있다. 그 이름은 어디에서 번호가 되는가?',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: '프로브가 모두 6443 포트를 두드린다.',
      find: async (cluster) => {
        const container = await apiserverContainer(cluster);
        const probes = PROBES.filter((name) => container[name] !== undefined);
        if (probes.length === 0) return '프로브가 하나도 없다. 포트를 고친 것이 아니라 묻지 않게 한 것이다.';
        const wrong = probes.find((name) => portOf(container, container[name]!) !== 6443);
        return wrong === undefined
          ? undefined
          : `\`${wrong}\`가 ${portOf(container, container[wrong]!)} 포트를 두드린다. kubeconfig와 다른 컴포넌트가 아는 kube-apiserver의 포트는 6443이다.`;
      },
    },
    {
      part: 'repair',
      points: 50,
      what: 'kube-apiserver가 6분 동안 다시 시작하지 않고 준비 상태를 지킨다.',
      find: apiReady(360),
    },
    {
      part: 'side-effects',
      points: 20,
      what: '스타트업, 활성, 준비성 프로브가 모두 있고 플래그와 다른 매니페스트는 그대로다.',
      find: all(
        async (cluster) => {
          const container = await apiserverContainer(cluster);
          const missing = PROBES.find((name) => container[name] === undefined);
          return missing === undefined
            ? undefined
            : `\`${missing}\`가 없다. kube-apiserver가 멈춰도 kubelet이 알아채지 못한다.`;
        },
        patienceKept,
        otherFlagsKept(),
        otherManifestsKept,
      ),
    },
  ],
  solution: [
    'kubectl get pods -n kube-system | grep kube-apiserver',
    'kubectl describe pod -n kube-system kube-apiserver-controlplane | tail -5',
    `grep -e secure-port -e containerPort -e probe-port ${APISERVER_MANIFEST}`,
    `sed -i 's/containerPort: 6433/containerPort: 6443/' ${APISERVER_MANIFEST}`,
    'sleep 60',
    'kubectl get pods -n kube-system | grep kube-apiserver',
  ],
};

export default scenario;
