import {
  all,
  APISERVER_MANIFEST,
  APISERVER_STAYS,
  authorizationHolds,
  otherFlagsKept,
  otherManifestsKept,
} from './checks.ts';
import type { Scenario } from './scenario.ts';

/** What says what the file is, quoted or not and with a comment or without. */
const IDENTITY = [
  [/^(["']?)apiVersion\1\s*:\s+(["']?)v1\2\s*(?:#.*)?$/m, 'apiVersion: v1'],
  [/^(["']?)kind\1\s*:\s+(["']?)Pod\2\s*(?:#.*)?$/m, 'kind: Pod'],
] as const;

const scenario: Scenario = {
  breaks: [`sed -i 's/^apiVersion:/apiVersio:/' ${APISERVER_MANIFEST}`, 'sleep 90'],
  goal: 'kube-apiserver가 다시 뜨고 `kubectl get nodes`가 대답하게 한다.',
  hints: [
    '`crictl ps -a | grep kube-apiserver`에 아무것도 나오지 않는다. 죽은 것이 아니라 아무도 띄우지 않은 것이다. 컨테이너가 없으니 컨테이너 로그도 없다.',
    '스태틱(static) 파드를 띄우는 것은 kubelet이다. kubelet이 매니페스트를 어떻게 읽었는지는 `journalctl -u kubelet | grep manifest`에 있다.',
    '오류는 파일을 읽었지만 파드가 아니었다고 말한다. `head -5 /etc/kubernetes/manifests/kube-apiserver.yaml`로 첫 줄들의 키를 한 글자씩 본다.',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: '매니페스트가 `apiVersion: v1`, `kind: Pod`로 읽힌다.',
      find: async (cluster) => {
        const manifest = cluster.read(APISERVER_MANIFEST) ?? '';
        const missing = IDENTITY.find(([line]) => !line.test(manifest))?.[1];
        return missing === undefined ? undefined : `\`${APISERVER_MANIFEST}\`에 \`${missing}\` 줄이 없다.`;
      },
    },
    APISERVER_STAYS,
    {
      part: 'side-effects',
      points: 20,
      what: '플래그와 다른 매니페스트는 그대로이고, 디렉터리에 다른 파일이 없다.',
      find: all(authorizationHolds, otherFlagsKept(), otherManifestsKept),
    },
  ],
  solution: [
    'kubectl get --raw /readyz',
    'crictl ps -a | grep kube-apiserver',
    'journalctl -u kubelet | grep manifest | tail -1',
    `head -5 ${APISERVER_MANIFEST}`,
    `sed -i 's/^apiVersio:/apiVersion:/' ${APISERVER_MANIFEST}`,
    'sleep 40',
    'kubectl get nodes',
  ],
};

export default scenario;
