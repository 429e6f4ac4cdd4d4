import { inFieldOrder } from '../../apimachinery/json/field-order.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { FlagSet } from '../cobra/flags.ts';
import type { Klog } from '../rest/klog.ts';
import type { Invocation } from '../invocation.ts';
import { OBJECT_FORMATS } from '../printers/formats.ts';
import { nameText } from '../printers/name-text.ts';
import { withoutNullTimes } from '../util/null-times.ts';
import { directiveOf } from '../validation/directive.ts';

export type DryRun = 'none' | 'client' | 'server';

/** Reads --dry-run; throws for a value that is none. Models pkg/cmd/util GetDryRunStrategy. */
export function dryRunOf(flags: FlagSet, log?: Klog): DryRun {
  const value = flags.string('dry-run');
  const warn = (line: number, text: string) => log?.warning(`helpers.go:${line}`, text);
  switch (value) {
    case 'none':
    case 'client':
    case 'server':
      return value;
    case 'unchanged':
      warn(719, '--dry-run is deprecated and can be replaced with --dry-run=client.');
      return 'client';
  }
  if (!/^(1|t|true|0|f|false)$/i.test(value))
    throw new Error(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
  const strategy = /^[1t]/i.test(value) ? 'client' : 'none';
  warn(
    733,
    `--dry-run=${value} is deprecated (boolean value) and can be replaced with --dry-run=${strategy}.`,
  );
  return strategy;
}

/** Query parameters that a write request carries. */
export function writeParameters(flags: FlagSet, dryRun: DryRun, manager: string) {
  return {
    dryRun: dryRun === 'server' ? 'All' : undefined,
    fieldManager: (flags.has('field-manager') && flags.string('field-manager')) || manager,
    fieldValidation: flags.has('validate') ? directiveOf(flags.string('validate')) : undefined,
  };
}

/**
 * Prints what a verb did: "pod/nginx created", with "(dry run)" if it did not, or the object itself
 * as -o asks for it, which wants more code; `typed` if upstream holds it in Go's structures, not as what the server
 * sent. Models genericclioptions PrintFlags.
 */
export async function resultPrinter(
  { flags, io, environment }: Pick<Invocation, 'flags' | 'io' | 'environment'>,
  dryRun: DryRun = 'none',
  typed = false,
): Promise<(object: KubeObject, operation: string) => void> {
  const output = flags.string('output') || (flags.string('template') === '' ? '' : 'go-template');
  const suffix = { none: '', client: ' (dry run)', server: ' (server dry run)' }[dryRun];
  if (output === '') return (object, operation) => io.stdout(`${nameText(object)} ${operation}${suffix}\n`);
  const { objectPrinter } = await environment.clock.outside(import('../printers/object-printer.ts'));
  const printer = objectPrinter({
    output,
    template: flags.string('template'),
    allowedFormats: OBJECT_FORMATS,
    allowMissingKeys: flags.bool('allow-missing-template-keys'),
    showManagedFields: flags.bool('show-managed-fields'),
    noHeaders: false,
    files: environment.machine.files,
    cwd: environment.cwd,
    typed,
  });
  if (!typed) return (object) => io.stdout(printer.print(object));
  // Only these show the order of fields.
  const inOrder = /^(json|kyaml)$/i.test(output);
  const ordered = inOrder
    ? (await environment.clock.outside(import('../util/typed-object.ts'))).typedObject
    : inFieldOrder;
  return (object) => io.stdout(printer.print(ordered(withoutNullTimes(object))));
}
