import type { KubeObject } from '../../../apimachinery/object.ts';
import { isReason } from '../../../apimachinery/status.ts';
import { errorOfResponse } from '../../../client-go/rest/response-error.ts';
import { watchOf } from '../../../client-go/rest/watch.ts';
import type { ParsedArguments } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';
import { objectPrinter } from '../../printers/object-printer.ts';
import { objectTable } from '../../printers/object-table.ts';
import { isTable, type Table, TablePrinter } from '../../printers/table-printer.ts';
import { builderOptions, fetchTarget, type Info, resolveTargets } from '../../resource/builder.ts';
import { objectPath } from '../../resource/helper.ts';
import { TABLE_ACCEPT } from './fetch.ts';
import { flatten } from './objects.ts';
import { printerOptions } from './printer-options.ts';
import { tableOptions } from './table-options.ts';

/** `get -w`: what is there, then what changes, until the server or Ctrl-C ends it. */
export async function watch(invocation: Invocation, parsed: ParsedArguments): Promise<number> {
  const { io, factory, environment } = invocation;
  const { args, flags } = parsed;
  const { targets } = await resolveTargets(invocation, args, {
    ...builderOptions(parsed, true),
    singleResourceType: true,
  });
  if (targets.length === 0)
    throw new Error('watch is only supported on individual resources and resource collections');
  const target = targets[0]!;
  const output = flags.string('output');
  const human = (output === '' && flags.string('template') === '') || output === 'wide';
  const accept = human ? TABLE_ACCEPT : undefined;
  if (targets.some(({ mapping }) => mapping.resource !== target.mapping.resource))
    throw new Error('you may only specify a single resource type');
  const infos: Info[] = [];
  try {
    for (const one of targets) {
      const options = { ...(accept !== undefined && { accept }), chunkSize: flags.number('chunk-size') };
      infos.push(...(await fetchTarget(invocation, one, options)));
    }
  } catch (error) {
    if (flags.bool('ignore-not-found') && isReason(error, 'NotFound')) return 0;
    throw error;
  }
  const info = infos.at(-1);
  if (info === undefined) return 0;
  const withEvents = flags.bool('output-watch-events');
  const table = new TablePrinter(
    tableOptions(flags, target.mapping, flags.bool('all-namespaces') && target.mapping.namespaced, false),
  );
  const printer = human ? undefined : objectPrinter(printerOptions(invocation, flags));
  const show = (object: KubeObject | Table, event: string): void => {
    if (printer !== undefined) {
      for (const item of flatten(object as KubeObject)) {
        io.stdout(
          printer.print(withEvents ? ({ type: event, object: item } as unknown as KubeObject) : item),
        );
      }
      return;
    }
    table.print(
      isTable(object) ? object : objectTable(object, environment.clock.now()),
      withEvents ? event : undefined,
    );
    io.stdout(table.flush());
  };
  if (!flags.bool('watch-only')) for (const { object } of infos) show(object, 'ADDED');
  // Several are shown, but not watched.
  if (targets.length > 1)
    throw new Error('you may only watch a single resource or type of resource at a time');
  const isList = target.type === 'selector';
  const path = objectPath(target.mapping, target.namespace, undefined, {
    fieldSelector:
      target.type === 'name' ? `metadata.name=${target.name}` : target.fieldSelector || undefined,
    labelSelector: target.type === 'name' ? undefined : target.labelSelector || undefined,
    resourceVersion: isList ? (info.object.metadata.resourceVersion ?? '0') : '0',
    watch: 'true',
  });
  const response = await factory
    .client()
    .raw({ method: 'GET', path, ...(accept !== undefined && { accept }) });
  if (typeof response.body === 'string') throw errorOfResponse(response);
  // A watch on one object begins with that object, which was printed already.
  let skip = !isList;
  for await (const { type, object } of watchOf<KubeObject | Table>(response.body, environment.context)) {
    if (type === 'BOOKMARK') continue;
    if (!skip) show(object, type);
    skip = false;
  }
  return environment.context.cancelled ? 130 : 0;
}
