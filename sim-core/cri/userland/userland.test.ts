import { describe, expect, test } from 'vitest';
import { Context } from '../../clock/context.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import type { ProgramEnvironment } from '../../node/program.ts';
import { NO_INPUT } from '../../node/program.ts';
import { simulatedMachine } from '../../node/simulated-machine.ts';
import { settle } from '../../testing/settle.ts';
import type { Userland } from './userland.ts';
import { userlandOf } from './userland.ts';

function start(
  argv: string[],
  envs: Record<string, string> = {},
  more: Partial<ProgramEnvironment> = {},
  family: Userland = 'busybox',
) {
  const clock = new VirtualClock({ start: 0, settle });
  const machine = simulatedMachine(clock, {
    hostname: 'node01',
    address: '172.30.2.2',
    memoryKiB: 1e6,
    cpus: 1,
  });
  const output: string[] = [];
  const killed = new Context();
  const terminated = new Context();
  const exit = userlandOf(family, ['curl'])(argv[0]!)!({
    clock,
    machine,
    pid: 1,
    hostPid: 1,
    argv,
    envs,
    id: 'a1',
    resumed: false,
    files: machine.files,
    hostPath: (path) => path,
    cwd: '/tmp',
    hostname: 'web',
    user: { name: 'root', uid: 0, gid: 0, groups: [0] },
    address: '172.30.2.2',
    terminated,
    killed,
    processes: { list: () => [{ pid: 1, user: 'root', command: argv }], signal: () => false },
    stdin: NO_INPUT,
    stdout: (text) => output.push(text),
    stderr: (text) => output.push(`! ${text}`),
    useMemory: () => true,
    catchTerminate: () => {},
    ...more,
  });
  return { clock, machine, exit, output, killed, terminated, text: () => output.join('') };
}

async function run(script: string, envs?: Record<string, string>) {
  const started = start(['sh', '-c', script], envs);
  const exit = await started.clock.until(started.exit);
  return { ...started, exit, text: started.text() };
}

test.each<[string, string[], number, string]>([
  ['true', ['true'], 0, ''],
  ['false', ['/bin/false'], 1, ''],
  ['a shell without a script', ['sh'], 0, ''],
  ['exit with a code', ['sh', '-c', 'exit 3'], 3, ''],
  ['a command that does not exist', ['sh', '-c', 'nope 1'], 127, '! sh: nope: not found\n'],
  ['a wrong number', ['sleep', 'x'], 1, `! sleep: invalid number 'x'\n`],
  ['arguments of a script', ['sh', '-c', 'echo $0 $1 $#', 'name', 'a', 'b'], 0, 'name a 2\n'],
])('%s', async (_name, argv, exit, output) => {
  const started = start(argv, { X: '1' });
  expect(await started.clock.until(started.exit)).toBe(exit);
  expect(started.text()).toBe(output);
});

describe('the shell', () => {
  test.each<[string, string, string]>([
    ['goes on after a failure', 'false; echo a', 'a\n'],
    ['stops at a failure', 'false && echo a', ''],
    ['takes the alternative', 'false || echo b', 'b\n'],
    ['fills in', `echo "a  $X" '$X' \${Y:-none} \${X:+set}`, 'a  1 $X none set\n'],
    ['counts', 'i=0; while [ $i -lt 3 ]; do echo $i; i=$((i + 1)); done', '0\n1\n2\n'],
    ['goes through a list', 'for x in a b c; do echo -n $x; done', 'abc'],
    ['chooses', 'case foo.txt in *.md) echo md;; *.txt) echo txt;; esac', 'txt\n'],
    ['decides', 'if [ -f /etc/hostname ]; then echo yes; else echo no; fi', 'yes\n'],
    ['decides otherwise', 'if test 1 -gt 2; then echo a; elif [ b = b ]; then echo c; fi', 'c\n'],
    ['substitutes', 'echo "it is $(echo a; echo b)" `echo c`', 'it is a\nb c\n'],
    ['pipes', "printf 'b\\na\\n' | sort | head -n 1", 'a\n'],
    ['writes and reads files', 'echo one > f; echo two >> f; cat f; wc -l < f', 'one\ntwo\n2\n'],
    ['has functions', 'greet() { echo "hi $1"; }; greet you', 'hi you\n'],
    ['has here-documents', 'cat <<EOF\nx is $X\nEOF\necho end', 'x is 1\nend\n'],
    ['keeps a subshell apart', 'Z=1; (Z=2; echo $Z); echo $Z', '2\n1\n'],
    ['joins outputs', 'nope 2>&1 | cat; nope 2>/dev/null; echo $?', 'sh: nope: not found\n127\n'],
    ['cuts', 'f=a/b/c.txt; echo ${f##*/} ${f%.txt} ${#f}', 'c.txt a/b/c 9\n'],
    ['looks names up', 'mkdir d; touch d/a d/b; echo d/*', 'd/a d/b\n'],
    ['waits for jobs', 'sleep 2 & wait; date +%s', '2\n'],
    ['ends at a failure if told to', 'set -e; false; echo a', ''],
    ['reads lines', 'printf "a 1\\nb 2\\n" | while read k v; do echo "$v$k"; done', '1a\n2b\n'],
    ['breaks out of loops', 'while true; do while true; do break 2; done; done; echo out', 'out\n'],
    [
      'says what is no script',
      'if true; then echo',
      '! sh: syntax error: unexpected end of file (expecting "fi")\n',
    ],
  ])('%s', async (_name, script, output) => {
    expect((await run(script, { X: '1' })).text).toBe(output);
  });

  test('gives its place to its only command', async () => {
    const { clock, terminated, output, exit } = start([
      'sh',
      '-c',
      'trap "echo bye; exit 0" TERM; sleep 100 & wait',
    ]);
    await clock.advance(1000);
    terminated.cancel('SIGTERM');
    expect(await clock.until(exit)).toBe(0);
    expect(output).toEqual(['bye\n']);
  });

  test('reads commands from its input', async () => {
    const lines = ['echo a\nif true\n', 'then echo b; fi\nexit 4\necho c\n'];
    const { clock, exit, text } = start(
      ['sh'],
      {},
      { stdin: { read: () => Promise.resolve(lines.shift()) } },
    );
    expect(await clock.until(exit)).toBe(4);
    expect(text()).toBe('a\nb\n');
  });

  test('goes on in a loop until it is killed, without keeping a cluster busy', async () => {
    const { clock, output, killed } = start(['sh', '-c', 'while true; do echo x; sleep 10; done']);
    await clock.advance(25_000);
    expect(output).toEqual(['x\n', 'x\n', 'x\n']);
    expect(clock.quiet).toBe(true);
    killed.cancel();
    await clock.advance(60_000);
    expect(output).toHaveLength(3);
  });

  test('does not stop time when a loop never waits', async () => {
    const { clock, output, killed } = start(['sh', '-c', 'while :; do echo x; done']);
    await clock.advance(10_000);
    expect(output.length).toBeLessThan(5000);
    killed.cancel();
  });

  test('takes its time', async () => {
    expect((await run('sleep 2; sleep 1')).clock.now()).toBe(3000);
  });
});

describe('tools', () => {
  test.each<[string, string, string]>([
    ['grep', 'grep -n b /etc/hosts | cut -d: -f1', ''],
    ['sed', "echo 'a=1' | sed 's/=\\(.*\\)/: \\1/'", 'a: 1\n'],
    ['awk', "echo 'a b c' | awk '{print $2, $NF}'", 'b c\n'],
    ['tr', 'echo abc | tr a-c A-C', 'ABC\n'],
    ['base64', 'echo -n hello | base64; echo aGVsbG8= | base64 -d', 'aGVsbG8=\nhello'],
    ['xargs', 'echo a b | xargs -n 1 echo x', 'x a\nx b\n'],
    ['ls', 'mkdir -p q/r; touch q/f; ls q', 'f\nr\n'],
    ['cat', 'cat /nope', "! cat: can't open '/nope': No such file or directory\n"],
    ['rm', 'touch z; rm z; ls z', '! ls: z: No such file or directory\n'],
    ['find', 'mkdir -p u/v; touch u/v/a.txt u/b.txt; find u -name "*.txt"', 'u/b.txt\nu/v/a.txt\n'],
    ['seq', 'seq 2 4', '2\n3\n4\n'],
    ['env', 'env A=b printenv A', 'b\n'],
    ['id', 'id -u; whoami; hostname', '0\nroot\nweb\n'],
    ['ps', 'ps', 'PID   USER     TIME  COMMAND\n    1 root      0:00 sh -c ps\n'],
  ])('%s', async (_name, script, output) => {
    expect((await run(script)).text).toBe(output);
  });
});

describe('pipes', () => {
  test.each<[string, string, string]>([
    ['a reader that has enough ends an endless writer', 'yes | head -n 2', 'y\ny\n'],
    ['so does one that has found what it looked for', 'yes | grep -q y && echo found', 'found\n'],
    ['and one in the middle', 'yes | cat | head -1', 'y\n'],
    ['a loop that writes ends, too', 'while true; do echo a; done | head -1; echo b', 'a\nb\n'],
    [
      'devices have no end',
      'tr -dc a-z < /dev/urandom | head -c 8 | wc -c; head -c 3 /dev/zero | wc -c',
      '8\n3\n',
    ],
    [
      'lines come through as they are written',
      '(echo a; sleep 5; echo b) | tr a-z A-Z | while read l; do echo $l $(date +%s); done',
      'A 0\nB 5\n',
    ],
  ])('%s', async (_name, script, output) => {
    expect((await run(script)).text).toBe(output);
  });
});

test.each<[Userland, string, string]>([
  ['busybox', 'cat x', "! cat: can't open 'x': No such file or directory\n"],
  ['debian', 'cat x', '! cat: x: No such file or directory\n'],
  ['busybox', 'head x', '! head: x: No such file or directory\n'],
  ['debian', 'head x', "! head: cannot open 'x' for reading: No such file or directory\n"],
  ['busybox', 'ls x; echo $?', '! ls: x: No such file or directory\n1\n'],
  ['debian', 'ls x; echo $?', "! ls: cannot access 'x': No such file or directory\n2\n"],
  ['busybox', 'echo a > x/y', "! sh: can't create x/y: nonexistent directory\n"],
  ['debian', 'echo a > x/y', '! sh: 1: cannot create x/y: Directory nonexistent\n'],
])('%s: what %s says', async (family, script, output) => {
  const started = start(['sh', '-c', script], {}, {}, family);
  await started.clock.until(started.exit);
  expect(started.text()).toBe(output);
});

describe('tar', () => {
  test.each<[string, string, number, string]>([
    [
      'takes folders there and back',
      `mkdir -p d/e; echo é > d/a; printf '' > d/e/${'b'.repeat(110)}; tar cf - d | (mkdir x; tar xf - -C x); cat x/d/a; ls x/d/e`,
      0,
      `é\n${'b'.repeat(110)}\n`,
    ],
    ['lists', 'mkdir d; echo a > d/a; tar -cf all.tar d; tar tf all.tar', 0, 'd/\nd/a\n'],
    [
      'takes roots off',
      'echo a > /tmp/a; tar cf - /tmp/a | tar tf -',
      0,
      "! tar: Removing leading `/' from member names\ntmp/a\n",
    ],
    [
      'says what is not there',
      'tar cf - nope > /dev/null',
      2,
      '! tar: nope: Cannot stat: No such file or directory\n! tar: Exiting with failure status due to previous errors\n',
    ],
    [
      'says what is no archive',
      'seq 200 > f; tar xf f',
      2,
      '! tar: This does not look like a tar archive\n! tar: Exiting with failure status due to previous errors\n',
    ],
    [
      'opens no folder that is not there',
      'tar xf - -C nope < /dev/null',
      2,
      '! tar: nope: Cannot open: No such file or directory\n! tar: Error is not recoverable: exiting now\n',
    ],
  ])('%s', async (_name, script, exit, output) => {
    const done = await run(script);
    expect(done.text).toBe(output);
    expect(done.exit).toBe(exit);
  });
});

describe('the network', () => {
  const serve = (started: ReturnType<typeof start>) =>
    started.machine.network.listen('172.30.2.2', 80, {
      handler: ({ path }) =>
        Promise.resolve({ status: path === '/' ? 200 : 404, headers: {}, body: 'hello' }),
    });

  test.each<[string, string, number, string]>([
    ['wget of a page', 'wget -qO- http://172.30.2.2', 0, 'hello'],
    [
      'wget of what is not there',
      'wget -qO- 172.30.2.2/x',
      1,
      '! wget: server returned error: HTTP/1.1 404 Not Found\n',
    ],
    [
      'wget where nobody listens',
      'wget -qO- 172.30.2.2:81',
      1,
      "! wget: can't connect to remote host (172.30.2.2): Connection refused\n",
    ],
    ['curl of a page', 'curl -s 172.30.2.2', 0, 'hello'],
    ['curl of the status', "curl -s -o /dev/null -w '%{http_code}\\n' 172.30.2.2/x", 0, '404\n'],
    [
      'curl where nobody listens',
      'curl -sS 172.30.2.2:81',
      7,
      '! curl: (7) Failed to connect to 172.30.2.2 port 81 after 0 ms: Could not connect to server\n',
    ],
    ['curl of a name that nobody knows', 'curl nowhere', 6, '! curl: (6) Could not resolve host: nowhere\n'],
    ['nc', 'nc -zv 172.30.2.2 80', 0, '! 172.30.2.2 (172.30.2.2:80) open\n'],
  ])('%s', async (_name, script, exit, output) => {
    const started = start(['sh', '-c', script]);
    serve(started);
    expect(await started.clock.until(started.exit)).toBe(exit);
    expect(started.text()).toBe(output);
  });
});
