import type { CrictlCommand } from '../command.ts';
import { OUTPUT } from '../command.ts';
import { imageOf } from '../finding.ts';
import { Fatal } from '../invocation.ts';
import { json } from '../json.ts';

export const inspectImage: CrictlCommand = {
  name: 'inspecti',
  usage: 'Return the status of one or more images',
  operands: 'IMAGE-ID [IMAGE-ID...]',
  options: { output: OUTPUT, quiet: { short: 'q' } },
  async run({ io, images }, { operands }) {
    if (operands.length === 0) throw new Fatal('ID cannot be empty');
    for (const name of operands) {
      const image = await imageOf(images, name);
      if (image === undefined) throw new Fatal(`no such image "${name}" present`);
      const { id, repoDigests, repoTags, size, username } = image;
      io.stdout(
        json({
          status: {
            id,
            pinned: false,
            repoDigests,
            repoTags,
            size: String(size),
            spec: null,
            uid: null,
            username,
          },
        }),
      );
    }
  },
};
