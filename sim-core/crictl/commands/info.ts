import type { CrictlCommand } from '../command.ts';
import { OUTPUT } from '../command.ts';
import { json } from '../json.ts';

export const info: CrictlCommand = {
  name: 'info',
  usage: 'Display information of the container runtime',
  options: { output: OUTPUT, quiet: { short: 'q' } },
  async run({ io, runtime }) {
    const conditions = (await runtime.status()).map(({ type, status, reason, message }) => ({
      message,
      reason,
      status,
      type,
    }));
    io.stdout(json({ status: { conditions } }));
  },
};
