import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findRealKubectl } from '../../tools/real-kubectl.mts';
import { PlainWebSocket } from './plain-web-socket.ts';
import type { ServedCluster } from './served-cluster.ts';
import { serveCluster } from './served-cluster.ts';

const binary = findRealKubectl();
if ('missing' in binary) console.warn(`skipped: the real kubectl. ${binary.missing}`);

interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

/** What a client of the cluster's streams speaks, by what kubectl is told. */
const PROTOCOLS = [
  ['WebSocket', {}],
  ['SPDY', { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' }],
] as const;

function get(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, path, timeout: 10_000 }, (response) => {
      let text = `${response.statusCode} `;
      response.on('data', (piece: Buffer) => (text += piece.toString()));
      response.once('end', () => resolve(text));
    });
    asking.once('error', reject);
    asking.end();
  });
}

describe.skipIf('missing' in binary)('the real kubectl over streams', () => {
  let cluster: ServedCluster;
  const program = 'path' in binary ? binary.path : '';
  const environment = (more: object) => ({
    ...process.env,
    KUBECONFIG: cluster.kubeconfig,
    HOME: cluster.directory,
    ...more,
  });

  function kubectl(args: readonly string[], { stdin = '', env = {} } = {}): Promise<Result> {
    return new Promise((resolve) => {
      const options = { env: environment(env), cwd: cluster.directory, encoding: 'utf8' } as const;
      const child = execFile(program, args, options, (error, stdout, stderr) =>
        resolve({ stdout, stderr, exit: error === null ? 0 : Number(error.code ?? 1) }),
      );
      child.stdin!.end(stdin);
    });
  }

  /** Forwards a free port to `remote` of the pod; what kubectl says comes to `said`. */
  async function forward(remote: number, env: object) {
    const child = spawn(program, ['port-forward', 'pod/web', `:${remote}`], { env: environment(env) });
    let said = '';
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const port = await new Promise<number>((resolve, reject) => {
      const listen = (piece: Buffer) => {
        said += piece.toString();
        const match = /127\.0\.0\.1:(\d+) -> /.exec(said);
        if (match !== null) resolve(Number(match[1]));
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      void ended.then(() => reject(new Error(said)));
    });
    return { child, port, ended, said: () => said };
  }

  beforeAll(async () => {
    cluster = await serveCluster();
    await kubectl(['run', 'web', '--image=nginx:1.27', '--port=80']);
    await kubectl(['wait', '--for=condition=Ready', 'pod/web', '--timeout=20s']);
  }, 90_000);
  afterAll(() => cluster.stop());

  describe.each(PROTOCOLS)('in %s', (name, env) => {
    test('exec gives output, errors and exit code', async () => {
      const script = 'echo out; echo wrong >&2; exit 7';
      expect(await kubectl(['exec', 'web', '--', 'sh', '-c', script], { env })).toEqual({
        stdout: 'out\n',
        stderr: 'wrong\ncommand terminated with exit code 7\n',
        exit: 7,
      });
      expect((await kubectl(['exec', '-i', 'web', '--', 'cat'], { stdin: '안녕\n', env })).stdout).toBe(
        '안녕\n',
      );
      const missing = await kubectl(['exec', 'web', '--', 'nope'], { env });
      expect(missing).toMatchObject({ exit: 1, stdout: '' });
      expect(missing.stderr).toMatch(/exec: "nope": executable file not found in \$PATH/);
    }, 30_000);

    test('run -i attaches, and ends as the command does', async () => {
      const run = ['run', `sh-${name.toLowerCase()}`, '--image=busybox', '--restart=Never', '-i', '--rm'];
      const result = await kubectl([...run, '--', 'sh'], { stdin: 'echo said; exit 2\n', env });
      expect(result.stdout).toMatch(/^said\n/m);
      expect(result.exit).toBe(2);
    }, 30_000);

    test('cp takes files there and back, byte for byte', async () => {
      const folder = join(cluster.directory, name, 'inner');
      mkdirSync(folder, { recursive: true });
      const bytes = randomBytes(200_000);
      writeFileSync(join(folder, 'bytes'), bytes);
      writeFileSync(join(folder, 'x'.repeat(120)), '');
      const there = await kubectl(['cp', name, `web:/tmp/${name}`], { env });
      expect(there, there.stderr).toMatchObject({ exit: 0 });
      const listed = await kubectl(['exec', 'web', '--', 'find', `/tmp/${name}`, '-type', 'f'], { env });
      expect(listed.stdout).toContain(`/tmp/${name}/inner/${'x'.repeat(120)}\n`);
      const back = await kubectl(['cp', `web:/tmp/${name}`, `${name}-back`], { env });
      expect(back, back.stderr).toMatchObject({ exit: 0 });
      expect(readFileSync(join(cluster.directory, `${name}-back`, 'inner', 'bytes')).equals(bytes)).toBe(
        true,
      );
    }, 30_000);

    test('port-forward brings requests to a port of the pod', async () => {
      const { child, port, said } = await forward(80, env);
      try {
        expect(await get(port, '/')).toMatch(/^200 [\s\S]*Welcome to nginx/);
        expect(await get(port, '/nope')).toMatch(/^404 /);
        expect(said()).toContain(`Handling connection for ${port}\n`);
      } finally {
        child.kill();
      }
    }, 30_000);

    test('port-forward ends where nobody listens', async () => {
      const { port, ended, said } = await forward(81, env);
      await expect(get(port, '/')).rejects.toThrow();
      expect(await ended).toBe(1);
      expect(said()).toMatch(/failed to connect to localhost:81 .*connection refused/);
      expect(said()).toMatch(/error: lost connection to pod\n$/);
    }, 30_000);
  });

  test('port-forward over channels of a WebSocket, as other clients do it', async () => {
    const token = (await kubectl(['create', 'token', 'default'])).stdout.trim();
    await kubectl([
      'create',
      'clusterrolebinding',
      'streams',
      '--clusterrole=admin',
      '--serviceaccount=default:default',
    ]);
    const address = `${cluster.url}/api/v1/namespaces/default/pods/web/portforward?ports=80`;
    const client = await PlainWebSocket.open(address, 'v4.channel.k8s.io', token);
    const channels: [string, string] = ['', ''];
    await new Promise<void>((resolve) => {
      client.onMessage((data) => {
        channels[data[0] as 0 | 1] += data.toString('latin1', 1);
        if (channels[0].includes('</html>')) resolve();
      });
      client.send(Buffer.from('\0GET / HTTP/1.1\r\nhost: web\r\nconnection: close\r\n\r\n', 'latin1'));
    });
    // With the only connection to a port the whole ends.
    await client.ended;
    client.close();
    // Each channel begins with the port.
    expect(channels[0]).toMatch(/^P\0HTTP\/1\.1 200 OK\r\n[\s\S]*Welcome to nginx/);
    expect(channels[1]).toBe('P\0');
  }, 30_000);

  test('logs that are followed end after so many bytes', async () => {
    const args = ['logs', '-f', 'web', '--limit-bytes=30'];
    expect(await kubectl(args)).toEqual({ stdout: '/docker-entrypoint.sh: /docker', stderr: '', exit: 0 });
  }, 30_000);

  test("a terminal's keys are for the container: they are shown, taken back and end what runs", async () => {
    const token = (await kubectl(['create', 'token', 'default'])).stdout.trim();
    const binding = ['clusterrolebinding', 'terminal', '--clusterrole=admin'];
    await kubectl(['create', ...binding, '--serviceaccount=default:default']);
    const query = 'command=sh&container=web&stdin=true&stdout=true&tty=true';
    const address = `${cluster.url}/api/v1/namespaces/default/pods/web/exec?${query}`;
    const client = await PlainWebSocket.open(address, 'v5.channel.k8s.io', token);
    let screen = '';
    client.onMessage((data) => {
      if (data[0] === 1) screen += data.toString('utf8', 1);
    });
    const shows = (text: string) => vi.waitFor(() => expect(screen).toContain(text), { timeout: 10_000 });
    const type = (keys: string) => client.send(Buffer.from(`\0${keys}`, 'utf8'));
    await shows('# ');
    type('slep\x7f\x7feep 1d\r');
    await shows('eep 1d\r\n');
    type('\x03');
    await shows('^C\r\n# ');
    type('echo $?\r');
    await shows('130\r\n# ');
    client.close();
    expect(screen).toContain('slep\b \b\b \beep 1d\r\n^C\r\n# echo $?\r\n130\r\n');
  }, 30_000);
});
