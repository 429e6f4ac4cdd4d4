import type { CrictlCommand } from '../command.ts';
import { OUTPUT } from '../command.ts';
import { humanSize, short, table } from '../table.ts';

export const stats: CrictlCommand = {
  name: 'stats',
  usage: 'List container(s) resource usage statistics',
  options: { all: { short: 'a' }, id: { value: true }, output: OUTPUT, pod: { short: 'p', value: true } },
  async run({ io, runtime }, { text }) {
    const found = await runtime.listContainerStats();
    const names = new Map((await runtime.listContainers()).map((one) => [one.id, one.metadata.name]));
    io.stdout(
      table([
        ['CONTAINER', 'NAME', 'CPU %', 'MEM', 'DISK', 'INODES', 'SWAP'],
        ...found
          .filter(({ id }) => id.startsWith(text('id')))
          .map(({ id, memoryBytes }) => [
            short(id),
            names.get(id) ?? '',
            '0.00',
            humanSize(memoryBytes),
            '0B',
            '0',
            '0B',
          ]),
      ]),
    );
  },
};
