import type { Command } from '../command.ts';

export const env: Command = {
  name: 'env',
  async run(_args, io, { variables }) {
    for (const [name, value] of Object.entries(variables)) io.stdout(`${name}=${value}\n`);
    return 0;
  },
};
