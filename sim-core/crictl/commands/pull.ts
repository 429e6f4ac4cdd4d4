import type { CrictlCommand } from '../command.ts';
import { Fatal } from '../invocation.ts';

export const pull: CrictlCommand = {
  name: 'pull',
  usage: 'Pull an image from a registry',
  operands: 'NAME[:TAG|@DIGEST]',
  async run({ io, images }, { operands }) {
    const [name] = operands;
    if (name === undefined) throw new Fatal('image name cannot be empty');
    try {
      io.stdout(`Image is up to date for ${await images.pullImage(name)}\n`);
    } catch (error) {
      throw new Fatal(`pulling image: ${(error as Error).message}`);
    }
  },
};
