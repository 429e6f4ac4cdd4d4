import type { Check, GradedCluster } from './scenario.ts';

type Find = Check['find'];
type Files = Pick<GradedCluster, 'read' | 'list'>;

export const MANIFESTS = '/etc/kubernetes/manifests';
export const APISERVER_MANIFEST = `${MANIFESTS}/kube-apiserver.yaml`;
/** What kubeadm puts there. */
const STATIC_PODS = [
  'etcd.yaml',
  'kube-apiserver.yaml',
  'kube-controller-manager.yaml',
  'kube-scheduler.yaml',
];
/** A kubelet reads its manifests at least this often. */
const REREAD_SECONDS = 20;
/** How long a check waits for what is on its way: a container that crashed is started again after so long at most. */
const PATIENCE_SECONDS = 300;

/** The first that finds something. */
export function all(...finds: readonly Find[]): Find {
  return async (cluster) => {
    for (const find of finds) {
      const found = await find(cluster);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** Waits, in simulated time, until `holds`; false if it does not come to that. */
export async function eventually(
  cluster: GradedCluster,
  holds: () => Promise<boolean>,
  seconds = PATIENCE_SECONDS,
): Promise<boolean> {
  for (let passed = 0; ; passed++) {
    if (await holds()) return true;
    if (passed >= seconds) return false;
    await cluster.pass(1);
  }
}

/**
 * The kube-apiserver is ready and knows who asks, and stays so for `seconds` without being started again; one that was
 * changed just now may first be.
 */
export function apiReady(seconds: number): Find {
  return async (cluster) => {
    const answers = async (path: string) => (await cluster.request('GET', path))?.status === 200;
    await cluster.pass(REREAD_SECONDS);
    let longest = 0;
    let [since, pid]: [number, number | undefined] = [0, undefined];
    for (let now = 0; now <= PATIENCE_SECONDS + seconds; now++) {
      const running = cluster.processes('kube-apiserver')[0]?.pid;
      const ready = (await answers('/readyz')) && (await answers('/api/v1/nodes/controlplane'));
      if (!ready || running !== pid) [since, pid] = [now, ready ? running : undefined];
      if (pid !== undefined) longest = Math.max(longest, now - since);
      if (pid !== undefined && now - since >= seconds) return undefined;
      await cluster.pass(1);
    }
    if (longest === 0) {
      // The commonest way to mend a manifest and see nothing of it.
      const other = otherManifest(cluster);
      return `5분을 더 기다려도 \`kubectl get --raw /readyz\`와 \`kubectl get nodes\`가 둘 다 대답하지는 않는다.${other === undefined ? '' : ` ${other}`}`;
    }
    return `kube-apiserver가 준비되었다가 길어야 ${describeSeconds(longest)} 만에 다시 멈춘다. 아직 원인이 남아 있다.`;
  };
}

/** What is repaired where a kube-apiserver does not start. */
export const APISERVER_STAYS: Check = {
  part: 'repair',
  points: 50,
  what: 'kube-apiserver가 20초 동안 다시 시작하지 않고 준비 상태를 지킨다.',
  find: apiReady(20),
};

function describeSeconds(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  return [minutes > 0 && `${minutes}분`, rest > 0 && `${rest}초`].filter(Boolean).join(' ');
}

/** The value of a flag of a process that runs now; undefined if it does not run, or runs without the flag. */
export function runningFlag(cluster: GradedCluster, program: string, flag: string): string | undefined {
  const command = cluster.processes(program)[0]?.command ?? [];
  return command.find((word) => word.startsWith(`--${flag}=`))?.slice(flag.length + 3);
}

/** The running kube-apiserver has a flag whose value `judge` finds nothing wrong with. */
export function flag(name: string, judge: (value: string, cluster: GradedCluster) => ReturnType<Find>): Find {
  return async (cluster) => {
    if (cluster.processes('kube-apiserver').length === 0)
      return `실행 중인 kube-apiserver가 없어 \`--${name}\`를 확인할 수 없다.`;
    const value = runningFlag(cluster, 'kube-apiserver', name);
    return value === undefined
      ? `실행 중인 kube-apiserver에 \`--${name}\` 플래그가 없다.`
      : judge(value, cluster);
  };
}

/** A flag of the running kube-apiserver is `wanted`. */
export function flagIs(name: string, wanted: string): Find {
  return flag(name, async (value) =>
    value === wanted ? undefined : `실행 중인 kube-apiserver의 \`--${name}\` 값이 \`${value}\`다.`,
  );
}

/** A flag of the running kube-apiserver names `file`, or another that says what that did when the lab began. */
export function flagNames(name: string, file: string, otherwise: (path: string) => string): Find {
  return flag(name, async (path, cluster) =>
    cluster.read(path) === (await cluster.beginning()).read(file) ? undefined : otherwise(path),
  );
}

/** Every flag of the kube-apiserver's manifest is as it was, but for those named. */
export function otherFlagsKept(...changed: readonly string[]): Find {
  return async (cluster) => {
    const flagsOf = (files: Files) =>
      (files.read(APISERVER_MANIFEST) ?? '').split('\n').flatMap((line) => {
        const [, name, value = ''] = /^\s*- --([a-z-]+)(=.*)?$/.exec(line) ?? [];
        return name === undefined || changed.includes(name) ? [] : [`--${name}${value}`];
      });
    const before = flagsOf(await cluster.beginning());
    const now = flagsOf(cluster);
    const lost = before.find((flag) => !now.includes(flag));
    if (lost !== undefined) return `상관없는 플래그 \`${lost}\`가 바뀌거나 없어졌다.`;
    const added = now.find((flag) => !before.includes(flag));
    return added === undefined ? undefined : `상관없는 플래그 \`${added}\`가 생겼다.`;
  };
}

/** These files say what they said when the lab began; so does every file of a path that ends with a slash, and none is new. */
export function untouched(paths: readonly string[], machine?: string): Find {
  return async (cluster) => {
    const before = await cluster.beginning();
    for (const path of paths) {
      for (const file of await filesOf(path, [before, cluster], machine)) {
        const [was, is] = [before.read(file, machine), cluster.read(file, machine)];
        if (was === is) continue;
        if (was === undefined) return `\`${file}\` 파일이 새로 생겼다.`;
        return is === undefined ? `\`${file}\` 파일이 없어졌다.` : `\`${file}\`의 내용이 바뀌었다.`;
      }
    }
    return undefined;
  };
}

async function filesOf(path: string, places: readonly Files[], machine?: string): Promise<readonly string[]> {
  if (!path.endsWith('/')) return [path];
  const names = new Set(places.flatMap((files) => files.list(path, machine)));
  return [...names].sort().map((name) => path + name);
}

/** The kubelet of controlplane finds kubeadm's four manifests, and no other that it would run. */
export const onlyKnownManifests: Find = async (cluster) => {
  const names = cluster.list(MANIFESTS);
  const missing = STATIC_PODS.find((name) => !names.includes(name));
  return missing === undefined ? otherManifest(cluster) : `\`${MANIFESTS}/${missing}\`이 없다.`;
};

/** What is wrong with a file beside kubeadm's; a directory there is passed over by the kubelet. */
function otherManifest(files: Files): string | undefined {
  const extra = files
    .list(MANIFESTS)
    .filter((name) => !name.startsWith('.') && !STATIC_PODS.includes(name))
    .find((name) => files.read(`${MANIFESTS}/${name}`) !== undefined);
  return extra === undefined
    ? undefined
    : `\`${MANIFESTS}\`에 \`${extra}\` 파일이 남아 있다. kubelet은 확장자를 가리지 않고 점으로 시작하지 않는 파일을 모두 읽으므로, 백업은 이 디렉터리 밖에 둔다.`;
}

/** The other static pods are defined as they were. */
export const otherManifestsKept: Find = all(
  onlyKnownManifests,
  untouched(
    STATIC_PODS.filter((name) => name !== 'kube-apiserver.yaml').map((name) => `${MANIFESTS}/${name}`),
  ),
);

/** May `user` do that? Asked as `kubectl auth can-i --as` does. */
export async function can(
  cluster: GradedCluster,
  user: string,
  verb: string,
  resource: string,
  namespace: string,
): Promise<boolean> {
  const answer = await cluster.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user, groups: ['system:authenticated'], resourceAttributes: { verb, resource, namespace } },
  });
  if (answer?.status !== 201) return false;
  return (JSON.parse(answer.body) as { status: { allowed: boolean } }).status.allowed;
}

/** Somebody who was given nothing may do nothing. */
export const authorizationHolds: Find = async (cluster) =>
  (await can(cluster, 'jane', 'list', 'secrets', 'kube-system'))
    ? '아무 권한도 받지 않은 사용자 `jane`이 kube-system의 시크릿(Secret)을 볼 수 있다. 인가가 통째로 풀렸다. `--authorization-mode`가 없을 때의 기본값이 `AlwaysAllow`다.'
    : undefined;

interface StoredNode {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** A node is Ready, and stays so for `seconds`. */
export function nodeReady(name: string, seconds: number): Find {
  return async (cluster) => {
    const ready = async () => {
      const node = await cluster.stored<StoredNode>(`/registry/minions/${name}`);
      return (node?.status?.conditions ?? []).some(
        ({ type, status }) => type === 'Ready' && status === 'True',
      );
    };
    if (!(await eventually(cluster, ready, 60)))
      return `1분을 더 기다려도 ${name}이 \`Ready\`가 되지 않는다.`;
    // Longer than the grace period after which a node that is silent is no longer taken for ready.
    await cluster.pass(seconds);
    return (await ready())
      ? undefined
      : `${name}이 \`Ready\`였다가 ${describeSeconds(seconds)} 안에 다시 \`NotReady\`가 됐다.`;
  };
}

/** A unit runs. */
export function unitActive(name: string, machine: string): Find {
  return async (cluster) =>
    cluster.unit(name, machine)?.active === true
      ? undefined
      : `${machine}의 \`systemctl is-active ${name}\`이 \`active\`가 아니다.`;
}

/** A unit is started when its machine boots. */
export function unitEnabled(name: string, machine: string): Find {
  return async (cluster) =>
    cluster.unit(name, machine)?.enabled === true
      ? undefined
      : `지금은 돌지만 ${machine}이 다시 부팅되면 ${name}이 시작하지 않는다. \`systemctl enable ${name}\`으로 부팅할 때 시작하게 한다.`;
}

/** A line succeeds in the reader's shell, or in a new one; `reason` is why the points are lost. */
export function succeeds(line: string, shell: 'own' | 'new', reason: string): Find {
  return async (cluster) => ((await cluster.run(line, shell)) === 0 ? undefined : reason);
}
