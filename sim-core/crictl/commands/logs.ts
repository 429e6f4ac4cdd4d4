import { FileError } from '../../node/file-system.ts';
import type { CrictlCommand } from '../command.ts';
import { container } from '../finding.ts';
import { Fatal } from '../invocation.ts';

export const logs: CrictlCommand = {
  name: 'logs',
  usage: 'Fetch the logs of a container',
  operands: 'CONTAINER-ID',
  options: {
    follow: { short: 'f' },
    'limit-bytes': { value: true },
    previous: { short: 'p' },
    since: { value: true },
    tail: { value: true },
    timestamps: { short: 't' },
  },
  async run(invocation, { has, text, operands }) {
    const { io, environment } = invocation;
    // Options may stand behind the container as well.
    const { logPath, id, metadata, podSandboxId } = await container(invocation, operands[0]);
    const { files } = environment.machine;
    let path = logPath;
    if (has('previous')) {
      const all = await invocation.runtime.listContainers({ podSandboxId });
      const before = all.find(
        (one) => one.metadata.name === metadata.name && one.metadata.attempt === metadata.attempt - 1,
      );
      if (before === undefined)
        throw new Fatal(
          `failed to get previous container: previous terminated container ${metadata.name} not found`,
        );
      path = before.logPath;
    }
    let shown = 0;
    const show = (from: number): void => {
      let content: string;
      try {
        content = files.read(path);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        throw new Fatal(
          `failed to try resolving symlinks in path "${path}": lstat ${path}: no such file or directory`,
        );
      }
      const lines = content.split('\n').slice(0, -1);
      const tail =
        from === 0 && text('tail') !== '' && Number(text('tail')) >= 0 ? Number(text('tail')) : Infinity;
      for (const line of tail === Infinity
        ? lines.slice(from)
        : lines.slice(Math.max(0, lines.length - tail))) {
        const match = /^(\S+) (stdout|stderr) (\S) ?(.*)$/s.exec(line);
        if (match === null) continue;
        const said = `${has('timestamps') ? `${match[1]} ` : ''}${match[4]}${match[3] === 'P' ? '' : '\n'}`;
        if (match[2] === 'stderr') io.stderr(said);
        else io.stdout(said);
      }
      shown = lines.length;
    };
    show(0);
    while (has('follow') && !environment.context.cancelled) {
      const now = (await invocation.runtime.listContainers({ id })).at(0);
      if (now?.state !== 'CONTAINER_RUNNING') break;
      await environment.clock.sleep(500, { context: environment.context, periodic: true });
      show(shown);
    }
  },
};
