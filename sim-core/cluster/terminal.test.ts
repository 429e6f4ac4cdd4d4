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
    stdin.type(`${text}\n`);
  }
  return clock.until(running);
}

describe('a session in a container', () => {
  it('shows the prompt of its shell and runs what is typed', async () => {
    expect(await session('kubectl exec -it b -- sh', ['echo $((1+2))', 'cd /tmp', 'exit 4'])).toEqual({
      stdout: '/ # 3\n/ # /tmp # ',
      stderr: 'command terminated with exit code 4\n',
      exit: 4,
    });
  });

  it('reads over several lines', async () => {
    const { stdout } = await session('kubectl exec -it b -- sh', ['if true', 'then echo x; fi', 'exit']);
    expect(stdout).toBe('/ # > x\n/ # ');
  });

  it('is made and removed with run -it --rm', async () => {
    const { stdout } = await session('kubectl run -it --rm t --image=busybox -- sh', ['hostname', 'exit']);
    expect(stdout).toBe(
      `/ # t\n/ # \nSession ended, resume using 'kubectl attach t -c t -i -t' command when the pod is running\npod "t" deleted from default namespace\n`,
    );
  });
});
