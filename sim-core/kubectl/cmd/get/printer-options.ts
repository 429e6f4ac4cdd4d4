import type { FlagSet } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';
import { OBJECT_FORMATS } from '../../printers/formats.ts';
import type { PrinterOptions } from '../../printers/object-printer.ts';

const FORMATS = [...OBJECT_FORMATS, 'custom-columns', 'custom-columns-file', 'wide'];

/** How the flags of `get` ask for objects to be printed. */
export function printerOptions({ environment }: Invocation, flags: FlagSet): PrinterOptions {
  return {
    output: flags.string('output') || (flags.string('template') === '' ? '' : 'go-template'),
    template: flags.string('template'),
    allowedFormats: FORMATS,
    allowMissingKeys: flags.bool('allow-missing-template-keys'),
    showManagedFields: flags.bool('show-managed-fields'),
    noHeaders: flags.bool('no-headers'),
    files: environment.machine.files,
    cwd: environment.cwd,
  };
}
