import type { CrictlCommand } from '../command.ts';
import { Fatal } from '../invocation.ts';
import { json, nanoseconds } from '../json.ts';
import { labelsOf, LISTING, newest, pattern, STATES } from '../listing.ts';
import { humanDuration, short, table } from '../table.ts';

export const pods: CrictlCommand = {
  name: 'pods',
  usage: 'List pods',
  options: LISTING,
  async run({ io, environment, runtime }, parsed) {
    const { has, text, list } = parsed;
    const state = text('state').toLowerCase();
    if (state !== '' && state !== 'ready' && state !== 'notready')
      throw new Fatal('listing pod sandboxes: list pod sandboxes: --state should be ready or notready');
    const all = await runtime.listPodSandbox({ labels: labelsOf(list('label')) });
    const found = newest(
      all.filter(
        (one) =>
          (state === '' || one.state === `SANDBOX_${state.toUpperCase()}`) &&
          one.id.startsWith(text('id')) &&
          pattern(text('name')).test(one.metadata.name) &&
          pattern(text('namespace')).test(one.metadata.namespace),
      ),
      parsed,
    );
    const output = text('output') || 'table';
    if (output === 'json') {
      io.stdout(
        json({
          items: found.map((one) => ({
            annotations: one.annotations,
            createdAt: nanoseconds(one.createdAt),
            id: one.id,
            labels: one.labels,
            metadata: one.metadata,
            runtimeHandler: '',
            state: one.state,
          })),
        }),
      );
      return;
    }
    if (has('quiet')) return io.stdout(found.map(({ id }) => `${id}\n`).join(''));
    const cut = has('no-trunc') ? (id: string) => id : short;
    io.stdout(
      table([
        ['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'],
        ...found.map((one) => [
          cut(one.id),
          `${humanDuration(environment.clock.now() - one.createdAt)} ago`,
          STATES[one.state]!,
          one.metadata.name,
          one.metadata.namespace,
          String(one.metadata.attempt),
          '(default)',
        ]),
      ]),
    );
  },
};
