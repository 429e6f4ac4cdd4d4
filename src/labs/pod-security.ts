import { eventually } from './checks.ts';
import type { GradedCluster, Scenario } from './scenario.ts';

interface Namespace {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
}
interface Container {
  readonly image: string;
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly runAsNonRoot?: boolean;
    readonly capabilities?: { readonly drop?: readonly string[] };
    readonly seccompProfile?: { readonly type: string };
  };
}
interface Deployment {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: {
        readonly containers: readonly Container[];
        readonly securityContext?: Container['securityContext'];
      };
    };
  };
  readonly status?: { readonly availableReplicas?: number; readonly updatedReplicas?: number };
}

const ENFORCE = 'pod-security.kubernetes.io/enforce';

const readDeployment = (cluster: Pick<GradedCluster, 'stored'>) =>
  cluster.stored<Deployment>('/registry/deployments/shop/web');

const scenario: Scenario = {
  breaks: [
    'kubectl create namespace shop',
    `kubectl label namespace shop ${ENFORCE}=restricted`,
    'sleep 2',
    'kubectl create deployment web --image=busybox --replicas=2 -n shop -- sleep infinity',
    'sleep 40',
  ],
  goal: '네임스페이스 `shop`의 디플로이먼트(Deployment) `web`이 파드 두 개를 `Running`으로 띄우게 한다. 정책은 그대로 두고 파드를 정책에 맞춘다.',
  hints: [
    '디플로이먼트는 만들어졌는데 파드가 하나도 없다. 파드를 만드는 것은 레플리카셋(ReplicaSet)이다. `kubectl get events -n shop`이나 `kubectl describe rs -n shop`에서 무엇이 거부되었는지 본다.',
    '`violates PodSecurity "restricted:latest"` 뒤에 어긴 것이 네 가지 적혀 있고, 괄호 안에 무엇을 어떻게 적으라는지도 있다.',
    '`kubectl edit deployment web -n shop`으로 `spec.template.spec`에 적는다. `runAsNonRoot`와 `seccompProfile`은 파드의 `securityContext`에, 나머지 둘은 컨테이너의 `securityContext`에 둔다. `busybox` 이미지는 root로 돌므로 `runAsUser: 1000`도 필요하다.',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: '디플로이먼트의 파드 템플릿이 `restricted`가 요구하는 네 가지를 지킨다.',
      find: async (cluster) => {
        const pod = (await readDeployment(cluster))?.spec.template.spec;
        if (pod === undefined) return '디플로이먼트 `web`이 없다.';
        for (const { securityContext: own = {} } of pod.containers) {
          const { runAsNonRoot, seccompProfile } = { ...pod.securityContext, ...own };
          if (own.allowPrivilegeEscalation !== false)
            return '컨테이너에 `allowPrivilegeEscalation: false`가 없다.';
          if (own.capabilities?.drop?.includes('ALL') !== true)
            return '컨테이너가 `capabilities.drop: ["ALL"]`로 권한을 내려놓지 않는다.';
          if (runAsNonRoot !== true) return '`runAsNonRoot: true`가 없다.';
          if (seccompProfile === undefined) return '`seccompProfile`이 없다.';
        }
        return undefined;
      },
    },
    {
      part: 'repair',
      points: 50,
      what: '디플로이먼트 `web`의 파드 두 개가 쓸 수 있는 상태가 된다.',
      find: async (cluster) => {
        const available = async () => {
          const status = (await readDeployment(cluster))?.status;
          return (status?.availableReplicas ?? 0) >= 2 && (status?.updatedReplicas ?? 0) >= 2;
        };
        return (await eventually(cluster, available, 90))
          ? undefined
          : '1분 30초를 더 기다려도 `web`의 파드 두 개가 `Running`이 되지 않는다.';
      },
    },
    {
      part: 'side-effects',
      points: 20,
      what: '`shop`의 정책 레이블, `web`의 이미지와 레플리카 수는 그대로다.',
      find: async (cluster) => {
        const namespace = await cluster.stored<Namespace>('/registry/namespaces/shop');
        if (namespace?.metadata.labels?.[ENFORCE] !== 'restricted')
          return `네임스페이스의 \`${ENFORCE}=restricted\` 레이블이 바뀌었다. 파드를 고치는 대신 정책을 끈 것이다.`;
        const before = await readDeployment(await cluster.beginning());
        const now = await readDeployment(cluster);
        const imageOf = (deployment?: Deployment) => deployment?.spec.template.spec.containers[0]?.image;
        if (imageOf(now) !== imageOf(before)) return '컨테이너의 이미지가 바뀌었다.';
        return now?.spec.replicas === 2 ? undefined : '레플리카 수가 바뀌었다.';
      },
    },
  ],
  solution: [
    'kubectl get deployment,replicaset,pod -n shop',
    'kubectl describe rs -n shop | tail -1',
    `kubectl patch deployment web -n shop --type=json -p '[{"op":"add","path":"/spec/template/spec/securityContext","value":{"runAsNonRoot":true,"runAsUser":1000,"seccompProfile":{"type":"RuntimeDefault"}}},{"op":"add","path":"/spec/template/spec/containers/0/securityContext","value":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}}]'`,
    'kubectl rollout status deployment web -n shop',
    'kubectl get pods -n shop',
  ],
};

export default scenario;
