import { each } from '../command.ts';
import { container, sandbox } from '../finding.ts';

export const stop = each(
  ['stop', 'Stop one or more running containers', 'CONTAINER-ID [CONTAINER-ID...]'],
  { timeout: { short: 't', value: true } },
  async (invocation, id, { text }) => {
    const { id: full } = await container(invocation, id);
    await invocation.runtime.stopContainer(full, Number(text('timeout') || 0));
    return id;
  },
);

export const stopPod = each(
  ['stopp', 'Stop one or more running pods', 'POD-ID [POD-ID...]'],
  {},
  async (invocation, id) => {
    await invocation.runtime.stopPodSandbox((await sandbox(invocation, id)).id);
    return `Stopped sandbox ${id}`;
  },
);
