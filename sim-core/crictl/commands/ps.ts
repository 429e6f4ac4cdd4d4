import type { ContainerStatus } from '../../cri/runtime-service.ts';
import type { CrictlCommand } from '../command.ts';
import type { CrictlInvocation } from '../invocation.ts';
import { Fatal } from '../invocation.ts';
import { json, nanoseconds } from '../json.ts';
import { LABELS, labelsOf, LISTING, newest, pattern, STATES } from '../listing.ts';
import { humanDuration, short, table } from '../table.ts';

export const ps: CrictlCommand = {
  name: 'ps',
  usage: 'List containers',
  options: {
    ...LISTING,
    all: { short: 'a' },
    image: { value: true },
    pod: { short: 'p', value: true },
    'resolve-image-path': { short: 'r' },
  },
  async run(invocation, parsed) {
    const { io, environment, runtime } = invocation;
    const { has, text, list } = parsed;
    const state = text('state').toLowerCase();
    if (state !== '' && !['created', 'running', 'exited', 'unknown'].includes(state))
      throw new Fatal(
        'listing containers: list containers: --state should be one of created, running, exited or unknown',
      );
    const wanted = state !== '' ? `CONTAINER_${state.toUpperCase()}` : 'CONTAINER_RUNNING';
    const any = (has('all') && state === '') || has('latest') || Number(text('last') || 0) > 0;
    const all = await runtime.listContainers({ labels: labelsOf(list('label')) });
    const ids = await imageIds(invocation, all);
    const found = newest(
      all.filter(
        (one) =>
          (any || one.state === wanted) &&
          one.id.startsWith(text('id')) &&
          one.podSandboxId.startsWith(text('pod')) &&
          pattern(text('name')).test(one.metadata.name) &&
          pattern(text('namespace')).test(one.labels[LABELS.namespace] ?? '') &&
          (text('image') === '' ||
            one.image.includes(text('image')) ||
            ids.get(one.image)!.includes(text('image'))),
      ),
      parsed,
    );
    const output = text('output') || 'table';
    if (output === 'json') {
      io.stdout(
        json({
          containers: found.map((one) => ({
            annotations: one.annotations,
            createdAt: nanoseconds(one.createdAt),
            id: one.id,
            image: { annotations: {}, image: ids.get(one.image), runtimeHandler: '', userSpecifiedImage: '' },
            imageId: ids.get(one.image),
            imageRef: ids.get(one.image),
            labels: one.labels,
            metadata: one.metadata,
            podSandboxId: one.podSandboxId,
            state: one.state,
          })),
        }),
      );
      return;
    }
    if (output !== 'table')
      throw new Fatal(
        `listing containers: list containers: unsupported output format ${JSON.stringify(output)}`,
      );
    if (has('quiet')) return io.stdout(found.map(({ id }) => `${id}\n`).join(''));
    const cut = has('no-trunc') ? (id: string) => id : short;
    const now = environment.clock.now();
    io.stdout(
      table([
        ['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'],
        ...found.map((one) => [
          cut(one.id),
          has('resolve-image-path') ? one.image : cut(imageText(ids, one)),
          `${humanDuration(now - one.createdAt)} ago`,
          STATES[one.state]!,
          one.metadata.name,
          String(one.metadata.attempt),
          cut(one.podSandboxId),
          one.labels[LABELS.pod] ?? 'unknown',
          one.labels[LABELS.namespace] ?? 'unknown',
        ]),
      ]),
    );
  },
};

const imageText = (images: ReadonlyMap<string, string>, { image }: ContainerStatus) =>
  images.get(image) ?? image;

async function imageIds({ images }: CrictlInvocation, found: readonly ContainerStatus[]) {
  const ids = new Map<string, string>();
  for (const { image } of found) {
    if (!ids.has(image)) ids.set(image, (await images.imageStatus(image))?.id ?? image);
  }
  return ids;
}
