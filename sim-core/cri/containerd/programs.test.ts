import { expect, test } from 'vitest';
import { Context } from '../../clock/context.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { simulatedMachine } from '../../node/simulated-machine.ts';
import { userland } from './programs.ts';

function start(argv: string[], envs: Record<string, string> = {}) {
  const clock = new VirtualClock({ start: 0, settle: () => new Promise((resolve) => setImmediate(resolve)) });
  const machine = simulatedMachine(clock, {
    hostname: 'node01',
    address: '172.30.2.2',
    memoryKiB: 1e6,
    cpus: 1,
  });
  const output: string[] = [];
  const killed = new Context();
  const exit = userland(argv[0]!)!({
    clock,
    machine,
    argv,
    envs,
    id: 'a1',
    resumed: false,
    hostPath: () => undefined,
    address: '192.168.1.2',
    terminated: new Context(),
    killed,
    stdout: (text) => output.push(text),
    stderr: (text) => output.push(`! ${text}`),
  });
  return { clock, exit, output, killed };
}

test.each<[string, string[], number, string[]]>([
  ['true', ['true'], 0, []],
  ['false', ['/bin/false'], 1, []],
  ['a shell without a script', ['sh'], 0, []],
  ['exit with a code', ['sh', '-c', 'exit 3'], 3, []],
  ['a list that goes on after a failure', ['sh', '-c', 'false; echo a'], 0, ['a\n']],
  ['a list that stops at a failure', ['sh', '-c', 'false && echo a'], 1, []],
  ['an alternative', ['sh', '-c', 'false || echo b'], 0, ['b\n']],
  ['quotes and variables', ['sh', '-c', `echo "a  $X" '$X'`], 0, ['a  1 $X\n']],
  ['a command that does not exist', ['sh', '-c', 'nope 1'], 127, ['! sh: nope: not found\n']],
  ['a wrong number', ['sleep', 'x'], 1, [`! sleep: invalid number 'x'\n`]],
])('%s', async (_name, argv, exit, output) => {
  const run = start(argv, { X: '1' });
  expect(await run.clock.until(run.exit)).toBe(exit);
  expect(run.output).toEqual(output);
});

test('sleep takes its time', async () => {
  const { clock, exit } = start(['sh', '-c', 'sleep 2; sleep 1']);
  expect(await clock.until(exit)).toBe(0);
  expect(clock.now()).toBe(3000);
});

test('a loop goes on until it is killed', async () => {
  const { clock, output, killed } = start(['sh', '-c', 'while true; do echo x; sleep 10; done']);
  await clock.advance(25_000);
  expect(output).toEqual(['x\n', 'x\n', 'x\n']);
  killed.cancel();
  await clock.advance(60_000);
  expect(output).toHaveLength(3);
});
