import { LineInput } from '../../node/pipe.ts';
import type { Program } from '../../node/program.ts';
import type { Command } from '../../shell/command.ts';

const NOT_FOUND = 127;

/** A command of the lab's shell as an executable of an image without a shell: it sees the files of its container. */
export function programOf(command: Command): Program {
  return ({ argv, machine, files, clock, cwd, envs, user, killed, stdin, stdout, stderr }) => {
    const { hostname, address, processes, network, services, journal, memoryKiB, cpus } = machine;
    return command.run(
      argv.slice(1),
      { stdin: new LineInput(stdin), stdout, stderr },
      {
        machine: { hostname, address, files, processes, network, services, journal, memoryKiB, cpus },
        clock,
        cwd,
        variables: envs,
        user: user.name,
        context: killed,
        execute: () => Promise.resolve(NOT_FOUND),
      },
    );
  };
}
