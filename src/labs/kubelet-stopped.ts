import { all, nodeReady, otherManifestsKept, unitActive, unitEnabled, untouched } from './checks.ts';
import type { Scenario } from './scenario.ts';

const scenario: Scenario = {
  breaks: ['ssh node01 systemctl stop kubelet', 'ssh node01 systemctl disable kubelet', 'sleep 90'],
  goal: 'node01이 다시 `Ready`가 되게 한다. node01이 다시 부팅되어도 그래야 한다.',
  hints: [
    '`kubectl describe node node01`의 Conditions를 본다. `Kubelet stopped posting node status.`는 노드가 죽었다는 뜻이 아니라 kubelet의 소식이 끊겼다는 뜻이다.',
    '노드에 들어가서 본다. `ssh node01 systemctl status kubelet`',
    '`Active:` 줄은 지금 도는지를, `Loaded:` 줄의 `enabled`/`disabled`는 부팅할 때 시작하는지를 말한다. 둘은 따로다.',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: 'node01의 kubelet이 돌고 있다.',
      find: unitActive('kubelet', 'node01'),
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
      what: '부팅할 때 kubelet이 시작하고, 다른 설정은 그대로다.',
      find: all(
        unitEnabled('kubelet', 'node01'),
        untouched(['/var/lib/kubelet/config.yaml', '/etc/kubernetes/kubelet.conf'], 'node01'),
        otherManifestsKept,
      ),
    },
  ],
  solution: [
    'kubectl get nodes',
    "kubectl describe node node01 | grep -A6 '^Conditions'",
    'ssh node01 systemctl status kubelet',
    'ssh node01 systemctl enable kubelet',
    'ssh node01 systemctl start kubelet',
    'sleep 20',
    'kubectl get nodes',
  ],
};

export default scenario;
