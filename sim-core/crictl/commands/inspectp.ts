import type { CrictlCommand } from '../command.ts';
import { OUTPUT } from '../command.ts';
import { sandbox } from '../finding.ts';
import { Fatal } from '../invocation.ts';
import { instant, json } from '../json.ts';

export const inspectPod: CrictlCommand = {
  name: 'inspectp',
  usage: 'Display the status of one or more pods',
  operands: 'POD-ID [POD-ID...]',
  options: { output: OUTPUT, quiet: { short: 'q' } },
  async run(invocation, { operands }) {
    if (operands.length === 0) throw new Fatal('ID cannot be empty');
    for (const id of operands) {
      const one = await sandbox(invocation, id);
      invocation.io.stdout(
        json({
          status: {
            annotations: one.annotations,
            createdAt: instant(one.createdAt),
            id: one.id,
            labels: one.labels,
            metadata: one.metadata,
            network: { additionalIps: [], ip: one.ip },
            runtimeHandler: '',
            state: one.state,
          },
        }),
      );
    }
  },
};
