import type { CrictlCommand } from '../command.ts';
import { OUTPUT } from '../command.ts';
import { container } from '../finding.ts';
import { Fatal } from '../invocation.ts';
import { instant, json } from '../json.ts';
import { humanDuration } from '../table.ts';

export const inspect: CrictlCommand = {
  name: 'inspect',
  usage: 'Display the status of one or more containers',
  operands: 'CONTAINER-ID [CONTAINER-ID...]',
  options: { all: { short: 'a' }, output: OUTPUT, quiet: { short: 'q' }, template: { value: true } },
  async run(invocation, { text, operands }) {
    const { io, environment } = invocation;
    if (operands.length === 0) throw new Fatal('ID cannot be empty');
    for (const id of operands) {
      const one = await container(invocation, id);
      const image = await invocation.images.imageStatus(one.image);
      if (text('output') === 'table') {
        const ago = (at: number) => `${humanDuration(environment.clock.now() - at)} ago`;
        io.stdout(`ID: ${one.id}\nName: ${one.metadata.name}\n`);
        if (one.metadata.attempt > 0) io.stdout(`Attempt: ${one.metadata.attempt}\n`);
        io.stdout(`State: ${one.state}\nCreated: ${ago(one.createdAt)}\n`);
        if (one.state !== 'CONTAINER_CREATED') io.stdout(`Started: ${ago(one.startedAt)}\n`);
        if (one.state === 'CONTAINER_EXITED')
          io.stdout(`Finished: ${ago(one.finishedAt)}\nExit Code: ${one.exitCode}\n`);
        const list = (title: string, entries: Readonly<Record<string, string>>) =>
          io.stdout(
            `${title}:\n${Object.keys(entries)
              .sort()
              .map((key) => `\t${key} -> ${entries[key]}\n`)
              .join('')}`,
          );
        list('Labels', one.labels);
        list('Annotations', one.annotations);
        continue;
      }
      io.stdout(
        json({
          info: {
            sandboxID: one.podSandboxId,
            removing: false,
            snapshotter: 'overlayfs',
            runtimeType: 'io.containerd.runc.v2',
          },
          status: {
            annotations: one.annotations,
            createdAt: instant(one.createdAt),
            exitCode: one.exitCode,
            finishedAt: instant(one.finishedAt),
            id: one.id,
            image: { annotations: {}, image: one.image, runtimeHandler: '', userSpecifiedImage: '' },
            imageId: image?.id ?? '',
            imageRef: one.imageRef,
            labels: one.labels,
            logPath: one.logPath,
            message: one.message,
            metadata: one.metadata,
            mounts: one.mounts.map(({ containerPath, hostPath, readonly }) => ({
              containerPath,
              gidMappings: [],
              hostPath,
              image: null,
              propagation: 'PROPAGATION_PRIVATE',
              readonly,
              recursiveReadOnly: false,
              selinuxRelabel: false,
              uidMappings: [],
            })),
            reason: one.reason,
            startedAt: instant(one.startedAt),
            state: one.state,
          },
        }),
      );
    }
  },
};
