import { expect, test } from 'vitest';
import { VirtualClock } from '../../../clock/virtual-clock.ts';
import type { Machine } from '../../../node/machine.ts';
import { MemoryFileSystem } from '../../../node/memory-file-system.ts';
import { MemoryProcessTable } from '../../../node/memory-process-table.ts';
import { settle } from '../../../testing/settle.ts';
import { createShell } from '../../shell.ts';
import { createCurl } from './curl.ts';

test('curl keeps bytes as they are, and counts them', async () => {
  const clock = new VirtualClock({ start: 0, settle });
  const files = new MemoryFileSystem(clock);
  files.makeDirectory('/root');
  const processes = new MemoryProcessTable(clock);
  const machine = { hostname: 'a', files, processes } as unknown as Machine;
  const curl = createCurl({
    transport: () => () => Promise.resolve({ status: 200, headers: {}, body: '없음\udcff' }),
  });
  const shell = createShell({ machine, clock, machines: new Map([['a', machine]]), programs: [curl] });
  const line = "curl -s http://b -o x -w '%{size_download}\\n'; wc -c x";
  expect(await clock.until(shell.run(line))).toEqual({ stdout: '7\n7 x\n', stderr: '', exit: 0 });
  expect(files.read('/root/x')).toBe('없음\udcff');
});
