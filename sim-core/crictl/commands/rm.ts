import { each } from '../command.ts';
import { container, sandbox } from '../finding.ts';
import { Fatal } from '../invocation.ts';

export const rm = each(
  ['rm', 'Remove one or more containers', 'CONTAINER-ID [CONTAINER-ID...]'],
  { all: { short: 'a' }, force: { short: 'f' } },
  async (invocation, id, { has }) => {
    const { id: full, state } = await container(invocation, id);
    if (state === 'CONTAINER_RUNNING') {
      if (!has('force')) throw new Fatal(`container "${id}" is running, please stop it first`);
      await invocation.runtime.stopContainer(full, 0);
    }
    await invocation.runtime.removeContainer(full);
    return id;
  },
);

export const removePod = each(
  ['rmp', 'Remove one or more pods', 'POD-ID [POD-ID...]'],
  { all: { short: 'a' }, force: { short: 'f' } },
  async (invocation, id, { has }) => {
    const { id: full, state } = await sandbox(invocation, id);
    if (state === 'SANDBOX_READY') {
      if (!has('force')) throw new Fatal(`pod sandbox "${id}" is running, please stop it first`);
      await invocation.runtime.stopPodSandbox(full);
    }
    await invocation.runtime.removePodSandbox(full);
    return `Removed sandbox ${id}`;
  },
);
