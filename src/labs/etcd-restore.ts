import { all, apiReady, MANIFESTS, onlyKnownManifests, untouched } from './checks.ts';
import type { GradedCluster, Scenario } from './scenario.ts';

const PKI = '/etc/kubernetes/pki';
const MANIFEST = `${MANIFESTS}/etcd.yaml`;
const PREVIOUS = '/opt/backup/etcd-previous.db';
const BACKUP = '/opt/backup/etcd.db';
const ETCDCTL = `etcdctl --endpoints=https://127.0.0.1:2379 --cacert=${PKI}/etcd/ca.crt --cert=${PKI}/etcd/server.crt --key=${PKI}/etcd/server.key`;
/** What a restore may change in the manifest beside the paths. */
const MEMBER_FLAGS = ['data-dir', 'wal-dir', 'initial-cluster-token', 'initial-cluster-state'];

interface Identified {
  readonly metadata: { readonly uid: string };
}

/** What there is of a deployment of the namespace in a cluster, or in a snapshot. */
const uidOf = async (place: Pick<GradedCluster, 'stored'> | undefined, deployment: string) =>
  (await place?.stored<Identified>(`/registry/deployments/prod/${deployment}`))?.metadata.uid;

/** That of `web` when it was backed up. */
const lostUid = async (cluster: GradedCluster) =>
  uidOf((await cluster.beginning()).snapshot(PREVIOUS), 'web');

/** Names of the deployments that the kube-apiserver lists; undefined if it does not answer. */
async function listed(cluster: GradedCluster): Promise<readonly string[] | undefined> {
  const answer = await cluster.request('GET', '/apis/apps/v1/namespaces/prod/deployments');
  if (answer?.status !== 200) return undefined;
  const { items } = JSON.parse(answer.body) as { items: readonly { metadata: { name: string } }[] };
  return items.map(({ metadata }) => metadata.name);
}

/** Lines of the manifest that have nothing to do with where the data lie; `- ` before a key does not count. */
const otherLines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim().replace(/^- (?=\w)/, ''))
    .filter((line) => line !== '' && !/^(mountPath|path|name|type): |^hostPath:$/.test(line))
    .filter((line) => !MEMBER_FLAGS.some((flag) => line.startsWith(`- --${flag}=`)));

const scenario: Scenario = {
  breaks: [
    'kubectl create namespace prod',
    'sleep 2',
    'kubectl create deployment web --image=nginx --replicas=2 -n prod',
    'kubectl create deployment api --image=nginx -n prod',
    'sleep 30',
    'mkdir -p /opt/backup',
    `${ETCDCTL} snapshot save ${PREVIOUS}`,
    'sleep 30',
    'kubectl create deployment canary --image=nginx -n prod',
    'kubectl delete deployment web -n prod',
    'sleep 60',
  ],
  goal: '누가 네임스페이스 `prod`의 디플로이먼트(Deployment) `web`을 지웠다. 먼저 지금 상태의 etcd 스냅샷을 `/opt/backup/etcd.db`에 뜬다. 그다음 사고 전에 떠 둔 `/opt/backup/etcd-previous.db`를 복원해 `web`이 돌아오게 한다.',
  hints: [
    '`etcdctl`은 etcd의 클라이언트다. `https://127.0.0.1:2379`에 TLS로 연결하고 클라이언트 인증서를 내야 한다. 파일 셋(`--cacert`, `--cert`, `--key`)의 경로는 `grep file /etc/kubernetes/manifests/etcd.yaml`에 있다.',
    '뜨는 것은 `etcdctl … snapshot save`, 복원하는 것은 `etcdutl snapshot restore … --data-dir <새 디렉터리>`다. etcd 3.6부터 `etcdctl`에는 `snapshot restore`가 없다. 복원은 파일로 디렉터리를 만드는 일일 뿐이라 인증서도, 도는 etcd도 필요 없다.',
    'etcd는 스태틱 파드다. `etcd.yaml`에서 볼륨 `etcd-data`의 `hostPath.path`를 새 디렉터리로 바꾸면 kubelet이 etcd를 다시 띄운다. `--data-dir`은 컨테이너 **안**의 경로다. 이것만 바꾸면 etcd가 빈 디렉터리에서 시작한다.',
    '`kubectl get deployment web -n prod`는 되는데 `kubectl get deployment -n prod`의 목록이 옛것이라면, kube-apiserver가 복원 전의 워치 캐시(watch cache)로 대답하는 것이다. 매니페스트를 옮겼다 되돌리거나 `crictl stop`으로 kube-apiserver를 다시 시작한다.',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: '`/opt/backup/etcd.db`가 복원하기 전 상태의 온전한 스냅샷이다.',
      find: async (cluster) => {
        if (cluster.read(BACKUP) === undefined) return `\`${BACKUP}\`가 없다.`;
        const snapshot = cluster.snapshot(BACKUP);
        if (snapshot === undefined)
          return `\`${BACKUP}\`가 스냅샷이 아니거나 깨졌다. \`etcdutl snapshot status ${BACKUP}\`가 무엇이라고 하는지 본다.`;
        const before = await uidOf(await cluster.beginning(), 'canary');
        const isOfNow =
          (await uidOf(snapshot, 'canary')) === before &&
          (await uidOf(snapshot, 'web')) !== (await lostUid(cluster));
        return isOfNow
          ? undefined
          : `\`${BACKUP}\`에 사고 뒤의 상태가 들어 있지 않다. 이전 백업을 베꼈거나 복원한 다음에 뜬 것이다. 복원이 잘못되었을 때 돌아올 곳이 없다.`;
      },
    },
    {
      part: 'repair',
      points: 30,
      what: 'etcd가 이전 백업의 데이터로 돌고 kube-apiserver가 20초 동안 준비 상태를 지킨다. `web`은 지워지기 전 그대로이고, 백업 뒤에 만든 `canary`는 없다.',
      find: all(
        async (cluster) => {
          const running = cluster.processes('etcd').length > 0;
          return running && (await cluster.stored('/registry/minions/controlplane')) === undefined
            ? 'etcd가 빈 데이터로 시작했다. 컨테이너 안의 `--data-dir`과 `mountPath`, 노드의 `hostPath`가 이어지는지 본다.'
            : undefined;
        },
        apiReady(20),
        async (cluster) => {
          const uid = await uidOf(cluster, 'web');
          if (uid === undefined) return '`web`이 아직 없다.';
          if (uid !== (await lostUid(cluster)))
            return '이름만 같은 새 디플로이먼트다. 백업에서 되살린 것이라면 uid까지 같다.';
          return (await uidOf(cluster, 'canary')) === undefined
            ? undefined
            : '백업 뒤에 만든 `canary`가 남아 있다. 스냅샷은 한 오브젝트가 아니라 클러스터 전체를 그때로 되돌린다.';
        },
      ),
    },
    {
      part: 'repair',
      points: 20,
      what: '`kubectl get deployment -n prod`가 복원된 상태를 보여 준다.',
      find: async (cluster) => {
        const names = await listed(cluster);
        if (names === undefined) return 'kube-apiserver가 대답하지 않는다.';
        if (names.includes('web') && !names.includes('canary')) return undefined;
        return (await uidOf(cluster, 'web')) === (await lostUid(cluster))
          ? 'etcd에는 `web`이 돌아왔는데 목록은 아직 옛것이다. 다시 시작하지 않은 kube-apiserver는 복원 전의 워치 캐시(watch cache)로 대답한다.'
          : '목록에 `web`이 없거나 `canary`가 남아 있다.';
      },
    },
    {
      part: 'side-effects',
      points: 20,
      what: '`etcd.yaml`은 데이터의 경로만 바뀌었고, 다른 매니페스트와 인증서, 이전 백업은 그대로다.',
      find: all(
        onlyKnownManifests,
        untouched(
          ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(
            (name) => `${MANIFESTS}/${name}.yaml`,
          ),
        ),
        untouched([`${PKI}/`, `${PKI}/etcd/`, PREVIOUS]),
        async (cluster) => {
          const before = otherLines((await cluster.beginning()).read(MANIFEST) ?? '');
          const now = otherLines(cluster.read(MANIFEST) ?? '');
          const lost = before.find((line) => !now.includes(line));
          if (lost !== undefined) return `\`etcd.yaml\`에서 상관없는 줄 \`${lost}\`가 바뀌거나 없어졌다.`;
          const added = now.find((line) => !before.includes(line) && line.startsWith('- --'));
          return added === undefined ? undefined : `\`etcd.yaml\`에 상관없는 플래그 \`${added}\`가 생겼다.`;
        },
      ),
    },
  ],
  solution: [
    `${ETCDCTL} snapshot save ${BACKUP}`,
    `etcdutl --write-out=table snapshot status ${BACKUP}`,
    `etcdutl snapshot restore ${PREVIOUS} --data-dir /var/lib/etcd-restore --bump-revision 1000000000 --mark-compacted`,
    `sed -i 's|path: /var/lib/etcd$|path: /var/lib/etcd-restore|' ${MANIFEST}`,
    'sleep 60',
    'crictl ps | grep etcd',
    'kubectl get deployment,pod -n prod',
    'ssh node01 crictl ps --name nginx',
  ],
};

export default scenario;
