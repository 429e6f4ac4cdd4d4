import type { CrictlCommand } from '../command.ts';
import { imageOf } from '../finding.ts';
import { Fatal } from '../invocation.ts';

export const rmi: CrictlCommand = {
  name: 'rmi',
  usage: 'Remove one or more images',
  operands: 'IMAGE-ID [IMAGE-ID...]',
  options: { all: { short: 'a' }, prune: { short: 'q' } },
  async run({ io, images, runtime }, { has, operands }) {
    const all = await images.listImages();
    const used = new Set((await runtime.listContainers()).map(({ image }) => image));
    const names = has('all') || has('prune') ? all.map(({ id }) => id) : operands;
    if (names.length === 0) throw new Fatal('requires at least 1 argument');
    for (const name of names) {
      const image = await imageOf(images, name);
      if (image === undefined) throw new Fatal(`no such image ${name}`);
      if (has('prune') && image.repoTags.some((tag) => used.has(tag))) continue;
      await images.removeImage(image.id);
      for (const tag of image.repoTags) io.stdout(`Deleted: ${tag}\n`);
    }
  },
};
