import { execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findRealKubectl } from '../../tools/real-kubectl.mts';
import type { ServedCluster } from './served-cluster.ts';
import { serveCluster } from './served-cluster.ts';

const binary = findRealKubectl();
if ('missing' in binary) console.warn(`skipped: the real kubectl. ${binary.missing}`);

interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

/** What a command must do: its exit code and what its output is like. */
interface Step {
  /** Arguments of kubectl, as a shell would split them at spaces. */
  readonly run: string;
  readonly args?: readonly string[];
  readonly stdin?: string;
  readonly exit?: number;
  readonly stdout?: RegExp | string;
  readonly stderr?: RegExp | string;
}

const DEPLOYMENT = (replicas: number) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, labels: {app: shop}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "nginx:1.27"}]}
`;
const CONFIG_MAP = (value: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {color: ${value}}
`;

/** Both in one list, as kubectl wants it checked by /openapi/v2: no server takes patches of a List. */
const LIST = (replicas: number, containers = 'containers') => {
  const item = (text: string) => `- ${text.trim().replaceAll('\n', '\n  ')}\n`;
  const deployment = DEPLOYMENT(replicas).replace('containers', containers);
  return `apiVersion: v1\nkind: List\nitems:\n${item(CONFIG_MAP('red'))}${item(deployment)}`;
};

/** Chapters share the cluster and run in order. */
const CHAPTERS: Readonly<Record<string, readonly Step[]>> = {
  'what there is': [
    { run: 'version', stdout: /Server Version: v1\.36/ },
    { run: 'get nodes', stdout: /controlplane\s+Ready\s+control-plane[\s\S]*node02\s+Ready/ },
    { run: 'cluster-info', stdout: /control plane.*is running at/ },
    { run: 'api-versions', stdout: /^apps\/v1$/m },
    { run: 'api-resources --namespaced=false', stdout: /^nodes\s+no\s+v1\s+false\s+Node$/m },
    { run: 'get --raw /readyz?verbose', stdout: /\[\+\]etcd ok[\s\S]*readyz check passed/ },
    { run: 'top pod', exit: 1, stderr: 'error: Metrics API not available\n' },
  ],
  'a pod from run to delete': [
    { run: 'run web --image=nginx:1.27 --labels=app=web', stdout: 'pod/web created\n' },
    { run: 'wait --for=condition=Ready pod/web --timeout=20s', stdout: 'pod/web condition met\n' },
    { run: 'get pod web -o wide', stdout: /web\s+1\/1\s+Running\s+0\s+\S+\s+192\.168\.\d+\.\d+\s+node0[12]/ },
    { run: 'get pod web', args: ['-o', 'jsonpath={.status.phase}'], stdout: 'Running' },
    {
      run: 'describe pod web',
      stdout: /Status:\s+Running[\s\S]*Successfully assigned default\/web to node0[12]/,
    },
    { run: 'logs web', stdout: /start worker processes/ },
    { run: 'logs web --tail=1', stdout: /^[^\n]+\n$/ },
    { run: 'exec web', args: ['--', 'echo', 'hi'], stdout: 'hi\n' },
    { run: 'exec -i web', args: ['--', 'cat'], stdin: 'said\n', stdout: 'said\n' },
    { run: 'exec web', args: ['--', 'false'], exit: 1, stderr: /command terminated with exit code 1/ },
    { run: 'exec nothing', args: ['--', 'ls'], exit: 1, stderr: /pods "nothing" not found/ },
    { run: 'label pod web tier=front', stdout: 'pod/web labeled\n' },
    { run: 'annotate pod web note=hello', stdout: 'pod/web annotated\n' },
    { run: 'get pods -l tier=front -o name', stdout: 'pod/web\n' },
    { run: 'get pods --field-selector=status.phase=Running -o name', stdout: 'pod/web\n' },
    {
      run: 'patch pod web --type=json',
      args: ['-p', '[{"op":"replace","path":"/spec/containers/0/image","value":"nginx:1.28"}]'],
      stdout: 'pod/web patched\n',
    },
    { run: 'get pod nothing', exit: 1, stderr: 'Error from server (NotFound): pods "nothing" not found\n' },
    { run: 'delete pod web --now', stdout: /pod "web" deleted/ },
    { run: 'get pods', stderr: 'No resources found in default namespace.\n' },
  ],
  'client-side apply, diff and what follows': [
    { run: 'apply -f -', stdin: DEPLOYMENT(2), stdout: 'deployment.apps/shop created\n' },
    { run: 'apply -f -', stdin: DEPLOYMENT(2), stdout: 'deployment.apps/shop unchanged\n' },
    { run: 'rollout status deployment/shop --timeout=30s', stdout: /successfully rolled out\n$/ },
    { run: 'diff -f -', stdin: DEPLOYMENT(3), exit: 1, stdout: /^\+ {2}replicas: 3$/m },
    { run: 'apply -f - --dry-run=server', stdin: DEPLOYMENT(3), stdout: /configured \(server dry run\)/ },
    { run: 'apply -f -', stdin: DEPLOYMENT(3), stdout: 'deployment.apps/shop configured\n' },
    {
      run: 'apply -f -',
      stdin: DEPLOYMENT(1).replace('spec: {containers', 'spec: {contaners'),
      exit: 1,
      stderr: /strict decoding error: unknown field "spec\.template\.spec\.contaners"/,
    },
    { run: 'scale deployment shop --replicas=2', stdout: 'deployment.apps/shop scaled\n' },
    { run: 'set image deployment/shop shop=nginx:1.28', stdout: 'deployment.apps/shop image updated\n' },
    { run: 'rollout status deployment/shop --timeout=30s', stdout: /successfully rolled out\n$/ },
    { run: 'rollout history deployment/shop', stdout: /REVISION\s+CHANGE-CAUSE\n1\s+<none>\n2\s+<none>/ },
    { run: 'rollout undo deployment/shop', stdout: 'deployment.apps/shop rolled back\n' },
    { run: 'rollout restart deployment/shop', stdout: 'deployment.apps/shop restarted\n' },
    { run: 'patch deployment shop', args: ['-p', '{"spec":{"minReadySeconds":1}}'], stdout: /patched\n$/ },
    { run: 'expose deployment shop --port=80', stdout: 'service/shop exposed\n' },
    { run: 'get service shop', args: ['-o', 'jsonpath={.spec.clusterIP}'], stdout: /^10\.\d+\.\d+\.\d+$/ },
    {
      run: 'delete deployment,service shop',
      stdout: /deployment\.apps "shop" deleted[\s\S]*service "shop" deleted/,
    },
  ],
  'lists, which kubectl checks by /openapi/v2 in protobuf': [
    { run: 'create -f - --validate=strict', stdin: LIST(1), stdout: /settings created\n.*shop created/ },
    { run: 'apply -f -', stdin: LIST(2), stdout: /shop configured/, stderr: /missing the \S+last-applied/ },
    { run: 'diff -f -', stdin: LIST(3), exit: 1, stdout: /^\+ {2}replicas: 3$/m },
    { run: 'apply -f - --dry-run=server', stdin: LIST(3), stdout: /settings unchanged.*\n.*shop configured/ },
    // Replacing reads and then writes: nobody else may write in between.
    { run: 'rollout status deployment/shop --timeout=60s', stdout: /successfully rolled out/ },
    { run: 'replace -f -', stdin: LIST(3), stdout: /settings replaced\n.*shop replaced/ },
    {
      run: 'apply -f -',
      stdin: LIST(3, 'contaners'),
      exit: 1,
      stderr:
        'error: error validating "STDIN": error validating data: [ValidationError(Deployment.spec.template.spec): unknown field "contaners" in io.k8s.api.core.v1.PodSpec, ValidationError(Deployment.spec.template.spec): missing required field "containers" in io.k8s.api.core.v1.PodSpec]; if you choose to ignore these errors, turn validation off with --validate=false\n',
    },
    { run: 'delete -f -', stdin: LIST(3), stdout: /"settings" deleted[\s\S]*"shop" deleted/ },
    {
      run: 'explain deployment.spec.strategy --output=plaintext-openapiv2',
      stdout: /RESOURCE: strategy <Object>[\s\S]*rollingUpdate\t<Object>/,
    },
  ],
  'typed clients, which write protobuf': [
    { run: 'create deployment web --image=nginx:1.27 --replicas=2', stdout: 'deployment.apps/web created\n' },
    { run: 'create namespace lab', stdout: 'namespace/lab created\n' },
    { run: 'create configmap c --from-literal=a=b -n lab', stdout: 'configmap/c created\n' },
    { run: 'create secret generic s --from-literal=k=v -n lab', stdout: 'secret/s created\n' },
    { run: 'get secret s -n lab', args: ['-o', 'jsonpath={.data.k}'], stdout: 'dg==' },
    { run: 'create serviceaccount robot -n lab', stdout: 'serviceaccount/robot created\n' },
    { run: 'create role reader --verb=get,list --resource=pods -n lab', stdout: /role\S*\/reader created\n/ },
    { run: 'create rolebinding r --role=reader --serviceaccount=lab:robot -n lab', stdout: /created\n$/ },
    { run: 'auth can-i list pods --as=system:serviceaccount:lab:robot -n lab', stdout: 'yes\n' },
    { run: 'auth can-i delete pods --as=system:serviceaccount:lab:robot -n lab', exit: 1, stdout: 'no\n' },
    {
      run: 'create job once --image=busybox -n lab',
      args: ['--', 'true'],
      stdout: 'job.batch/once created\n',
    },
    {
      run: 'create cronjob often --image=busybox -n lab',
      args: ['--schedule=*/5 * * * *', '--', 'true'],
      stdout: 'cronjob.batch/often created\n',
    },
    { run: 'create quota q --hard=pods=5 -n lab', stdout: 'resourcequota/q created\n' },
    { run: 'create ingress i --rule=a.b/*=s:80 -n lab', stdout: 'ingress.networking.k8s.io/i created\n' },
    { run: 'autoscale deployment web --max=3', stdout: /horizontalpodautoscaler.*\/web autoscaled\n/ },
    { run: 'auth whoami', stdout: /Username\s+kubernetes-admin[\s\S]*kubeadm:cluster-admins/ },
    { run: 'auth can-i --list', stdout: /\*\.\*\s+\[\]\s+\[\]\s+\[\*\]/ },
  ],
  explain: [
    { run: 'explain pod', stdout: /KIND:\s+Pod\nVERSION:\s+v1\n[\s\S]*spec\t<PodSpec>/ },
    { run: 'explain pod.spec.containers.resources', stdout: /limits\t<map\[string\]Quantity>/ },
    { run: 'explain deployment --recursive', stdout: /GROUP:\s+apps[\s\S]*maxUnavailable\t<IntOrString>/ },
    { run: 'explain pod.spec.nope', exit: 1, stderr: 'error: field "nope" does not exist\n' },
  ],
  'nodes and namespaces': [
    { run: 'drain node01 --ignore-daemonsets --force --timeout=30s', stdout: /node\/node01 drained\n$/ },
    { run: 'get node node01', stdout: /SchedulingDisabled/ },
    { run: 'uncordon node01', stdout: 'node/node01 uncordoned\n' },
    { run: 'taint node node02 a=b:NoSchedule', stdout: 'node/node02 tainted\n' },
    { run: 'delete namespace lab --timeout=30s', stdout: /namespace "lab" deleted\n/ },
    { run: 'get configmap c -n lab', exit: 1, stderr: /namespaces "lab" not found|configmaps "c" not found/ },
  ],
};

describe.skipIf('missing' in binary)('the real kubectl', () => {
  let cluster: ServedCluster;
  const env = () => ({ ...process.env, KUBECONFIG: cluster.kubeconfig, HOME: cluster.directory });
  const program = 'path' in binary ? binary.path : '';

  function kubectl({ run, args = [], stdin = '' }: Pick<Step, 'run' | 'args' | 'stdin'>): Promise<Result> {
    return new Promise((resolve) => {
      const child = execFile(
        program,
        [...run.split(' '), ...args],
        { env: env() },
        (error, stdout, stderr) => {
          resolve({ stdout, stderr, exit: error === null ? 0 : Number(error.code ?? 1) });
        },
      );
      child.stdin!.end(stdin);
    });
  }

  beforeAll(async () => {
    cluster = await serveCluster();
  }, 60_000);
  afterAll(() => cluster.stop());

  test.each(Object.entries(CHAPTERS))(
    '%s',
    async (_chapter, steps) => {
      for (const step of steps) {
        const result = await kubectl(step);
        const context = `kubectl ${step.run}\n${result.stdout}${result.stderr}`;
        expect(result.exit, context).toBe(step.exit ?? 0);
        for (const stream of ['stdout', 'stderr'] as const) {
          const want = step[stream];
          if (typeof want === 'string') expect(result[stream], context).toBe(want);
          else if (want !== undefined) expect(result[stream], context).toMatch(want);
        }
      }
    },
    60_000,
  );

  test('get -w shows changes as they happen', async () => {
    const watching = spawn(program, ['get', 'configmaps', '-w', '--output-watch-events'], { env: env() });
    let seen = '';
    watching.stdout.on('data', (text: Buffer) => (seen += text.toString()));
    const saw = async (pattern: RegExp) => {
      for (let waited = 0; !pattern.test(seen) && waited < 20_000; waited += 50) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(seen).toMatch(pattern);
    };
    try {
      await saw(/ADDED\s+kube-root-ca\.crt/);
      await kubectl({ run: 'apply -f -', stdin: CONFIG_MAP('red') });
      await saw(/ADDED\s+settings/);
      await kubectl({ run: 'apply -f -', stdin: CONFIG_MAP('blue') });
      await saw(/MODIFIED\s+settings/);
      await kubectl({ run: 'delete configmap settings' });
      await saw(/DELETED\s+settings/);
    } finally {
      watching.kill();
    }
  }, 60_000);

  test('a token that was made is good for requests', async () => {
    const { stdout: token } = await kubectl({ run: 'create token default --duration=20m' });
    const kubeconfig = join(cluster.directory, 'token.kubeconfig');
    const authority = await kubectl({
      run: 'config view --raw --minify',
      args: ['-o', 'jsonpath={.clusters[0].cluster.certificate-authority-data}'],
    });
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [
          { name: 'c', cluster: { server: cluster.url, 'certificate-authority-data': authority.stdout } },
        ],
        users: [{ name: 'u', user: { token: token.trim() } }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'x',
      }),
    );
    const whoami = await kubectl({ run: `--kubeconfig ${kubeconfig} auth whoami` });
    expect(whoami.stdout).toMatch(/Username\s+system:serviceaccount:default:default/);
    const refused = await kubectl({ run: `--kubeconfig ${kubeconfig} get pods` });
    expect(refused.stderr).toMatch(
      /User "system:serviceaccount:default:default" cannot list resource "pods"/,
    );
  });
});
