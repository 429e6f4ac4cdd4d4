import type { KubeObject } from '../../../apimachinery/object.ts';
import type { ParsedArguments } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';
import { objectPrinter } from '../../printers/object-printer.ts';
import { builderOptions, resolveTargets } from '../../resource/builder.ts';
import { throwAll } from '../../util/errors.ts';
import { fetchAll } from './fetch.ts';
import { printerOptions } from './printer-options.ts';
import { sortObjects } from './sorter.ts';

/** Prints objects as -o asks for it. */
export async function getObjects(invocation: Invocation, parsed: ParsedArguments): Promise<number> {
  const { io } = invocation;
  const { args, flags } = parsed;
  const targets = await resolveTargets(invocation, args, builderOptions(parsed, true), []);
  const { singleItem } = targets;
  const { infos, errors } = await fetchAll(invocation, targets, flags);
  if (singleItem && errors.length > 0) throwAll(errors);
  if (infos.length === 0 && flags.bool('ignore-not-found')) {
    throwAll(errors);
    return 0;
  }
  const printer = objectPrinter(printerOptions(invocation, flags));
  const sortBy = flags.string('sort-by');
  const flat = infos.flatMap(({ object }) => flatten(object));
  const items = sortBy === '' ? flat : sortObjects(flat, sortBy);
  const [only] = items;
  const isSingle = singleItem && items.length === 1 && infos[0]!.name !== '';
  if (isSingle && only !== undefined) io.stdout(printer.print(only));
  else if (flags.string('output') === 'name') for (const item of items) io.stdout(printer.print(item));
  else {
    io.stdout(
      printer.print({
        apiVersion: 'v1',
        items,
        kind: 'List',
        metadata: { resourceVersion: '' },
      } as unknown as KubeObject),
    );
  }
  throwAll(errors);
  return 0;
}

/** The members of a list, each with its apiVersion and kind, or the object itself. */
export function flatten(object: KubeObject): KubeObject[] {
  const kind = object.kind ?? '';
  if (!kind.endsWith('List') || !Array.isArray(object.items)) return [object];
  return (object.items as KubeObject[]).map((item) => ({
    apiVersion: object.apiVersion,
    kind: kind.slice(0, -'List'.length),
    ...item,
  }));
}
