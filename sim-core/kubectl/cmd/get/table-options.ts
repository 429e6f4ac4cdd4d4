import type { FlagSet } from '../../cobra/flags.ts';
import type { TableOptions } from '../../printers/table-printer.ts';
import type { RestMapping } from '../../resource/rest-mapper.ts';

/** How the flags of `get` ask for a table to be printed. */
export function tableOptions(
  flags: FlagSet,
  mapping: RestMapping,
  withNamespace: boolean,
  withKind: boolean,
): TableOptions {
  const kind = mapping.kind.toLowerCase();
  return {
    wide: flags.string('output') === 'wide',
    noHeaders: flags.bool('no-headers'),
    showLabels: flags.bool('show-labels'),
    labelColumns: flags.list('label-columns'),
    withNamespace,
    kindPrefix:
      withKind || flags.bool('show-kind') ? (mapping.group === '' ? kind : `${kind}.${mapping.group}`) : '',
  };
}
