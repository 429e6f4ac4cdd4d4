import type { ImageStatus } from '../../cri/runtime-service.ts';
import type { CrictlCommand } from '../command.ts';
import { OUTPUT } from '../command.ts';
import { json } from '../json.ts';
import { humanSize, short, table } from '../table.ts';

const digestOf = ({ repoDigests }: ImageStatus) => /@(.*)$/.exec(repoDigests[0] ?? '')?.[1] ?? '<none>';

export const images: CrictlCommand = {
  name: 'images',
  aliases: ['image', 'img'],
  usage: 'List images',
  operands: '[REPOSITORY[:TAG]]',
  options: {
    digests: {},
    'no-trunc': {},
    output: OUTPUT,
    pinned: {},
    quiet: { short: 'q' },
    verbose: { short: 'v' },
  },
  async run({ io, images: service }, { has, text, operands }) {
    const [wanted = ''] = operands;
    const all = await service.listImages();
    const found = [...all]
      .filter(
        ({ repoTags }) =>
          wanted === '' || repoTags.some((tag) => tag === wanted || tag.startsWith(`${wanted}:`)),
      )
      .sort((a, b) => ((a.repoTags[0] ?? a.id) < (b.repoTags[0] ?? b.id) ? -1 : 1));
    if (text('output') === 'json') {
      io.stdout(
        json({
          images: found.map(({ id, repoDigests, repoTags, size, uid, username }) => ({
            id,
            pinned: repoTags.some((tag) => tag.includes('/pause:')),
            repoDigests,
            repoTags,
            size: String(size),
            spec: null,
            uid: uid === undefined ? null : { value: String(uid) },
            username,
          })),
        }),
      );
      return;
    }
    if (has('quiet')) return io.stdout(found.map(({ id }) => `${id}\n`).join(''));
    if (has('verbose')) {
      for (const one of found) {
        io.stdout(`ID: ${one.id}\n`);
        for (const tag of one.repoTags) io.stdout(`RepoTags: ${tag}\n`);
        for (const digest of one.repoDigests) io.stdout(`RepoDigests: ${digest}\n`);
        io.stdout(`Size: ${one.size}\n\n`);
      }
      return;
    }
    const cut = has('no-trunc') ? (id: string) => id : short;
    const row = (one: ImageStatus, image: string, tag: string) => [
      image,
      tag,
      ...(has('digests') ? [cut(digestOf(one))] : []),
      cut(one.id),
      humanSize(one.size),
      ...(has('pinned') ? [String(image.endsWith('/pause'))] : []),
    ];
    io.stdout(
      table([
        [
          'IMAGE',
          'TAG',
          ...(has('digests') ? ['DIGEST'] : []),
          'IMAGE ID',
          'SIZE',
          ...(has('pinned') ? ['PINNED'] : []),
        ],
        ...found.flatMap((one) =>
          one.repoTags.length === 0
            ? [row(one, one.repoDigests[0]?.replace(/@.*$/, '') ?? '<none>', '<none>')]
            : one.repoTags.map((tag) =>
                row(one, tag.replace(/:[^:/]*$/, ''), /:([^:/]*)$/.exec(tag)?.[1] ?? ''),
              ),
        ),
      ]),
    );
  },
};
