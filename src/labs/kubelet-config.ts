import { all, nodeReady, otherManifestsKept, unitEnabled, untouched } from './checks.ts';
import type { Scenario } from './scenario.ts';

const CONFIG = '/var/lib/kubelet/config.yaml';
const CLUSTER_CA = '/etc/kubernetes/pki/ca.crt';
/** The value of the field, quoted or not. */
const CLIENT_CA = /^\s*clientCAFile:\s+(["']?)(\S+?)\1\s*(?:#.*)?$/m;

const scenario: Scenario = {
  breaks: [
    `ssh node01 "sed -i 's/pki.ca.crt/pki\\/WRONG-CA-FILE.crt/' ${CONFIG}"`,
    'ssh node01 systemctl restart kubelet',
    'sleep 90',
  ],
  goal: 'node01의 kubelet이 다시 떠서 node01이 `Ready`가 되게 한다. kubelet의 API는 여전히 클러스터의 CA로 클라이언트를 확인해야 한다.',
  hints: [
    '`ssh node01 systemctl status kubelet`의 `activating (auto-restart)`는 시작하자마자 죽기를 되풀이한다는 뜻이다. 멈춰 있는 것과 다르다.',
    '왜 죽는지는 저널에 있다. `ssh node01 journalctl -u kubelet -n 20`에서 `command failed`를 찾는다.',
    'kubelet의 설정 파일은 `/var/lib/kubelet/config.yaml`이다. 고친 뒤에는 `systemctl restart kubelet`으로 다시 읽힌다. `daemon-reload`는 유닛 파일을 바꿨을 때만 필요하다.',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: 'kubelet의 `clientCAFile`이 노드에 있는 클러스터의 CA다.',
      find: async (cluster) => {
        const path = CLIENT_CA.exec(cluster.read(CONFIG, 'node01') ?? '')?.[2];
        if (path === undefined)
          return `node01의 \`${CONFIG}\`에 \`clientCAFile\`이 없다. kubelet의 API가 클라이언트 인증서를 확인하지 못하면 \`kubectl logs\`와 \`exec\`가 막힌다.`;
        return cluster.read(path, 'node01') === (await cluster.beginning()).read(CLUSTER_CA, 'node01')
          ? undefined
          : `node01의 \`clientCAFile\`이 가리키는 \`${path}\`는 클러스터의 CA가 아니다.`;
      },
    },
    {
      part: 'repair',
      points: 50,
      what: 'node01이 `Ready`가 되고 1분 동안 그대로다.',
      find: nodeReady('node01', 60),
    },
    {
      part: 'side-effects',
      points: 20,
      what: '설정의 나머지와 인증서 디렉터리는 그대로이고, kubelet은 부팅할 때 시작한다.',
      find: all(
        async (cluster) => {
          const others = (text = '') => text.replace(/clientCAFile:.*/, 'clientCAFile:');
          const before = (await cluster.beginning()).read(CONFIG, 'node01');
          return others(cluster.read(CONFIG, 'node01')) === others(before)
            ? undefined
            : `node01의 \`${CONFIG}\`에서 \`clientCAFile\`의 값 말고도 바뀐 줄이 있다.`;
        },
        untouched(['/etc/kubernetes/pki/'], 'node01'),
        unitEnabled('kubelet', 'node01'),
        otherManifestsKept,
      ),
    },
  ],
  solution: [
    'kubectl get nodes',
    'ssh node01 systemctl status kubelet',
    'ssh node01 journalctl -u kubelet -n 4',
    'ssh node01 ls /etc/kubernetes/pki',
    `ssh node01 "sed -i 's/WRONG-CA-FILE.crt/ca.crt/' ${CONFIG}"`,
    'ssh node01 systemctl restart kubelet',
    'sleep 20',
    'kubectl get nodes',
  ],
};

export default scenario;
