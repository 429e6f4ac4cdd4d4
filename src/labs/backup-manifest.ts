import {
  all,
  apiReady,
  APISERVER_MANIFEST,
  flagIs,
  MANIFESTS,
  onlyKnownManifests,
  otherManifestsKept,
  untouched,
} from './checks.ts';
import type { Scenario } from './scenario.ts';

const scenario: Scenario = {
  breaks: [
    `cp ${APISERVER_MANIFEST} ${APISERVER_MANIFEST}.bak`,
    `sed -i 's/--enable-admission-plugins=NodeRestriction/--enable-admission-plugins=NodeRestriction,AlwaysPullImages/' ${APISERVER_MANIFEST}`,
    'sleep 90',
  ],
  goal: '`kube-apiserver.yaml`에 적힌 `--enable-admission-plugins=NodeRestriction,AlwaysPullImages`가 실행 중인 kube-apiserver에 쓰이게 한다.',
  hints: [
    '파일과 프로세스를 견준다. `grep enable-admission /etc/kubernetes/manifests/kube-apiserver.yaml`과 `ps aux | grep enable-admission`이 다르다. 파일을 아무리 고쳐도 프로세스는 그대로다.',
    '그렇다면 kubelet은 다른 곳에서 읽고 있다. `ls -la /etc/kubernetes/manifests`',
    'kubelet은 이 디렉터리에서 확장자를 가리지 않고, 점으로 시작하지 않는 파일을 모두 읽는다. 같은 이름의 파드를 정의한 파일이 둘이면 하나만 이긴다.',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: `kube-apiserver를 정의하는 파일이 \`${MANIFESTS}\`에 하나뿐이다.`,
      find: onlyKnownManifests,
    },
    {
      part: 'repair',
      points: 50,
      what: '실행 중인 kube-apiserver의 `--enable-admission-plugins`가 파일에 적힌 값이고, 20초 동안 준비 상태를 지킨다.',
      find: all(apiReady(40), flagIs('enable-admission-plugins', 'NodeRestriction,AlwaysPullImages')),
    },
    {
      part: 'side-effects',
      points: 20,
      what: '`kube-apiserver.yaml`과 다른 매니페스트의 내용은 그대로다.',
      find: all(untouched([APISERVER_MANIFEST]), otherManifestsKept),
    },
  ],
  solution: [
    `grep enable-admission ${APISERVER_MANIFEST}`,
    'ps aux | grep -o enable-admission-plugins=.* | head -1',
    `ls -la ${MANIFESTS}`,
    `mv ${APISERVER_MANIFEST}.bak /root/`,
    'sleep 40',
    'ps aux | grep -o enable-admission-plugins=.* | head -1',
  ],
};

export default scenario;
