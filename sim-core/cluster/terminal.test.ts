import { describe, expect, it } from 'vitest';
import { TerminalInput } from '../node/terminal-input.ts';
import { settle } from '../testing/settle.ts';
import { createCluster } from './create-cluster.ts';

/** A terminal: what is typed, line by line, and what the command showed meanwhile. */
async function session(line: string, typed: readonly string[]) {
  const cluster = await createCluster({ shape: 'kubeadm', seed: 1, settle });
  const { clock } = cluster;
  const shell = cluster.openShell();
  await clock.until(shell.run('kubectl run b --image=busybox --command -- sleep 1d; sleep 5'));
  const stdin = new TerminalInput();
  const running = shell.run(line, { stdin });
  for (const text of typed) {
    await clock.advance(5000);
    stdin.type(/^[\x03\x1c]$/.test(text) ? text : `${text}\n`);
  }
  return clock.until(running);
}

describe('a session in a container', () => {
  it('shows the prompt of its shell and runs what is typed', async () => {
    expect(await session('kubectl exec -it b -- sh', ['echo $((1+2))', 'cd /tmp', 'exit 4'])).toEqual({
      stdout: '/ # echo $((1+2))\r\n3\r\n/ # cd /tmp\r\n/tmp # exit 4\r\n',
      stderr: 'command terminated with exit code 4\n',
      exit: 4,
    });
  });

  it('reads over several lines', async () => {
    const { stdout } = await session('kubectl exec -it b -- sh', ['if true', 'then echo x; fi', 'exit']);
    expect(stdout).toBe('/ # if true\r\n> then echo x; fi\r\nx\r\n/ # exit\r\n');
  });

  it('is made and removed with run -it --rm', async () => {
    const { stdout } = await session('kubectl run -it --rm t --image=busybox -- sh', ['hostname', 'exit']);
    expect(stdout).toBe(
      `\r/ # hostname\r\nt\r\n/ # exit\r\nSession ended, resume using 'kubectl attach t -c t -i -t' command when the pod is running\npod "t" deleted from default namespace\n`,
    );
  });

  it.each([
    ['kubectl exec -it b -- sh', '/ # '],
    ['kubectl run -it --rm t --image=busybox -- sh', '\r/ # '],
  ])('ends with Ctrl+C what runs in %s, and not kubectl', async (line, prompt) => {
    const { stdout, exit } = await session(line, [
      'sleep 1d | cat',
      '\x03',
      'echo $?; while true; do sleep 1; done',
      '\x03',
      'read x',
      '\x03',
      'if true',
      '\x03',
      'cat',
      '\x1c',
      'echo $?; exit 0',
    ]);
    expect(stdout.replace(/Session[^]*/, '').split('\r\n')).toEqual([
      `${prompt}sleep 1d | cat`,
      '^C',
      '/ # echo $?; while true; do sleep 1; done',
      '130',
      '^C',
      '/ # read x',
      '^C',
      '/ # if true',
      '> ^C',
      '/ # cat',
      '^\\Quit',
      '/ # echo $?; exit 0',
      '131',
      '',
    ]);
    expect(exit).toBe(0);
  });

  it('ends a command that has no shell', async () => {
    expect(await session('kubectl exec -it b -- sleep 1d', ['\x03'])).toEqual({
      stdout: '^C',
      stderr: 'command terminated with exit code 130\n',
      exit: 130,
    });
  });
});

describe('kubectl edit', () => {
  it('ends when what was found invalid is left as it is', async () => {
    const cluster = await createCluster({ shape: 'kubeadm', seed: 1, settle });
    let opened = 0;
    const editor = {
      edit: (_path: string, text: string) => {
        const first = opened++ === 0;
        return Promise.resolve(first ? text.replace('port: probe-port', 'port: 6443') : undefined);
      },
    };
    // The reason of such a refusal ends with an empty line, which is no comment.
    const edit = cluster
      .openShell()
      .run('kubectl edit pod kube-apiserver-controlplane -n kube-system', { editor });
    const { stderr, exit } = await cluster.clock.until(edit);
    expect(exit).toBe(1);
    expect(stderr).toMatch(/is invalid\n[^]*\nerror: Edit cancelled, no valid changes were saved\.\n$/);
    expect(opened).toBe(2);
  });
});
