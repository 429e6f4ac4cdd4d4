import type { KubeObject } from '../../apimachinery/object.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import { ALL_NAMESPACES_FLAG, CHUNK_SIZE_FLAG, PRINT_FLAGS } from '../genericclioptions/common-flags.ts';
import { resultPrinter } from '../genericclioptions/print-flags.ts';
import { ageOf } from '../printers/object-table.ts';
import { Tabwriter, TABLE_COLUMNS } from '../printers/tabwriter.ts';
import { Helper } from '../resource/helper.ts';
import { humanDuration } from '../../apimachinery/duration.ts';

const EVENTS = { group: '', version: 'v1', resource: 'events', kind: 'Event', namespaced: true };

interface Event extends KubeObject {
  type: string;
  reason: string;
  message?: string;
  count?: number;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  series?: { count: number; lastObservedTime: string };
  involvedObject: { kind: string; name: string };
}

/** Models pkg/cmd/events. */
export const events: CommandDefinition = {
  name: 'events',
  use: '[(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning] [options]',
  short: 'List events',
  flags: [
    ...PRINT_FLAGS,
    ALL_NAMESPACES_FLAG,
    CHUNK_SIZE_FLAG,
    { name: 'for', type: 'string' },
    { name: 'no-headers', type: 'bool', default: 'false' },
    { name: 'types', type: 'stringSlice' },
    { name: 'watch', shorthand: 'w', type: 'bool', default: 'false' },
  ],
  async run(invocation, { flags }) {
    const { factory, io, environment } = invocation;
    const all = flags.bool('all-namespaces');
    const { namespace } = factory.namespace();
    const subject = flags.string('for');
    let fieldSelector: string | undefined;
    if (subject !== '') {
      const [type = '', name = ''] = subject.split('/');
      if (name === '') throw new Error('--for must be in resource/name form');
      const { kind } = await factory.lookup((mapper) => mapper.resourceFor(type, ''));
      fieldSelector = `involvedObject.kind=${kind},involvedObject.name=${name}`;
    }
    if (flags.list('types').some((type) => !/^(normal|warning)$/i.test(type)))
      throw new Error('valid --types are Normal or Warning');
    const list = await new Helper(factory.client(), EVENTS).list(all ? '' : namespace, {
      fieldSelector,
      limit: flags.string('chunk-size'),
    });
    const types = flags.list('types').map((type) => type.toLowerCase());
    const found = (list.items as Event[])
      .filter(({ type }) => types.length === 0 || types.includes(type.toLowerCase()))
      .sort((a, b) => lastSeen(a) - lastSeen(b));
    if (flags.string('output') !== '') {
      const items = found.map((event) => ({ ...event, apiVersion: 'v1', kind: 'Event' }));
      (await resultPrinter(invocation))(
        { apiVersion: 'v1', items, kind: 'EventList', metadata: list.metadata } as unknown as KubeObject,
        '',
      );
      return 0;
    }
    if (found.length === 0) {
      io.stderr(all ? 'No events found.\n' : `No events found in ${namespace} namespace.\n`);
      return 0;
    }
    const now = environment.clock.now();
    const writer = new Tabwriter(TABLE_COLUMNS);
    if (!flags.bool('no-headers'))
      writer.write(`${all ? 'NAMESPACE\t' : ''}LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n`);
    for (const event of found) {
      const { kind, name } = event.involvedObject;
      const cells = [
        ...(all ? [event.metadata.namespace ?? ''] : []),
        ageText(event, now),
        event.type,
        event.reason,
        `${kind}/${name}`,
        (event.message ?? '').trim(),
      ];
      writer.write(`${cells.join('\t')}\n`);
    }
    io.stdout(writer.flush());
    return 0;
  },
};

function lastSeen(event: Event): number {
  return (
    Date.parse(
      event.series?.lastObservedTime ??
        event.lastTimestamp ??
        event.eventTime ??
        event.metadata.creationTimestamp ??
        '',
    ) || 0
  );
}

function ageText(event: Event, now: number): string {
  const since = (time: string | null | undefined) =>
    time ? humanDuration(now - Date.parse(time)) : ageOf(event, now);
  const first = since(event.eventTime ?? event.firstTimestamp);
  if (event.series !== undefined)
    return `${since(event.series.lastObservedTime)} (x${event.series.count} over ${first})`;
  return (event.count ?? 0) > 1 ? `${since(event.lastTimestamp)} (x${event.count} over ${first})` : first;
}
