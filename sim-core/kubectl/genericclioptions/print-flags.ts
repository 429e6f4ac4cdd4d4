import type { KubeObject } from '../../apimachinery/object.ts';
import type { FlagSet } from '../cobra/flags.ts';
import type { Invocation } from '../invocation.ts';
import { nameText, OBJECT_FORMATS, objectPrinter, type ObjectPrinter } from '../printers/object-printer.ts';

export type DryRun = 'none' | 'client' | 'server';

/** Reads --dry-run; throws for a value that is none. Models pkg/cmd/util GetDryRunStrategy. */
export function dryRunOf(flags: FlagSet): DryRun {
  const value = flags.string('dry-run');
  switch (value) {
    case 'none':
    case 'client':
    case 'server':
      return value;
    case 'unchanged':
      throw new Error(
        '--dry-run flag without a value was specified. A value must be set: "none", "server", or "client".',
      );
    case '':
      return 'none';
    default:
      throw new Error(
        /^(true|false|1|0|t|f)$/i.test(value)
          ? `Invalid dry-run value (${value}). Must be "none", "server", or "client".`
          : `Invalid dry-run value (${value}). Must be "none", "server", or "client".`,
      );
  }
}

/** Query parameters that a write request carries. */
export function writeParameters(flags: FlagSet, dryRun: DryRun, manager: string) {
  return {
    dryRun: dryRun === 'server' ? 'All' : undefined,
    fieldManager: (flags.has('field-manager') && flags.string('field-manager')) || manager,
    fieldValidation: flags.has('validate') ? fieldValidation(flags.string('validate')) : undefined,
  };
}

/** Models pkg/cmd/util GetValidationDirective. */
function fieldValidation(value: string): string {
  switch (value) {
    case 'strict':
    case 'true':
      return 'Strict';
    case 'warn':
      return 'Warn';
    case 'ignore':
    case 'false':
      return 'Ignore';
    default:
      throw new Error(
        `invalid - validate option ${JSON.stringify(value)}; must be one of: strict (or true), warn, ignore (or false)`,
      );
  }
}

/**
 * Prints what a verb did: "pod/nginx created", with "(dry run)" if it did not, or the object itself
 * as -o asks for it. Models genericclioptions PrintFlags.
 */
export function resultPrinter(
  { flags, io, environment }: Pick<Invocation, 'flags' | 'io' | 'environment'>,
  dryRun: DryRun = 'none',
): (object: KubeObject, operation: string) => void {
  const output = flags.string('output') || (flags.string('template') === '' ? '' : 'go-template');
  const suffix = { none: '', client: ' (dry run)', server: ' (server dry run)' }[dryRun];
  if (output === '') return (object, operation) => io.stdout(`${nameText(object)} ${operation}${suffix}\n`);
  const printer: ObjectPrinter = objectPrinter({
    output,
    template: flags.string('template'),
    allowedFormats: OBJECT_FORMATS,
    allowMissingKeys: flags.bool('allow-missing-template-keys'),
    showManagedFields: flags.bool('show-managed-fields'),
    noHeaders: false,
    files: environment.machine.files,
    cwd: environment.cwd,
  });
  return (object) => io.stdout(printer.print(object));
}
