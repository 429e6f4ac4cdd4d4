import type { Event, Pod } from 'kubernetes-types/core/v1';
import { beforeAll, describe, expect, test } from 'vitest';
import type { KubeList } from '../../apimachinery/object.ts';
import { settle } from '../../testing/settle.ts';
import type { Cluster } from '../cluster.ts';
import { createCluster } from '../create-cluster.ts';

let cluster: Cluster;
let shell: ReturnType<Cluster['openShell']>;

beforeAll(async () => {
  cluster = await createCluster({ shape: 'kubeadm', seed: 3, settle });
  shell = cluster.openShell();
});

const run = async (line: string, stdin?: string) => {
  const { stdout, stderr } = await cluster.clock.until(shell.run(line, stdin === undefined ? {} : { stdin }));
  return stdout + stderr;
};

/** Applies a Pod with this spec and lets it live for a while. */
async function start(name: string, spec: string, seconds = 10): Promise<void> {
  const manifest = `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {app: ${name}}}\nspec:\n${spec
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}\n`;
  expect(await run('kubectl apply -f -', manifest)).toBe(`pod/${name} created\n`);
  await cluster.clock.advance(seconds * 1000);
}

const podOf = async (name: string) => JSON.parse(await run(`kubectl get pod ${name} -o json`)) as Pod;
const eventsOf = async (name: string) => {
  const { items } = JSON.parse(await run('kubectl get events -o json')) as KubeList<Event>;
  return items.filter(({ involvedObject }) => involvedObject.name === name);
};
const textsOf = async (name: string) =>
  (await eventsOf(name)).map(({ reason, message }) => `${reason}: ${message}`);
const container = (command: string, rest = '') =>
  `- {name: c, image: "busybox:1.36", command: [sh, -c, ${JSON.stringify(command)}]${rest}}`;
const containers = (command: string, rest = '') => `containers:\n${container(command, rest)}`;

describe('a container', () => {
  test('that shuts down at SIGTERM takes no longer than it needs; one that does not is killed', async () => {
    await start('polite', containers('trap "echo bye; exit 3" TERM; while true; do sleep 1; done'));
    const before = cluster.clock.now();
    await run('kubectl delete pod polite');
    expect(cluster.clock.now() - before).toBeLessThan(4000);
    await start('stubborn', containers('sleep 3600'));
    const then = cluster.clock.now();
    await run('kubectl delete pod stubborn --grace-period=5');
    expect(cluster.clock.now() - then).toBeGreaterThan(4900);
    expect(cluster.clock.now() - then).toBeLessThan(8000);
  });

  test('that uses more memory than it may is OOMKilled with 137', async () => {
    await start(
      'hungry',
      `restartPolicy: Never\ncontainers:\n- {name: c, image: polinux/stress, command: [stress], args: [--vm, "1", --vm-bytes, 250M], resources: {limits: {memory: 100Mi}}}`,
    );
    const { status } = await podOf('hungry');
    expect(status!.phase).toBe('Failed');
    expect(status!.containerStatuses![0]!.state!.terminated).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    });
  });

  test('leaves a message at its end', async () => {
    await start(
      'last-words',
      `restartPolicy: Never\n${containers('echo -n bad luck > /dev/termination-log; exit 7')}`,
    );
    const [own] = (await podOf('last-words')).status!.containerStatuses!;
    expect(own!.state!.terminated).toMatchObject({ exitCode: 7, message: 'bad luck', reason: 'Error' });
  });

  test('keeps the log of its last instance for --previous', async () => {
    await start('again', containers('echo run $(date +%s); sleep 5; exit 1'), 10);
    const before = await run('kubectl logs again --previous');
    expect(before).toMatch(/^run \d+\n$/);
    expect(await run('kubectl logs again')).not.toBe(before);
  });

  test.each([
    [
      'a command that is not there',
      'command: [nope]',
      'RunContainerError',
      /exec: "nope": executable file not found in \$PATH: unknown/,
    ],
    [
      'a variable from nowhere',
      'env: [{name: A, valueFrom: {configMapKeyRef: {name: none, key: a}}}]',
      'CreateContainerConfigError',
      /^configmap "none" not found$/,
    ],
    [
      'a user that it must not be',
      'securityContext: {runAsNonRoot: true}',
      'CreateContainerConfigError',
      /container has runAsNonRoot and image will run as root/,
    ],
    [
      'an image that must be there and is not',
      'imagePullPolicy: Never, image: "redis:7"',
      'ErrImageNeverPull',
      /Container image "redis:7" is not present with pull policy of Never/,
    ],
    [
      'a name that is no image',
      'image: "Nginx:1"',
      'InvalidImageName',
      /couldn't parse image name "Nginx:1": invalid reference format: repository name \(library\/Nginx\) must be lowercase/,
    ],
  ])('with %s waits and says why', async (_name, rest, reason, message) => {
    const name = `waits-${reason.toLowerCase()}-${message.source.length}`;
    const image = rest.includes('image:') ? '' : 'image: "busybox:1.36", ';
    const command = rest.includes('command') ? '' : 'command: [sleep, "10"], ';
    await start(name, `containers:\n- {name: c, ${image}${command}${rest}}`, 5);
    const [own] = (await podOf(name)).status!.containerStatuses!;
    const { waiting } = own!.state!;
    expect(['CrashLoopBackOff', reason]).toContain(waiting!.reason);
    expect((await textsOf(name)).join('\n') + waiting!.message!).toMatch(
      new RegExp(message.source.replace(/^\^|\$$/g, '')),
    );
    await run(`kubectl delete pod ${name} --force`);
  });
});

describe('hooks, init containers, sidecars', () => {
  test('init containers run one after another, a sidecar before the others and until after them', async () => {
    await start(
      'ordered',
      `restartPolicy: Never
volumes: [{name: v, emptyDir: {}}]
initContainers:
- {name: first, image: "busybox:1.36", command: [sh, -c, "echo first >> /v/order"], volumeMounts: [{name: v, mountPath: /v}]}
- {name: side, image: "busybox:1.36", restartPolicy: Always, command: [sh, -c, "echo side >> /v/order; trap 'exit 0' TERM; while true; do sleep 1; done"], volumeMounts: [{name: v, mountPath: /v}]}
- {name: second, image: "busybox:1.36", command: [sh, -c, "echo second >> /v/order"], volumeMounts: [{name: v, mountPath: /v}]}
containers:
- {name: c, image: "busybox:1.36", command: [sh, -c, "echo main >> /v/order; cat /v/order; sleep 5"], volumeMounts: [{name: v, mountPath: /v}]}`,
      8,
    );
    expect(await run('kubectl logs ordered -c c')).toBe('first\nside\nsecond\nmain\n');
    expect((await podOf('ordered')).status!.phase).toBe('Running');
    await cluster.clock.advance(15_000);
    expect((await podOf('ordered')).status!.phase).toBe('Succeeded');
  });

  test('a hook that fails ends its container', async () => {
    await start(
      'hooked',
      containers('sleep 3600', ', lifecycle: {postStart: {exec: {command: [sh, -c, "exit 4"]}}}'),
      6,
    );
    expect(await textsOf('hooked')).toContain('FailedPostStartHook: PostStartHook failed');
    await run('kubectl delete pod hooked --force');
  });

  test('preStop runs before the container is told to end', async () => {
    await start(
      'farewell',
      `volumes: [{name: v, hostPath: {path: /var/farewell, type: DirectoryOrCreate}}]\nnodeName: node01\n${containers('sleep 3600', ', volumeMounts: [{name: v, mountPath: /v}], lifecycle: {preStop: {exec: {command: [sh, -c, "date +%s > /v/at; sleep 2"]}}}')}`,
    );
    await run('kubectl delete pod farewell --grace-period=4');
    const at = cluster.machines.get('node01')!.files.read('/var/farewell/at');
    expect(Number(at) * 1000).toBeLessThanOrEqual(cluster.clock.now() - 3000);
  });

  test('a preStop hook that takes too long goes on until its container ends, and has failed', async () => {
    await start(
      'late',
      containers(
        'trap "exit 0" TERM; while true; do sleep 1; done',
        ', lifecycle: {preStop: {exec: {command: [sleep, "60"]}}}',
      ),
    );
    const before = cluster.clock.now();
    await run('kubectl delete pod late --grace-period=4');
    expect(cluster.clock.now() - before).toBeLessThan(6000);
    expect(await textsOf('late')).toContain('FailedPreStopHook: PreStopHook failed');
  });

  test('a hook over HTTP is content with any answer', async () => {
    await start(
      'answered',
      'containers: [{name: c, image: nginx, lifecycle: {postStart: {httpGet: {path: /nope, port: 80}}}}]',
    );
    expect(await run('kubectl get pod answered --no-headers')).toMatch(/1\/1 +Running +0/);
    await run('kubectl delete pod answered --force');
  });
});

describe('processes', () => {
  const seenBy = async (pod: string, name: string) =>
    (await run(`kubectl exec ${pod} -c ${name} -- ps`))
      .split('\n')
      .slice(1, -1)
      .map((line) => line.replace(/^ *(\d+) (\S+) .* 0:00 /, '$1 $2 '));

  test('of one pod see each other, and can be ended, where it shares them', async () => {
    await start(
      'family',
      'shareProcessNamespace: true\ncontainers: [{name: server, image: nginx}, {name: c, image: "busybox:1.36", command: [sleep, "3600"]}]',
    );
    expect(await seenBy('family', 'c')).toEqual([
      '1 65535 /pause',
      '2 root /docker-entrypoint.sh nginx -g daemon off;',
      '3 root sleep 3600',
      '4 root ps',
    ]);
    await run('kubectl exec family -c c -- kill 2');
    await cluster.clock.advance(5000);
    const { status } = await podOf('family');
    expect(status?.containerStatuses?.map(({ restartCount }) => restartCount).sort()).toEqual([0, 1]);
    expect(await seenBy('family', 'c')).toHaveLength(4);
    await run('kubectl delete pod family --force');
  });

  test('of a container are those of who debugs it', async () => {
    await start('broken', containers('sleep 3600'));
    expect(await run('kubectl debug broken -q -i --image=busybox --target=c -- ps')).toMatch(
      / 1 root +0:00 sh -c sleep 3600\n +2 root +0:00 ps\n/,
    );
    await run('kubectl delete pod broken --force');
  });

  test('of the machine are there with hostPID', async () => {
    await start('spy', `hostPID: true\n${containers('sleep 3600')}`);
    expect(await seenBy('spy', 'c')).toContain('1 root /sbin/init');
    await run('kubectl delete pod spy --force');
  });
});

describe('a security context', () => {
  test('says whom a container runs as, whose its volumes are, and what it may write', async () => {
    await run('kubectl create secret generic hidden --from-literal=a=b');
    await start(
      'somebody',
      `securityContext: {runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000]}
volumes: [{name: e, emptyDir: {}}, {name: s, secret: {secretName: hidden, defaultMode: 0400}}]
${containers('sleep 3600', ', volumeMounts: [{name: e, mountPath: /data/demo}, {name: s, mountPath: /s}]')}`,
    );
    const inside = (script: string) => run(`kubectl exec somebody -- sh -c '${script}'`);
    expect(await inside('id')).toBe('uid=1000 gid=3000 groups=2000,3000,4000\n');
    expect(await inside('ls -ld /data/demo')).toMatch(/^drwxrwsrwx +2 root +2000 /);
    expect(await inside('echo hello > /data/demo/f; ls -l /data/demo; cat /s/a')).toMatch(
      /\n-rw-r--r-- +1 1000 +2000 +6 .* f\nb$/,
    );
    expect(await inside('touch /x')).toContain('touch: /x: Permission denied\n');
    expect(await inside('echo a > /tmp/y; ls -l /tmp/y')).toMatch(/^-rw-r--r-- +1 1000 +3000 /);
    expect((await podOf('somebody')).status?.containerStatuses?.[0]).toMatchObject({
      user: { linux: { uid: 1000, gid: 3000, supplementalGroups: [2000, 3000, 4000] } },
    });
    await run('kubectl delete pod somebody --force');
  });

  test('what a secret holds comes through to the byte', async () => {
    await run(
      'kubectl apply -f -',
      'apiVersion: v1\nkind: Secret\nmetadata: {name: bytes}\ndata: {a: /v8Aw6k=}\n',
    );
    await start(
      'reader',
      `volumes: [{name: s, secret: {secretName: bytes}}]\n${containers('sleep 3600', ', volumeMounts: [{name: s, mountPath: /s}]')}`,
    );
    expect(await run('kubectl exec reader -- base64 /s/a')).toBe('/v8Aw6k=\n');
    await run('kubectl delete pod reader --force');
  });

  test('a user that the image does not know is in the group root', async () => {
    await start('nobody', containers('sleep 3600', ', securityContext: {runAsUser: 1000}'));
    expect(await run('kubectl exec nobody -- sh -c "id; whoami"')).toBe(
      'uid=1000 gid=0(root) groups=0(root)\nwhoami: unknown uid 1000\ncommand terminated with exit code 1\n',
    );
    await run('kubectl delete pod nobody --force');
  });

  test.each([
    ['readOnlyRootFilesystem: true', '30: Read-only file system'],
    ['runAsUser: 1000', '13: Permission denied'],
  ])('nginx does not start with %s', async (security, why) => {
    await start('web', `containers: [{name: c, image: nginx, securityContext: {${security}}}]`, 5);
    expect(await run('kubectl logs web')).toContain(
      `nginx: [emerg] mkdir() "/var/cache/nginx/client_temp" failed (${why})\n`,
    );
    await run('kubectl delete pod web --force');
    const mounts = '{name: a, mountPath: /var/cache/nginx}, {name: b, mountPath: /var/run}';
    await start(
      'web',
      `volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}]\ncontainers: [{name: c, image: nginx, securityContext: {${security}}, volumeMounts: [${mounts}]}]`,
      5,
    );
    expect(await run('kubectl get pod web --no-headers')).toMatch(/1\/1 +Running/);
    await run('kubectl delete pod web --force');
  });

  test('nginx has an image that needs no root', async () => {
    await start(
      'free',
      'securityContext: {runAsNonRoot: true}\ncontainers: [{name: c, image: nginxinc/nginx-unprivileged}]',
    );
    expect(await run('kubectl exec free -- curl -s localhost:8080')).toContain('Welcome to nginx!');
    await run('kubectl delete pod free --force');
  });
});

describe('probes', () => {
  test('a command decides whether a pod is ready', async () => {
    await start(
      'ready',
      containers(
        'touch /tmp/ok; sleep 3600',
        ', readinessProbe: {periodSeconds: 1, exec: {command: [cat, /tmp/ok]}}',
      ),
      5,
    );
    expect(await run('kubectl get pod ready --no-headers')).toMatch(/1\/1 +Running/);
    await run('kubectl exec ready -- rm /tmp/ok');
    await cluster.clock.advance(5000);
    expect(await run('kubectl get pod ready --no-headers')).toMatch(/0\/1 +Running/);
    expect(await textsOf('ready')).toContainEqual(
      "Unhealthy: Readiness probe failed: cat: can't open '/tmp/ok': No such file or directory\n",
    );
    await run('kubectl delete pod ready again --force');
  });

  test.each([
    [
      'tcp',
      'tcpSocket: {port: 81}',
      /^Unhealthy: Liveness probe failed: dial tcp 192\.168\.\d+\.\d+:81: connect: connection refused$/,
    ],
    [
      'http',
      'httpGet: {path: /nope, port: 80}',
      /^Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 404$/,
    ],
    [
      'exec',
      'exec: {command: [sh, -c, "sleep 5"]}',
      /^Unhealthy: Liveness probe failed: command timed out: "sh -c sleep 5" timed out after 1s$/,
    ],
  ])('%s that fails is told and restarts the container', async (kind, probe, message) => {
    await start(
      `probe-${kind}`,
      `terminationGracePeriodSeconds: 1\ncontainers:\n- {name: c, image: "nginx:1.27", livenessProbe: {periodSeconds: 3, failureThreshold: 2, ${probe}}}`,
      20,
    );
    const texts = await textsOf(`probe-${kind}`);
    expect(texts.find((text) => text.startsWith('Unhealthy'))).toMatch(message);
    expect(texts).toContain('Killing: Container c failed liveness probe, will be restarted');
    expect((await podOf(`probe-${kind}`)).status!.containerStatuses![0]!.restartCount).toBeGreaterThan(0);
    await run(`kubectl delete pod probe-${kind} --force`);
  });
});

describe('volumes', () => {
  test('files follow their ConfigMap after a while, a subPath does not', async () => {
    await run('kubectl create configmap settings --from-literal=mode=old --from-literal=extra=x');
    await start(
      'configured',
      `volumes: [{name: v, configMap: {name: settings}}]\n${containers('sleep 3600', ', volumeMounts: [{name: v, mountPath: /etc/settings}, {name: v, mountPath: /etc/mode, subPath: mode}]')}`,
    );
    expect(await run('kubectl exec configured -- cat /etc/settings/mode /etc/mode')).toBe('oldold');
    expect(await run('kubectl exec configured -- sh -c "echo x > /etc/settings/mode"')).toContain(
      'Read-only file system',
    );
    await run(`kubectl patch configmap settings -p '{"data":{"mode":"new"}}'`);
    await cluster.clock.advance(65_000);
    expect(await run('kubectl exec configured -- cat /etc/settings/mode /etc/mode')).toBe('newold');
  });

  test('a pod waits for its Secret and starts when it comes', async () => {
    await start(
      'patient',
      `volumes: [{name: v, secret: {secretName: late}}]\n${containers('cat /v/key; echo; sleep 3600', ', volumeMounts: [{name: v, mountPath: /v}]')}`,
    );
    expect(await textsOf('patient')).toContain(
      'FailedMount: MountVolume.SetUp failed for volume "v" : secret "late" not found',
    );
    await run('kubectl create secret generic late --from-literal=key=s3cret');
    await cluster.clock.advance(40_000);
    expect(await run('kubectl logs patient')).toBe('s3cret\n');
  });

  test('the downward API, environment and /etc/hosts tell a pod about itself', async () => {
    await start(
      'self',
      `hostname: me
subdomain: group
hostAliases: [{ip: 10.1.2.3, hostnames: [far.example]}]
volumes: [{name: v, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}]
containers:
- name: c
  image: busybox:1.36
  command: [sleep, "3600"]
  resources: {limits: {cpu: 500m, memory: 64Mi}}
  env: [{name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}, {name: CPU, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1m}}}, {name: BOTH, value: "$(POD)-$(CPU)"}]
  volumeMounts: [{name: v, mountPath: /info}]`,
    );
    expect(await run('kubectl exec self -- sh -c "echo $BOTH; hostname; cat /info/labels"')).toBe(
      '\nme\napp="self"',
    );
    expect(await run(`kubectl exec self -- sh -c 'echo $BOTH $KUBERNETES_SERVICE_HOST'`)).toBe(
      'self-500 10.96.0.1\n',
    );
    const hosts = await run('kubectl exec self -- cat /etc/hosts');
    expect(hosts).toMatch(/^192\.168\.\d+\.\d+\tme\.group\.default\.svc\.cluster\.local\tme$/m);
    expect(hosts).toContain('10.1.2.3\tfar.example\n');
    expect(await run('kubectl exec self -- cat /etc/resolv.conf')).toBe(
      'search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n',
    );
  });

  test('a hostPath of the wrong type is told', async () => {
    await start(
      'typed',
      `volumes: [{name: v, hostPath: {path: /etc/hosts, type: Directory}}]\n${containers('sleep 1', ', volumeMounts: [{name: v, mountPath: /v}]')}`,
    );
    expect(await textsOf('typed')).toContain(
      'FailedMount: MountVolume.SetUp failed for volume "v" : hostPath type check failed: /etc/hosts is not a directory',
    );
  });

  test('a token lies where programs look for it and is renewed', async () => {
    await start('tokened', containers('sleep 36000'));
    const read = () => run('kubectl exec tokened -- cat /var/run/secrets/kubernetes.io/serviceaccount/token');
    const first = await read();
    expect(first.split('.')).toHaveLength(3);
    await run('kubectl delete pod --all --force --field-selector metadata.name!=tokened');
    await cluster.clock.advance(3_000_000);
    const second = await read();
    expect(second.split('.')).toHaveLength(3);
    expect(second).not.toBe(first);
  });
});

describe('the network', () => {
  test('Services have names and addresses behind which their pods answer', async () => {
    await run('kubectl create deployment page --image=nginx --replicas=2');
    await run('kubectl expose deployment page --port=8080 --target-port=80');
    await run('kubectl expose deployment page --name=outside --port=80 --type=NodePort');
    await start('client', `containers:\n- {name: c, image: curlimages/curl, command: [sleep, "36000"]}`, 15);
    const inside = (command: string) => run(`kubectl exec client -- ${command}`);
    expect(await inside('nslookup kubernetes.default')).toMatch(
      /^Server:\t\t10\.96\.0\.10\nAddress:\t10\.96\.0\.10:53\n\nName:\tkubernetes\.default\.svc\.cluster\.local\nAddress: 10\.96\.0\.1\n/,
    );
    expect(await inside('curl -s page:8080')).toContain('Welcome to nginx!');
    expect(await inside('wget -qO- page.default.svc.cluster.local:8080')).toContain('Welcome to nginx!');
    expect(await inside('curl -sS nowhere.default')).toContain(
      'curl: (6) Could not resolve host: nowhere.default',
    );
    const port = await run("kubectl get service outside -o jsonpath='{.spec.ports[0].nodePort}'");
    for (const host of ['172.30.2.2', '172.30.3.2']) {
      expect(await inside(`curl -s ${host}:${port}`)).toContain('Welcome to nginx!');
    }
    expect(await inside('curl -sS https://kubernetes')).toContain('SSL certificate problem');
    const account = '/var/run/secrets/kubernetes.io/serviceaccount';
    expect(
      await inside(
        `sh -c 'curl -s --cacert ${account}/ca.crt -H "Authorization: Bearer $(cat ${account}/token)" https://kubernetes/api/v1/pods'`,
      ),
    ).toContain('pods is forbidden: User \\"system:serviceaccount:default:default\\" cannot list resource');
    const raw = (path: string) => run(`kubectl get --raw /api/v1/${path}`);
    expect(await raw('namespaces/default/services/page:8080/proxy/')).toContain('Welcome to nginx!');
    expect(await raw('namespaces/default/services/http:page:/proxy/')).toContain('Welcome to nginx!');
    const pod = await run("kubectl get pod -l app=page -o jsonpath='{.items[0].metadata.name}'");
    expect(await raw(`namespaces/default/pods/${pod}/proxy/`)).toContain('Welcome to nginx!');
    expect(await raw(`namespaces/default/pods/${pod}:81/proxy/`)).toMatch(
      /^Error from server \(ServiceUnavailable\): error trying to reach service: dial tcp 192\.168\.[\d.]+:81: connect: connection refused\n$/,
    );
    expect(await raw('namespaces/default/services/page:1/proxy/')).toContain(
      'no service port 1 found for service "page"',
    );
    expect(await raw('nodes/node02/proxy/healthz')).toBe('ok');
    await run('kubectl scale deployment page --replicas=0');
    await cluster.clock.advance(5000);
    expect(await raw('namespaces/default/services/page:8080/proxy/')).toContain(
      'no endpoints available for service "page"',
    );
    expect(await inside('curl -sS page:8080')).toMatch(
      /curl: \(7\) Failed to connect to page port 8080 after \d+ ms/,
    );
    await run('kubectl delete deployment page');
    await run('kubectl delete service page outside');
    await run('kubectl delete pod client --force');
  });
});

describe('the node', () => {
  test('gives a running pod the resources of a resize', async () => {
    await start('grows', containers('sleep 3600', ', resources: {requests: {cpu: 100m, memory: 32Mi}}'));
    const resize = (requests: string) =>
      run(
        `kubectl patch pod grows --subresource resize -p '{"spec":{"containers":[{"name":"c","resources":{"requests":${requests}}}]}}'`,
      );
    expect(await resize('{"cpu":"200m"}')).toBe('pod/grows patched\n');
    await cluster.clock.advance(5000);
    const { status } = await podOf('grows');
    expect(status!.containerStatuses![0]).toMatchObject({
      restartCount: 0,
      resources: { requests: { cpu: '200m', memory: '32Mi' } },
      allocatedResources: { cpu: '200m', memory: '32Mi' },
    });
    expect(await resize('{"cpu":null}')).toBe(
      'The Pod "grows" is invalid: spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed\n',
    );
    await resize('{"cpu":"500"}');
    await cluster.clock.advance(5000);
    expect((await podOf('grows')).status!.conditions).toContainEqual(
      expect.objectContaining({ type: 'PodResizePending', reason: 'Infeasible' }),
    );
    await run('kubectl delete pod grows --force');
  });

  test('turns away what does not fit, whoever put it there', async () => {
    await start(
      'big',
      `nodeName: node02\n${containers('sleep 10', ', resources: {requests: {cpu: "5"}}')}`,
      3,
    );
    const { status } = await podOf('big');
    expect(status).toMatchObject({ phase: 'Failed', reason: 'OutOfcpu' });
    expect(status!.message).toMatch(
      /^Pod was rejected: Node didn't have enough resource: cpu, requested: 5000, used: \d+, capacity: 2000$/,
    );
  });

  test('ends a pod whose time is up', async () => {
    await start('limited', `activeDeadlineSeconds: 5\n${containers('sleep 3600')}`, 45);
    expect((await podOf('limited')).status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    });
  });

  test('evicts who takes most when memory runs short', async () => {
    await start(
      'glutton',
      `nodeName: node01\ncontainers:\n- {name: c, image: polinux/stress, command: [stress], args: [--vm, "1", --vm-bytes, 1600M]}`,
      30,
    );
    const { status } = await podOf('glutton');
    expect(status).toMatchObject({ phase: 'Failed', reason: 'Evicted' });
    expect(status!.message).toMatch(
      /^The node was low on resource: memory\. Threshold quantity: 100Mi, available: \d+Ki\. Container c was using \d+Ki, request is 0, has larger consumption of memory\. $/,
    );
    expect(
      await run(
        'kubectl get node node01 -o jsonpath="{.status.conditions[?(@.type==\'MemoryPressure\')].status}"',
      ),
    ).toBe('True');
  });
});
