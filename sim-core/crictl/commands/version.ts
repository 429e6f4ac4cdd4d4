import type { CrictlCommand } from '../command.ts';

export const version: CrictlCommand = {
  name: 'version',
  usage: 'Display runtime version information',
  async run({ io, runtime }) {
    const { runtimeName, runtimeVersion } = await runtime.version();
    io.stdout(
      `Version:  0.1.0\nRuntimeName:  ${runtimeName}\nRuntimeVersion:  ${runtimeVersion}\nRuntimeApiVersion:  v1\n`,
    );
  },
};
