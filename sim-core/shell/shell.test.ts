import { describe, expect, it } from 'vitest';
import { Context } from '../clock/context.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import type { Machine } from '../node/machine.ts';
import { DEVICES } from '../node/device.ts';
import { MemoryFileSystem } from '../node/memory-file-system.ts';
import { MemoryProcessTable } from '../node/memory-process-table.ts';
import { settle } from '../testing/settle.ts';
import type { Command } from './command.ts';
import { createShell } from './shell.ts';

const START = Date.UTC(2026, 10, 23, 9);

function newLab(programs: readonly Command[] = []) {
  const clock = new VirtualClock({ start: START, settle });
  const machineOf = (hostname: string, address: string) => {
    const files = new MemoryFileSystem(clock);
    for (const path of ['/dev', '/root', '/tmp', '/etc/systemd/system', '/usr/bin'])
      files.makeDirectory(path, { parents: true });
    for (const device of DEVICES) files.makeDevice(device);
    files.write('/etc/systemd/system/kube-apiserver.service', '[Unit]\n');
    const processes = new MemoryProcessTable(clock);
    return { hostname, address, files, processes, memoryKiB: 4_000_000, cpus: 2 } as unknown as Machine;
  };
  const machines = new Map([
    ['controlplane', machineOf('controlplane', '172.30.1.2')],
    ['node01', machineOf('node01', '172.30.2.2')],
  ]);
  const machine = machines.get('controlplane')!;
  const shell = createShell({ machine, clock, machines, programs });
  const run = (line: string, stdin = '') => clock.until(shell.run(line, { stdin }));
  return { clock, machine, shell, run };
}

describe('a login', () => {
  it.each([
    ['.bashrc', 'controlplane\n'],
    ['.profile', 'controlplane\n'],
    ['.bash_profile', 'controlplane\n'],
    ['.zshrc', '\n'],
  ])('reads ~/%s', async (name, written) => {
    const { run, machine, clock } = newLab();
    await run(`echo 'export HERE=$(hostname)' >> ~/${name}`);
    expect((await run('echo $HERE')).stdout).toBe('\n');
    const shell = createShell({ machine, clock });
    expect((await clock.until(shell.run('echo $HERE'))).stdout).toBe(written);
  });

  it('reads what is on the machine that it goes to, where there is a terminal', async () => {
    const { run } = newLab();
    await run('ssh node01 "echo \'alias where=hostname\' > ~/.bashrc"');
    expect((await run('ssh node01 where')).stderr).toBe('bash: where: command not found\n');
    await run('ssh node01');
    expect((await run('where')).stdout).toBe('node01\n');
  });
});

describe('shell', () => {
  it.each([
    ['cat /nope', 1, '', 'cat: /nope: No such file or directory\n'],
    ['cat /etc', 1, '', 'cat: /etc: Is a directory\n'],
    [
      'cat /etc/systemd/system/kube-apiserver.service ps -aux',
      1,
      '',
      "cat: invalid option -- 'a'\nTry 'cat --help' for more information.\n",
    ],
    ['cat --nope', 1, '', "cat: unrecognized option '--nope'\nTry 'cat --help' for more information.\n"],
    ['foo', 127, '', 'bash: foo: command not found\n'],
    ['./foo', 127, '', 'bash: ./foo: No such file or directory\n'],
    ['cd /nope', 1, '', 'bash: cd: /nope: No such file or directory\n'],
    ['ls /nope', 2, '', "ls: cannot access '/nope': No such file or directory\n"],
    ['rm /nope', 1, '', "rm: cannot remove '/nope': No such file or directory\n"],
    ['rm /tmp', 1, '', "rm: cannot remove '/tmp': Is a directory\n"],
    ['mv /nope /tmp', 1, '', "mv: cannot stat '/nope': No such file or directory\n"],
    ['mkdir /tmp', 1, '', 'mkdir: cannot create directory ‘/tmp’: File exists\n'],
    ['chown $(id -u):$(id -g) /tmp && ls -ld /tmp | cut -d" " -f3,4', 0, 'root root\n', ''],
    [
      'cd /tmp; mkdir -p a/b; ln -s a c; chown -R 1000: a; chown :27 c; ls -l . a | grep ^[dl] | cut -d" " -f3,4',
      0,
      '1000 27\nroot root\n1000 1000\n',
      '',
    ],
    ['chown me /tmp', 1, '', 'chown: invalid user: ‘me’\n'],
    ['chown root:us /tmp', 1, '', 'chown: invalid group: ‘root:us’\n'],
    ['chown 0 /nope', 1, '', "chown: cannot access '/nope': No such file or directory\n"],
    ['chown 0', 1, '', "chown: missing operand after ‘0’\nTry 'chown --help' for more information.\n"],
    ['export A=1 B=2; sudo C="3 4" env | grep -e ^[ABC]= -e COMMAND', 0, 'SUDO_COMMAND=env\nC=3 4\n', ''],
    ['export A=1; sudo -E -u root env | grep ^A', 0, 'A=1\n', ''],
    ["cd /tmp; echo x | sudo tee 'a b' && sudo cat 'a b'; sudo false", 1, 'x\nx\n', ''],
    ['sudo foo', 1, '', 'sudo: foo: command not found\n'],
    ['sudo -u me ls', 1, '', 'sudo: unknown user me\nsudo: error initializing audit plugin sudoers_audit\n'],
    ['sudo -i', 0, '', ''],
    ['echo a > /nope/b', 1, '', 'bash: /nope/b: No such file or directory\n'],
    ['hostname; whoami; pwd', 0, 'controlplane\nroot\n/root\n', ''],
    ['date', 0, 'Mon Nov 23 09:00:00 UTC 2026\n', ''],
    ['touch /tmp/a; ls -l /tmp/a', 0, '-rw-r--r-- 1 root root 0 Nov 23 09:00 /tmp/a\n', ''],
    ["touch -d '2 days ago' /tmp/a; ls -l /tmp/a", 0, '-rw-r--r-- 1 root root 0 Nov 21 09:00 /tmp/a\n', ''],
    ['touch -c /tmp/a; ls /tmp', 0, '', ''],
    ['touch /nope/a', 1, '', "touch: cannot touch '/nope/a': No such file or directory\n"],
    [
      "echo a > /tmp/a; chmod 600 /tmp/a; chown nobody: /tmp/a; stat -c '%a %A %U:%G %u %s %F %y %n' /tmp/a",
      0,
      '600 -rw------- nobody:nogroup 65534 2 regular file 2026-11-23 09:00:00.000000000 +0000 /tmp/a\n',
      '',
    ],
    [
      'stat /root',
      0,
      `  File: /root
  Size: 4096      \tBlocks: 8          IO Block: 4096   directory
Access: (0755/drwxr-xr-x)  Uid: (    0/    root)   Gid: (    0/    root)
${['Access', 'Modify', 'Change', ' Birth'].map((what) => `${what}: 2026-11-23 09:00:00.000000000 +0000\n`).join('')}`,
      '',
    ],
    ['stat /nope', 1, '', "stat: cannot statx '/nope': No such file or directory\n"],
    [
      'sudo -u root hostname; sudo -i; echo a b | sudo tee "/tmp/a b"; ls /tmp',
      0,
      'controlplane\na b\na b\n',
      '',
    ],
    ["sudo sh -c 'echo $((1+1)) | sudo cat'; sudo nope", 1, '2\n', 'sudo: nope: command not found\n'],
    ['false || echo no', 0, 'no\n', ''],
    ['false; echo $?', 0, '1\n', ''],
    ['sleep x', 1, '', "sleep: invalid time interval 'x'\nTry 'sleep --help' for more information.\n"],
    ['echo a | cat', 0, 'a\n', ''],
    ['E="echo a"; $E b | cat; x=$($E c); echo $x', 0, 'a b\na c\n', ''],
    ['E="echo a"; "$E" b | cat', 0, '', 'bash: echo a: command not found\n'],
    ['cat /dev/null; echo gone > /dev/null; cat < /dev/null | wc -c', 0, '0\n', ''],
    ['seq 2 | echo $(cat)', 0, '1 2\n', ''],
    ['seq 2 | cat <<< $(cat)', 0, '1\n2\n', ''],
    ['seq 2 | cat < <(cat)', 0, '1\n2\n', ''],
    ['seq 2 | timeout 5 cat', 0, '1\n2\n', ''],
    ['head -c 9 /dev/zero | wc -c; head -c 32 /dev/urandom | base64 | wc -c', 0, '9\n45\n', ''],
    ['tr -dc a-z < /dev/urandom | head -c 8 | wc -c; cat /dev/zero | head -c 3 | base64', 0, '8\nAAAA\n', ''],
    [
      'echo \'{"a":1}[\' | jq -c .',
      2,
      '{"a":1}\n',
      'jq: parse error: Unfinished JSON term at EOF at line 2, column 0\n',
    ],
    [
      'printf "3\\n4\\n" | jq .a',
      5,
      '',
      [1, 2].map((line) => `jq: error (at <stdin>:${line}): Cannot index number with string "a"\n`).join(''),
    ],
    [
      'echo 1 | jq "nope(1; 2)"',
      3,
      '',
      'jq: error: nope/2 is not defined at <top-level>, line 1:\nnope(1; 2)\njq: 1 compile error\n',
    ],
    [
      "echo 1 | jq --arg v 2 '.+($v|tonumber)'; jq . /nope",
      2,
      '3\n',
      'jq: error: Could not open file /nope: No such file or directory\n',
    ],
    ['for i in 1 2; do echo $i; done', 0, '1\n2\n', ''],
    ['x=$(hostname); echo "<$x>"', 0, '<controlplane>\n', ''],
  ])('%s', async (line, exit, stdout, stderr) => {
    expect(await newLab().run(line)).toEqual({ exit, stdout, stderr });
  });

  it('keeps directory, variables and aliases between lines, whoever runs them', async () => {
    const { run, shell } = newLab();
    await run('cd /tmp; a=1; export b=2; alias hi="echo hi"');
    expect(shell.prompt()).toBe('root@controlplane:/tmp# ');
    expect((await run('hi $a $b')).stdout).toBe('hi 1 2\n');
    expect((await run('hi $a $b | cat; c=3; cd /')).stdout).toBe('hi 1 2\n');
    expect((await run('hi $c; pwd')).stdout).toBe('hi 3\n/\n');
  });

  it('shows programs what is exported, and nothing else', async () => {
    const seen: Record<string, string | undefined>[] = [];
    const probe: Command = {
      name: 'probe',
      run: async (_args, _io, { variables }) => {
        seen.push({ a: variables.a, b: variables.b, c: variables.c });
        return 0;
      },
    };
    const { run } = newLab([probe]);
    await run('a=1; export b=2\nc=3 probe\nprobe | cat');
    expect(seen).toEqual([
      { a: undefined, b: '2', c: '3' },
      { a: undefined, b: '2', c: undefined },
    ]);
  });

  it('waits in simulated time, also in a loop of the full shell', async () => {
    const { run, clock } = newLab();
    await run('sleep 2');
    expect(clock.now() - START).toBe(2000);
    await run('for i in 1 2; do sleep 1m; done');
    expect(clock.now() - START).toBe(122_000);
  });

  it('runs the lines of a block in order, here-documents and loops as wholes', async () => {
    const { run, machine } = newLab();
    const { stdout } = await run(
      'cat <<EOF > /tmp/f\n안녕\nEOF\ncat /tmp/f\nfor i in 1\ndo\n  echo $i\ndone\necho end',
    );
    expect(stdout).toBe('안녕\n1\nend\n');
    expect(machine.files.read('/tmp/f')).toBe('안녕\n');
  });

  it('lists the grep of a pipe beside what it finds', async () => {
    const { run, machine } = newLab();
    machine.processes.start({
      user: 'root',
      command: ['kube-apiserver', '--secure-port=6443'],
      tty: '?',
      state: 'Ssl',
      started: START - 60_000,
      virtualSize: 1_528_340,
      residentSize: 325_104,
      cpuSeconds: 64,
    });
    const { stdout } = await run('ps -aux | grep kube-apiserver');
    const [server, grep, ...more] = stdout.trimEnd().split('\n');
    expect(server).toMatch(
      /^root +\d+ \d+\.\d +8\.1 1528340 325104 \? {6}Ssl {2}08:59 {3}1:04 kube-apiserver --secure-port=6443$/,
    );
    expect(grep).toMatch(/^root +\d+ .* pts\/0 {4}S\+ .* grep --color=auto kube-apiserver$/);
    expect(more).toEqual([]);
    expect(machine.processes.list().map(({ command }) => command[0])).toEqual(['-bash', 'kube-apiserver']);
  });

  it('goes over to another machine and back', async () => {
    const { run, shell } = newLab();
    expect((await run('ssh node01 hostname')).stdout).toBe('node01\n');
    await run('ssh node01');
    expect(shell.prompt()).toBe('root@node01:~# ');
    expect((await run('exit')).stderr).toBe('Connection to node01 closed.\n');
    expect(shell.prompt()).toBe('root@controlplane:~# ');
    expect((await run('ssh nope')).exit).toBe(255);
  });

  it('runs a line on another machine inside of a pipe and a substitution', async () => {
    const { run, shell } = newLab();
    expect((await run('ssh node01 hostname | cat')).stdout).toBe('node01\n');
    expect((await run('echo $(ssh node01 hostname) $(hostname)')).stdout).toBe('node01 controlplane\n');
    expect((await run('echo hostname | ssh node01')).stdout).toBe('node01\n');
    expect((await run("ssh node01 'cd /etc && pwd; exit 3'")).exit).toBe(3);
    expect((await run('seq 2 | ssh node01 cat')).stdout).toBe('1\n2\n');
    expect((await run('ssh nope hostname | cat')).stderr).toContain('Could not resolve hostname nope');
    expect(shell.prompt()).toBe('root@controlplane:~# ');
  });

  it('says which lines need the full grammar', () => {
    const { shell } = newLab();
    expect(shell.needsGrammar('k get pods; sleep 2 && pwd')).toBe(false);
    expect(shell.needsGrammar('ps aux | grep x')).toBe(true);
    expect(shell.needsGrammar('grep x /etc/hosts')).toBe(false);
    expect(shell.needsGrammar('jq . /etc/hosts')).toBe(true);
  });

  it('leaves no process behind', async () => {
    const { run, machine } = newLab();
    await run('ls; ps aux | cat; nope');
    expect(machine.processes.list().map(({ command }) => command)).toEqual([['-bash']]);
  });
});

describe('jobs of the shell', () => {
  it.each([
    ['(sleep 2; echo b) & echo a; wait; echo c', 'a\nb\nc\n', 2000],
    ['(sleep 2 > /tmp/f & sleep 1; echo a)', 'a\n', 1000],
    ["echo 'x y' > /tmp/f & wait; cat /tmp/f", 'x y\n', 0],
    ['timeout 1 sleep 5; echo $?', '124\n', 1000],
    ['timeout 5 sleep 1; echo $?', '0\n', 1000],
  ])('%s', async (line, stdout, milliseconds) => {
    const { run, clock } = newLab();
    expect((await run(line)).stdout).toBe(stdout);
    expect(clock.now() - START).toBe(milliseconds);
  });
});

describe('pipes of the shell', () => {
  const ticker: Command = {
    name: 'ticker',
    async run(_args, io, { clock, context }) {
      for (let count = 1; !context.cancelled; count++) {
        io.stdout(`tick ${count}\n`);
        await clock.sleep(1000, { context });
      }
      return 130;
    },
  };

  it.each([
    ['ticker | head -2; echo "${PIPESTATUS[@]}"', 'tick 1\ntick 2\n141 0\n', 1000],
    ['ticker | grep -m1 3', 'tick 3\n', 2000],
    ['ticker | sed -u s/tick/tock/ | head -1', 'tock 1\n', 0],
    ['ticker | while read a b; do echo $b; [ $b = 3 ] && break; done', '1\n2\n3\n', 2000],
    ['while true; do date +%S; sleep 1; done | head -3', '00\n01\n02\n', 3000],
    ['set -o pipefail; ticker | head -1; echo $?', 'tick 1\n141\n', 0],
    ['yes | head -1', 'y\n', 0],
  ])('%s', async (line, stdout, milliseconds) => {
    const { run, clock } = newLab([ticker]);
    expect((await run(line)).stdout).toBe(stdout);
    expect(clock.now() - START).toBe(milliseconds);
  });

  it('shows lines as they come', async () => {
    const { shell, clock } = newLab([ticker]);
    const context = new Context();
    const seen: [number, string][] = [];
    const onOutput = (_: string, text: string) => void seen.push([clock.now() - START, text]);
    const running = shell.run('ticker | grep tick & (sleep 1; echo b) & wait', { context, onOutput });
    await clock.advance(1500);
    context.cancel();
    await clock.until(running);
    expect(seen).toEqual([
      [0, 'tick 1\n'],
      [1000, 'tick 2\n'],
      [1000, 'b\n'],
    ]);
  });

  it.each([
    ['yes | sort', 'sort: memory exhausted\n'],
    ['x=$(yes)', 'bash: command substitution: cannot allocate memory\n'],
    [
      'echo {a..z}{a..z}{a..z}{a..z}{a..z}',
      'bash: brace expansion: failed to allocate memory for 11881376 elements\n',
    ],
    [`echo ${'a'.repeat(40)}! | grep -P '(?=a)(a+)+$'`, "grep: exceeded PCRE's backtracking limit\n"],
  ])('gives up: %s', { timeout: 60_000 }, async (line, stderr) => {
    expect((await newLab().run(line)).stderr).toBe(stderr);
  });

  it.each([
    [`echo ${'a'.repeat(40)}! | grep -cE '(a+)+$'`, '0\n'],
    [`echo ${'a'.repeat(5000)} | sed 's/.*b.*c.*d/x/' | wc -c`, '5001\n'],
    ['echo foobar | grep -oE "foo|foobar"', 'foobar\n'],
    ['echo {1..100000} | wc -w', '100000\n'],
  ])('takes no longer for %s', async (line, stdout) => {
    expect((await newLab().run(line)).stdout).toBe(stdout);
  });

  it('is rid of a bomb', async () => {
    const { run, machine, clock } = newLab();
    await run(':(){ :|:& };:');
    await clock.advance(5000);
    expect(machine.processes.list().map(({ command }) => command)).toEqual([['-bash']]);
  });

  it.each(['while true; do :; done', 'for ((;;)); do ((x++)); done', 'yes', 'f() { f & f; }; f', 'cat'])(
    'ends %s when it is cancelled',
    async (line) => {
      const { shell, clock } = newLab();
      const context = new Context();
      const endless = { read: () => new Promise<undefined>(() => {}) };
      const running = shell.run(line, { context, stdin: endless });
      await clock.advance(20);
      context.cancel();
      expect((await clock.until(running)).exit).toBe(130);
    },
  );
});

describe('a session that begins', () => {
  it('reads ~/.bashrc, on every machine', async () => {
    const { run, machine, clock } = newLab();
    await run('echo \'export WHERE=here; alias w="echo $WHERE"\' > ~/.bashrc');
    expect((await run('echo $WHERE')).stdout).toBe('\n');
    const next = createShell({ machine, clock });
    expect((await clock.until(next.run('echo $WHERE $?'))).stdout).toBe('here 0\n');
    expect((await clock.until(next.run('w'))).stdout).toBe('here\n');
    await run('ssh node01');
    expect((await run('echo $WHERE')).stdout).toBe('\n');
  });
});

describe('what a session keeps', () => {
  it('functions, arrays, options and arguments', async () => {
    const { run } = newLab();
    await run('f() { echo "f $1"; }; a=(x y); set -- p q; set -o pipefail');
    expect((await run('f 1; echo ${a[1]} $2; false | true')).stdout).toBe('f 1\ny q\n');
    expect((await run('false | true')).exit).toBe(1);
  });
});
