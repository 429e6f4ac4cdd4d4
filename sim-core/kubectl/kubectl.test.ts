import { describe, expect, it } from 'vitest';
import { ConnectionError, type HttpRequest, type HttpResponse } from '../apimachinery/http.ts';
import { notFoundError, unauthorizedError, type StatusError } from '../apimachinery/status.ts';
import { Context } from '../clock/context.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import type { Machine } from '../node/machine.ts';
import { LineInput, textInput } from '../node/pipe.ts';
import { MemoryFileSystem } from '../node/memory-file-system.ts';
import { MemoryProcessTable } from '../node/memory-process-table.ts';
import { settle } from '../testing/settle.ts';
import { createKubectl } from './kubectl.ts';

const KUBECONFIG = `
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://172.30.1.2:6443"}}]
users: [{name: admin, user: {token: secret}}]
contexts:
- {name: admin@c, context: {cluster: c, user: admin}}
- {name: dev@c, context: {cluster: c, user: admin, namespace: dev}}
current-context: admin@c
`;
const json = (body: object, status = 200): HttpResponse => ({
  status,
  headers: {},
  body: JSON.stringify(body),
});
const failure = ({ status }: StatusError) => json(status, status.code);

const DISCOVERY: Readonly<Record<string, object>> = {
  '/api?timeout=32s': { kind: 'APIVersions', versions: ['v1'] },
  '/apis?timeout=32s': {
    kind: 'APIGroupList',
    groups: [{ name: 'apps', versions: [{ version: 'v1' }], preferredVersion: { version: 'v1' } }],
  },
  '/api/v1?timeout=32s': {
    resources: [
      {
        name: 'pods',
        singularName: 'pod',
        kind: 'Pod',
        namespaced: true,
        shortNames: ['po'],
        verbs: ['get'],
        categories: ['all'],
      },
      {
        name: 'nodes',
        singularName: 'node',
        kind: 'Node',
        namespaced: false,
        shortNames: ['no'],
        verbs: ['get'],
      },
    ],
  },
  '/apis/apps/v1?timeout=32s': {
    resources: [
      {
        name: 'deployments',
        singularName: 'deployment',
        kind: 'Deployment',
        namespaced: true,
        shortNames: ['deploy'],
        verbs: ['get'],
      },
    ],
  },
};

/** kubectl on a machine whose server answers discovery, and all else with `answer`. */
function newKubectl(
  answer: (request: HttpRequest) => HttpResponse = () => json({}),
  files: Record<string, string> = {},
) {
  const clock = new VirtualClock({ start: Date.UTC(2026, 10, 23, 9), settle });
  const system = new MemoryFileSystem(clock);
  system.makeDirectory('/root/.kube', { parents: true });
  system.write('/root/.kube/config', KUBECONFIG);
  for (const [path, text] of Object.entries(files)) system.write(path, text);
  const processes = new MemoryProcessTable(clock);
  const machine = {
    hostname: 'controlplane',
    address: '172.30.1.2',
    files: system,
    processes,
  } as unknown as Machine;
  const requests: HttpRequest[] = [];
  const kubectl = createKubectl({
    network: {
      transport: () => async (request) => {
        const known = DISCOVERY[request.path];
        if (known !== undefined) return json(known);
        requests.push(request);
        return answer(request);
      },
    },
  });
  const run = async (line: string, stdin = '') => {
    let [stdout, stderr] = ['', ''];
    const io = {
      stdin: new LineInput(textInput(stdin)),
      stdout: (text: string) => (stdout += text),
      stderr: (text: string) => (stderr += text),
    };
    const environment = {
      machine,
      clock,
      cwd: '/root',
      variables: { HOME: '/root' },
      user: 'root',
      context: new Context(),
      execute: () => Promise.resolve(127),
    };
    const exit = await clock.until(kubectl.run(line.split(' '), io, environment));
    return { stdout, stderr, exit };
  };
  return { run, requests };
}

describe('kubectl', () => {
  it.each([
    ['get pods', '/api/v1/namespaces/default/pods?limit=500'],
    ['get po -n dev', '/api/v1/namespaces/dev/pods?limit=500'],
    ['get Pod web', '/api/v1/namespaces/default/pods/web'],
    ['get pods -A -l a=b,c!=d', '/api/v1/pods?labelSelector=a%3Db%2Cc!%3Dd&limit=500'],
    ['get node/node01', '/api/v1/nodes/node01'],
    ['get deployments.apps', '/apis/apps/v1/namespaces/default/deployments?limit=500'],
    ['get deploy.v1.apps web', '/apis/apps/v1/namespaces/default/deployments/web'],
    ['get pods --context dev@c', '/api/v1/namespaces/dev/pods?limit=500'],
    ['get --raw /readyz?verbose', '/readyz?verbose'],
    ['run web --image=nginx', '/api/v1/namespaces/default/pods?fieldManager=kubectl-run'],
  ])('%s asks for %s', async (line, path) => {
    const { run, requests } = newKubectl();
    await run(line);
    expect(requests[0]?.path).toBe(path);
  });

  it('sends who it is', async () => {
    const { run, requests } = newKubectl();
    await run('get pods --as=jane --as-group=dev');
    expect(requests[0]!.headers).toMatchObject({
      'user-agent': 'kubectl/v1.36.4 (linux/amd64) kubernetes/0000000',
      authorization: 'Bearer secret',
      'impersonate-user': 'jane',
      'impersonate-group': ['dev'],
    });
  });

  it.each([
    ['get podz', `error: the server doesn't have a resource type "podz"\n`],
    ['get pods --nope', "error: unknown flag: --nope\nSee 'kubectl get --help' for usage.\n"],
    ['create deployment', 'error: required flag(s) "image" not set\n'],
    [
      'create namespace',
      "error: exactly one NAME is required, got 0\nSee 'kubectl create namespace -h' for help and examples\n",
    ],
    ['create nope -f x', "error: Unexpected args: [nope]\nSee 'kubectl create -h' for help and examples\n"],
    ['delete pod', 'error: resource(s) were provided, but no name was specified\n'],
    ['get pods/a/b', 'error: arguments in resource/name form may not have more than one slash\n'],
    ['get pods a -l x=y', 'error: name cannot be provided when a selector is specified\n'],
    ['get pods web -A', 'error: a resource cannot be retrieved by name across all namespaces\n'],
    ['create -f /nope.yaml', 'error: the path "/nope.yaml" does not exist\n'],
    [
      'get pods --context nope',
      'Error in configuration: context was not found for specified context: nope\n',
    ],
    ['get pods --kubeconfig nope', 'error: stat nope: no such file or directory\n'],
    ['config use-context nope', 'error: no context exists with the name: "nope"\n'],
    [
      'run web --image=nginx --dry-run=maybe',
      'error: Invalid dry-run value (maybe). Must be "none", "server", or "client".\n',
    ],
  ])('%s', async (line, stderr) => {
    expect(await newKubectl().run(line)).toEqual({ exit: 1, stdout: '', stderr });
  });

  it.each([
    [
      'not found',
      () => failure(notFoundError({ group: '', resource: 'pods' }, 'web')),
      'Error from server (NotFound): pods "web" not found\n',
    ],
    [
      'not logged in',
      () => failure(unauthorizedError()),
      'error: You must be logged in to the server (Unauthorized)\n',
    ],
    [
      'refused',
      () => {
        throw new ConnectionError('refused', 'dial tcp 172.30.1.2:6443: connect: connection refused');
      },
      'The connection to the server 172.30.1.2:6443 was refused - did you specify the right host or port?\n',
    ],
    [
      'reset',
      () => {
        throw new ConnectionError(
          'reset',
          'read tcp 172.30.1.2:41000->172.30.1.2:6443: read: connection reset by peer',
        );
      },
      'Unable to connect to the server: read tcp 172.30.1.2:41000->172.30.1.2:6443: read: connection reset by peer\n',
    ],
  ])('says that it was %s', async (_, answer, stderr) => {
    expect(await newKubectl(answer).run('get pods web')).toEqual({ exit: 1, stdout: '', stderr });
  });

  it('knows no host of a manifest’s address', async () => {
    const { run } = newKubectl(() => json({}));
    expect(await run('apply -f https://example.com/a.yaml')).toEqual({
      exit: 1,
      stdout: '',
      stderr:
        'Unable to connect to the server: dial tcp: lookup example.com on 127.0.0.53:53: no such host\n',
    });
  });

  it('logs requests as -v asks for it', async () => {
    const { run } = newKubectl(() => json({ kind: 'Table', columnDefinitions: [], rows: [] }));
    await run('get pods');
    const { stderr } = await run('get pods -v=6');
    const head = 'I1123 09:00:00.000000       1 ';
    expect(stderr).toBe(
      `${head}loader.go:407] Config loaded from file:  /root/.kube/config\n` +
        `${head}round_trippers.go:632] "Response" verb="GET" url="https://172.30.1.2:6443/api/v1/namespaces/default/pods?limit=500" status="200 OK" milliseconds=0\n` +
        'No resources found in default namespace.\n',
    );
  });

  it('reads manifests of several documents and writes what they ask for', async () => {
    const { run, requests } = newKubectl((request) => json(JSON.parse(request.body) as object, 201));
    const text =
      '# two\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b, namespace: dev}\n';
    expect(await run('create -f -', text)).toEqual({
      exit: 0,
      stdout: 'pod/a created\ndeployment.apps/b created\n',
      stderr: '',
    });
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v1/namespaces/default/pods?fieldManager=kubectl-create&fieldValidation=Strict',
      'POST /apis/apps/v1/namespaces/dev/deployments?fieldManager=kubectl-create&fieldValidation=Strict',
    ]);
    expect(await run('create -n x -f -', text)).toMatchObject({
      exit: 1,
      stderr: `error: the namespace from the provided object "dev" does not match the namespace "x". You must pass '--namespace=dev' to perform this operation.\n`,
    });
  });

  it('keeps what it applied in an annotation', async () => {
    const { run, requests } = newKubectl((request) =>
      request.method === 'GET'
        ? failure(notFoundError({ group: '', resource: 'pods' }, 'a'))
        : json(JSON.parse(request.body) as object, 201),
    );
    const { stdout } = await run(
      'apply -f -',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {x: "<"}\n',
    );
    expect(stdout).toBe('pod/a created\n');
    const sent = JSON.parse(requests[1]!.body) as { metadata: { annotations: Record<string, string> } };
    expect(Object.values(sent.metadata.annotations)).toEqual([
      '{"apiVersion":"v1","kind":"Pod","metadata":{"annotations":{},"name":"a","namespace":"default"},"spec":{"x":"\\u003c"}}\n',
    ]);
  });
});
