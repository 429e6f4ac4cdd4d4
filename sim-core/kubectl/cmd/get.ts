import type { CommandDefinition } from '../cobra/command.ts';
import type { ParsedArguments } from '../cobra/flags.ts';
import {
  ALL_NAMESPACES_FLAG,
  CHUNK_SIZE_FLAG,
  FIELD_SELECTOR_FLAG,
  FILENAME_FLAGS,
  PRINT_FLAGS,
  SELECTOR_FLAG,
  SUBRESOURCE_FLAG,
} from '../genericclioptions/common-flags.ts';
import type { Invocation } from '../invocation.ts';
import { isTable, TablePrinter } from '../printers/table-printer.ts';
import { builderOptions, resolveTargets } from '../resource/builder.ts';
import type { RestMapping } from '../resource/rest-mapper.ts';
import { throwAll, usageError } from '../util/errors.ts';
import { fetchAll, TABLE_ACCEPT } from './get/fetch.ts';
import { tableOptions } from './get/table-options.ts';

/** The formats in the order in which usage lines show them. */
const SHOWN_FORMATS =
  'json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide';

/** Models pkg/cmd/get. */
export const get: CommandDefinition = {
  name: 'get',
  use: `[(-o|--output=)${SHOWN_FORMATS}] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags] [options]`,
  short: 'Display one or many resources',
  suggestFor: ['list', 'ls'],
  flags: [
    ...PRINT_FLAGS,
    ...FILENAME_FLAGS,
    ALL_NAMESPACES_FLAG,
    CHUNK_SIZE_FLAG,
    FIELD_SELECTOR_FLAG,
    { name: 'ignore-not-found', type: 'bool', default: 'false' },
    { name: 'label-columns', shorthand: 'L', type: 'stringSlice' },
    { name: 'no-headers', type: 'bool', default: 'false' },
    { name: 'output-watch-events', type: 'bool', default: 'false' },
    { name: 'raw', type: 'string' },
    SELECTOR_FLAG,
    { name: 'server-print', type: 'bool', default: 'true' },
    { name: 'show-kind', type: 'bool', default: 'false' },
    { name: 'show-labels', type: 'bool', default: 'false' },
    { name: 'sort-by', type: 'string' },
    SUBRESOURCE_FLAG,
    { name: 'watch', shorthand: 'w', type: 'bool', default: 'false' },
    { name: 'watch-only', type: 'bool', default: 'false' },
  ],
  async run(invocation, parsed) {
    const { flags } = parsed;
    const { clock } = invocation.environment;
    // What a plain table does not need is fetched when it is asked for.
    if (flags.string('raw') !== '')
      return (await clock.outside(import('./get/raw.ts'))).getRaw(invocation, parsed);
    const watching = flags.bool('watch') || flags.bool('watch-only');
    checkFlags(invocation, parsed, watching);
    if (watching) return (await clock.outside(import('./get/watch.ts'))).watch(invocation, parsed);
    const output = flags.string('output');
    const human = (output === '' && flags.string('template') === '') || output === 'wide';
    if (human) return getTables(invocation, parsed);
    return (await clock.outside(import('./get/objects.ts'))).getObjects(invocation, parsed);
  },
};

function checkFlags(
  { io, commandPath }: Invocation,
  { args, flags }: ParsedArguments,
  watching: boolean,
): void {
  const output = flags.string('output');
  if (watching && flags.string('sort-by') !== '') {
    io.stderr(
      flags.bool('watch')
        ? 'warning: --watch requested, --sort-by will be ignored for watch events received\n'
        : 'warning: --watch-only requested, --sort-by will be ignored\n',
    );
  }
  if (
    !watching &&
    args.length === 0 &&
    flags.list('filename').length === 0 &&
    flags.string('kustomize') === ''
  ) {
    io.stderr(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n',
    );
    throw usageError(
      commandPath,
      'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
    );
  }
  if (flags.bool('show-labels') && output !== '' && output !== 'wide') {
    throw new Error(`--show-labels option cannot be used with ${output} printer`);
  }
  if (flags.list('label-columns').length > 0 && output.startsWith('custom-columns')) {
    throw new Error(`--label-columns option cannot be used with ${output} printer`);
  }
  if (flags.bool('output-watch-events') && !watching) {
    throw new Error('--output-watch-events option can only be used with --watch or --watch-only');
  }
}

async function getTables(invocation: Invocation, parsed: ParsedArguments): Promise<number> {
  const { io, factory } = invocation;
  const { clock } = invocation.environment;
  const { args, flags } = parsed;
  const targets = await resolveTargets(invocation, args, builderOptions(parsed, true), []);
  const { infos, errors } = await fetchAll(
    invocation,
    targets,
    flags,
    flags.bool('server-print') ? TABLE_ACCEPT : undefined,
  );
  const sortTable =
    flags.string('sort-by') === '' ? undefined : (await clock.outside(import('./get/sorter.ts'))).sortTable;
  const allNamespaces = flags.bool('all-namespaces');
  const withKind = new Set(infos.map(({ mapping }) => `${mapping.group}/${mapping.kind}`)).size > 1;
  let written = false;
  let separate = false;
  let printer: TablePrinter | undefined;
  let last: RestMapping | undefined;
  let namespaced = !allNamespaces;
  const flush = (): void => {
    const text = printer?.flush() ?? '';
    if (text === '') return;
    io.stdout((separate ? '\n' : '') + text);
    separate = false;
    written = true;
  };
  for (const { mapping, object } of infos) {
    namespaced = namespaced && mapping.namespaced;
    if (printer === undefined || last?.resource !== mapping.resource || last.group !== mapping.group) {
      flush();
      if (last !== undefined && !flags.bool('no-headers') && written) separate = true;
      printer = new TablePrinter(tableOptions(flags, mapping, allNamespaces && mapping.namespaced, withKind));
      last = mapping;
    }
    const table = isTable(object)
      ? object
      : (await clock.outside(import('../printers/object-table.ts'))).objectTable(object, clock.now());
    const sorted = sortTable === undefined ? table : sortTable(table, flags.string('sort-by'));
    if (sorted !== undefined) printer.print(sorted);
  }
  flush();
  if (!written && !flags.bool('ignore-not-found') && errors.length === 0) {
    io.stderr(
      namespaced
        ? `No resources found in ${factory.namespace().namespace} namespace.\n`
        : 'No resources found\n',
    );
  }
  throwAll(errors);
  return 0;
}
