import { can, succeeds } from './checks.ts';
import type { Scenario } from './scenario.ts';

const scenario: Scenario = {
  breaks: [
    'kubectl create namespace dev',
    'sleep 2',
    'kubectl create deployment web --image=nginx -n dev',
    'kubectl create role pod-reader --verb=get,list,watch --resource=deployments -n dev',
    'kubectl create rolebinding jane-pod-reader --role=pod-reader --user=jane -n dev',
    'sleep 30',
  ],
  goal: '사용자 `jane`이 네임스페이스 `dev`의 파드를 보게 한다(`get`, `list`, `watch`). 무엇을 바꾸거나, 시크릿(Secret)이나 다른 네임스페이스를 볼 수 있어서는 안 된다.',
  hints: [
    '`Forbidden`은 누구인지는 알지만 그 일은 안 된다는 뜻이다. 메시지의 `User`, `verb`, `resource`, `API group`, `namespace`가 곧 롤(Role)에 적을 내용이다.',
    '이미 있는 것부터 본다. `kubectl get role,rolebinding -n dev`와 `kubectl describe role pod-reader -n dev`. 이름이 `pod-reader`라고 파드를 읽게 해 주는 것은 아니다.',
    '파드는 코어 그룹(`""`), 디플로이먼트는 `apps` 그룹이다. `kubectl edit role pod-reader -n dev`로 규칙을 고치거나 새로 만든다. 확인은 `kubectl auth can-i list pods -n dev --as jane`',
  ],
  checks: [
    {
      part: 'diagnosis',
      points: 30,
      what: '`jane`이 `dev`의 파드를 `get`, `list`, `watch` 할 수 있다.',
      find: async (cluster) => {
        for (const verb of ['get', 'list', 'watch']) {
          if (!(await can(cluster, 'jane', verb, 'pods', 'dev')))
            return `\`jane\`이 아직 \`dev\`의 파드를 \`${verb}\` 할 수 없다.`;
        }
        return undefined;
      },
    },
    {
      part: 'repair',
      points: 50,
      what: '`kubectl get pods -n dev --as jane`이 파드를 보여 준다.',
      find: succeeds(
        'kubectl get pods -n dev --as jane',
        'new',
        '`kubectl get pods -n dev --as jane`이 아직 `Forbidden`으로 끝난다.',
      ),
    },
    {
      part: 'side-effects',
      points: 20,
      what: '`jane`은 파드를 만들거나 고치거나 지울 수 없고, 시크릿(Secret)이나 다른 네임스페이스를 볼 수 없다.',
      find: async (cluster) => {
        for (const [verb, resource, namespace, told] of [
          ['delete', 'pods', 'dev', '`dev`의 파드를 지울'],
          ['create', 'pods', 'dev', '`dev`에 파드를 만들'],
          ['update', 'pods', 'dev', '`dev`의 파드를 고칠'],
          ['patch', 'pods', 'dev', '`dev`의 파드를 고칠'],
          ['get', 'secrets', 'dev', '`dev`의 시크릿(Secret)을 볼'],
          ['list', 'pods', 'default', '`default`의 파드까지 볼'],
        ] as const) {
          if (await can(cluster, 'jane', verb, resource, namespace))
            return `\`jane\`이 ${told} 수 있다. 부탁받은 것보다 많은 권한을 주었다.`;
        }
        return undefined;
      },
    },
  ],
  solution: [
    'kubectl get pods -n dev --as jane',
    'kubectl describe role pod-reader -n dev',
    'kubectl delete role pod-reader -n dev',
    'kubectl create role pod-reader --verb=get,list,watch --resource=pods -n dev',
    'kubectl get pods -n dev --as jane',
    'kubectl auth can-i delete pods -n dev --as jane',
  ],
};

export default scenario;
