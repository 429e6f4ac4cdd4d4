import { describe, expect, it } from 'vitest';
import { Context } from '../../../clock/context.ts';
import { VirtualClock } from '../../../clock/virtual-clock.ts';
import type { Machine } from '../../../node/machine.ts';
import { MemoryFileSystem } from '../../../node/memory-file-system.ts';
import { MemoryProcessTable } from '../../../node/memory-process-table.ts';
import { Pipe } from '../../../node/pipe.ts';
import { settle } from '../../../testing/settle.ts';
import { createShell } from '../../shell.ts';

// How awk answers usual lines is compared with mawk itself, in tests/clients.

function newShell() {
  const clock = new VirtualClock({ start: Date.UTC(2026, 10, 23, 9), settle });
  const files = new MemoryFileSystem(clock);
  for (const path of ['/dev', '/root/d', '/tmp', '/usr/bin']) files.makeDirectory(path, { parents: true });
  files.write('/root/a', 'one 1\ntwo 2\nthree 3\n');
  const processes = new MemoryProcessTable(clock);
  const machine = { hostname: 'a', files, processes } as unknown as Machine;
  const shell = createShell({ machine, clock });
  const run = (line: string, context = new Context()) => clock.until(shell.run(line, { context }));
  return { clock, files, shell, run };
}

const MISSING = 'No such file or directory';

describe('awk', () => {
  it.each([
    ["awk '{print' a", 'awk: line 2: missing } near end of file\n'],
    ["awk '{print $1}}' a", "awk: line 1: extra '}'\nawk: line 1: syntax error at or near end of line\n"],
    ["awk '{print ($1}' a", 'awk: line 1: missing ) near }\n'],
    ["awk 'BEGIN{x = = 1}'", 'awk: line 1: syntax error at or near =\n'],
    ["awk 'BEGIN{print @}'", "awk: 1: unexpected character '@'\n"],
    ["awk 'BEGIN{f(1)}'", 'awk: line 2: function f never defined\n'],
    ["awk 'BEGIN{a[1]; a=2}'", 'awk: line 1: illegal reference to array a\n'],
    ["awk '/(/' a", "awk: line 1: regular expression compile failed (missing ')')\n(\n"],
    ["awk '/a' a", 'awk: line 1: runaway regular expression /a ...\n'],
    ["awk 'BEGIN{next}'", 'awk: line 1: improper use of next\n'],
    ["awk 'BEGIN{substr(1)}'", 'awk: line 1: wrong number of arguments in call to substr\n'],
    [
      "awk 'function f(x){x[1]} BEGIN{f(y=1)}'",
      'awk: line 1: type error in arg(1) in call to f (actual local variable vs local array)\n',
    ],
    ["awk '1' nope", `awk: cannot open "nope" (${MISSING})\n`],
    ["awk '1' d", 'awk: read error (Is a directory)\n'],
    ['awk -f nope', `awk: cannot open "nope" (${MISSING})\n`],
    ['awk \'BEGIN{print > "no/x"}\'', `awk: cannot open "no/x" for output (${MISSING})\n`],
    ['awk -f', 'awk: option -f lacks argument\n'],
    ['awk -q 1', 'awk: not an option: -q\n'],
    ["awk -v 1x=2 ''", 'awk: improper assignment: -v 1x=2\n'],
    ["awk -F'||' '1' a", 'awk: line 0: regular expression compile failed (missing operand)\n||\n'],
    ["awk '{print $-1}' a", 'awk: run time error: negative field index $-1\n\tFILENAME="a" FNR=1 NR=1\n'],
    [
      'awk \'BEGIN{printf "%d"}\'',
      'awk: run time error: not enough arguments passed to printf("%d")\n\tFILENAME="" FNR=0 NR=0\n',
    ],
    ["awk 'BEGIN{$9999999=1}'", 'awk: program limit exceeded: maximum number of fields size=1000000\n'],
    ["awk 'function f(){return f()} BEGIN{f()}'", 'awk: program limit exceeded: eval stack size=1024\n'],
    ['awk \'BEGIN{s="x"; while(1) s=s s}\'', 'awk: memory exhausted\n'],
  ])('says of %s what mawk says', async (line, message) => {
    const { stderr, exit } = await newShell().run(line);
    expect(stderr).toBe(message);
    expect(exit).toBe(2);
  });

  it('tells five mistakes at most, and the file that they are in', async () => {
    const { files, run } = newShell();
    files.write('/root/p.awk', `BEGIN {\n${'  x = = 1\n'.repeat(9)}}\n`);
    const { stderr } = await run('awk -f p.awk');
    expect(stderr.split('\n').slice(0, -1)).toEqual(
      [2, 3, 4, 5, 6].map((line) => `awk: p.awk: line ${line}: syntax error at or near =`),
    );
  });

  it('writes large whole numbers as they are', async () => {
    const { stdout } = await newShell().run("awk 'BEGIN{print 2^31, 2^53+1, 1e19, 1e20, -2^63}'");
    expect(stdout).toBe('2147483648 9007199254740992 10000000000000000000 1e+20 -9223372036854775808\n');
  });

  it('knows how often something is repeated in a pattern', async () => {
    const { stdout } = await newShell().run('awk \'BEGIN{print "aa" ~ /^a{2}$/, "a{" ~ /a{/}\'');
    expect(stdout).toBe('1 1\n');
  });

  it('says what it makes of a line before the next one comes', async () => {
    const { clock, shell } = newShell();
    const input = new Pipe();
    const said: string[] = [];
    const running = shell.run('awk \'{print $2 > "f"; print NR}\'', {
      stdin: input,
      onOutput: (_, text) => said.push(text),
    });
    input.write('a 1\n');
    await clock.until(clock.sleep(1));
    expect(said).toEqual(['1\n']);
    input.write('b 2\n');
    input.end();
    await clock.until(running);
    expect(said.join('')).toBe('1\n2\n');
  });

  it.each(["awk 'BEGIN{while(1);}'", "awk 'function f(){return 1} BEGIN{for(;;) f()}'", "yes | awk '{n++}'"])(
    'lets simulated time pass in %s, and ends when it is told to',
    async (line) => {
      const { clock, run } = newShell();
      const context = new Context();
      clock.schedule(20, () => context.cancel());
      const { exit } = await run(line, context);
      expect(exit).toBe(130);
    },
  );

  it('ends with the command that it writes to, and ends the command that it reads from', async () => {
    const { run } = newShell();
    expect(await run('awk \'BEGIN{while(1) print "y" | "head -1"}\'')).toMatchObject({
      stdout: 'y\n',
      exit: 141,
    });
    const { stdout } = await run('awk \'BEGIN{"yes" | getline x; print x, (close("yes") > 0)}\'');
    expect(stdout).toBe('y 1\n');
  });

  it('has files on the machine only when they are written out', async () => {
    const { files, run } = newShell();
    const { stdout } = await run(
      'awk \'BEGIN{print "x" > "f"; n=(getline y < "f"); close("f"); close("f"); print n, (getline z < "f"), z}\'',
    );
    expect(stdout).toBe('0 1 x\n');
    expect(files.read('/root/f')).toBe('x\n');
  });

  it('counts bytes', async () => {
    const { stdout } = await newShell().run(
      'awk \'BEGIN{print length("한글"), substr("한글", 4); printf "%-4s|\\n", "é"}\'',
    );
    expect(stdout).toBe('6 글\né  |\n');
  });

  it('gives the same numbers for the same seed', async () => {
    const { stdout } = await newShell().run(
      "awk 'BEGIN{srand(7); a=rand(); b=rand(); print srand(7); print a==rand(), b==rand(), a==b, a<1}'",
    );
    expect(stdout).toBe('7\n1 1 0 1\n');
  });

  it('tells the simulated time', async () => {
    const { stdout } = await newShell().run('awk \'BEGIN{print systime(), strftime("%Y-%m-%d %H:%M:%S")}\'');
    expect(stdout).toBe('1795424400 2026-11-23 09:00:00\n');
  });
});
