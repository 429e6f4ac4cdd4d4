import { EtcdError } from '../../etcd/clientv3/client.ts';
import type { EtcdctlCommand } from '../command.ts';
import { UsageError } from '../flags.ts';
import { keyValueText, rangeOf } from './kv.ts';

/** Prints changes until it is interrupted or the server ends the watch. */
export const watch: EtcdctlCommand = {
  name: 'watch',
  flags: {
    'from-key': { value: false },
    interactive: { shorthand: 'i', value: false },
    prefix: { value: false },
    'prev-kv': { value: false },
    'progress-notify': { value: false },
    rev: { value: true },
  },
  async run({ flags, io, environment, client }) {
    const range = rangeOf('watch', flags);
    const responses = (await client()).watch({
      ...range,
      startRevision: flags.number('rev'),
      previous: flags.has('prev-kv'),
      progressNotify: flags.has('progress-notify'),
      context: environment.context,
    });
    try {
      for await (const { header, events } of responses) {
        if (events.length === 0 && flags.has('progress-notify'))
          io.stdout(`progress notify: ${header.revision}\n`);
        for (const { type, kv, previous } of events) {
          io.stdout(
            `${type === 'put' ? 'PUT' : 'DELETE'}\n${previous === undefined ? '' : keyValueText(previous)}${keyValueText(kv)}`,
          );
        }
      }
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      io.stderr(`watch was canceled (${error.message})\n`);
      throw new UsageError('watch is canceled by the server', 4);
    }
    if (!environment.context.cancelled) throw new UsageError('watch is canceled by the server', 4);
    return 130;
  },
};
