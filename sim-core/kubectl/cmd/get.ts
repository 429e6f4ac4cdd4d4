import type { HttpResponse } from '../../apimachinery/http.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { StatusError } from '../../apimachinery/status.ts';
import { errorOfResponse } from '../../client-go/rest/response-error.ts';
import { watchOf } from '../../client-go/rest/watch.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import type { FlagSet, ParsedArguments } from '../cobra/flags.ts';
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
import { OBJECT_FORMATS, objectPrinter, type PrinterOptions } from '../printers/object-printer.ts';
import { isTable, TablePrinter, type Table, type TableOptions } from '../printers/table-printer.ts';
import { builderOptions, fetchTarget, type Info, resolveTargets, type Target } from '../resource/builder.ts';
import { objectPath } from '../resource/helper.ts';
import type { RestMapping } from '../resource/rest-mapper.ts';
import { throwAll, usageError } from '../util/errors.ts';
import { objectTable } from '../printers/object-table.ts';
import { sortObjects, sortTable } from './get/sorter.ts';

const TABLE_ACCEPT =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

const FORMATS = [...OBJECT_FORMATS, 'custom-columns', 'custom-columns-file', 'wide'];

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
    if (flags.string('raw') !== '') return getRaw(invocation, parsed);
    const watching = flags.bool('watch') || flags.bool('watch-only');
    checkFlags(invocation, parsed, watching);
    if (watching) return watch(invocation, parsed);
    const output = flags.string('output');
    const human = (output === '' && flags.string('template') === '') || output === 'wide';
    return human ? getTables(invocation, parsed) : getObjects(invocation, parsed);
  },
};

async function getRaw({ factory, io }: Invocation, { args, flags }: ParsedArguments): Promise<number> {
  if (args.length > 0) throw new Error('arguments may not be passed when --raw is specified');
  if (flags.bool('watch') || flags.bool('watch-only') || flags.string('selector') !== '') {
    throw new Error(
      '--raw may not be specified with other flags that filter the server request or alter the output',
    );
  }
  if (flags.string('output') !== '') throw new Error('--raw and --output are mutually exclusive');
  const path = flags.string('raw');
  if (!path.startsWith('/')) {
    throw new Error(`--raw must be a valid URL path: parse ${JSON.stringify(path)}: invalid URI for request`);
  }
  const response = await factory.client().raw({ method: 'GET', path });
  if (response.status >= 400) throw errorOfResponse(response);
  await copyBody(response, (text) => io.stdout(text));
  return 0;
}

async function copyBody(response: HttpResponse, write: (text: string) => void): Promise<void> {
  if (typeof response.body === 'string') write(response.body);
  else for await (const piece of response.body) write(piece);
}

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
  if (!watching && args.length === 0 && flags.list('filename').length === 0) {
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

function printerOptions({ environment }: Invocation, flags: FlagSet): PrinterOptions {
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

interface Fetched {
  readonly infos: Info[];
  readonly errors: Error[];
}

/** Gets all targets; goes on after an error, as ContinueOnError does. */
async function fetchAll(
  invocation: Invocation,
  targets: readonly Target[],
  flags: FlagSet,
  accept?: string,
): Promise<Fetched> {
  const infos: Info[] = [];
  const errors: Error[] = [];
  const sorting = flags.string('sort-by') !== '';
  for (const target of targets) {
    try {
      infos.push(
        ...(await fetchTarget(invocation, target, {
          ...(accept !== undefined && { accept }),
          includeObject: sorting && accept !== undefined,
          chunkSize: sorting ? 0 : flags.number('chunk-size'),
          subresource: flags.string('subresource'),
        })),
      );
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const ignored =
        flags.bool('ignore-not-found') && error instanceof StatusError && error.reason === 'NotFound';
      if (!ignored) errors.push(error);
    }
  }
  return { infos, errors };
}

async function getTables(invocation: Invocation, parsed: ParsedArguments): Promise<number> {
  const { io, factory, environment } = invocation;
  const { args, flags } = parsed;
  const { targets } = await resolveTargets(invocation, args, builderOptions(parsed, true));
  const { infos, errors } = await fetchAll(invocation, targets, flags, TABLE_ACCEPT);
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
    if (printer === undefined || last !== mapping) {
      flush();
      if (last !== undefined && !flags.bool('no-headers') && written) separate = true;
      printer = new TablePrinter(tableOptions(flags, mapping, allNamespaces && mapping.namespaced, withKind));
      last = mapping;
    }
    const table = isTable(object) ? object : objectTable(object, environment.clock.now());
    printer.print(flags.string('sort-by') === '' ? table : sortTable(table, flags.string('sort-by')));
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

function tableOptions(
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

async function getObjects(invocation: Invocation, parsed: ParsedArguments): Promise<number> {
  const { io } = invocation;
  const { args, flags } = parsed;
  const { targets, singleItem } = await resolveTargets(invocation, args, builderOptions(parsed, true));
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
function flatten(object: KubeObject): KubeObject[] {
  const kind = object.kind ?? '';
  if (!kind.endsWith('List') || !Array.isArray(object.items)) return [object];
  return (object.items as KubeObject[]).map((item) => ({
    apiVersion: object.apiVersion,
    kind: kind.slice(0, -'List'.length),
    ...item,
  }));
}

async function watch(invocation: Invocation, parsed: ParsedArguments): Promise<number> {
  const { io, factory, environment } = invocation;
  const { args, flags } = parsed;
  const { targets } = await resolveTargets(invocation, args, {
    ...builderOptions(parsed, true),
    singleResourceType: true,
  });
  if (targets.length !== 1)
    throw new Error('watch is only supported on individual resources and resource collections');
  const target = targets[0]!;
  const output = flags.string('output');
  const human = (output === '' && flags.string('template') === '') || output === 'wide';
  const accept = human ? TABLE_ACCEPT : undefined;
  const infos = await fetchTarget(invocation, target, {
    ...(accept !== undefined && { accept }),
    chunkSize: flags.number('chunk-size'),
  }).catch((error: unknown) => {
    const ignored =
      flags.bool('ignore-not-found') && error instanceof StatusError && error.reason === 'NotFound';
    if (ignored) return [];
    throw error;
  });
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
  for await (const { type, object } of watchOf<KubeObject | Table>(
    response.body,
    JSON.parse,
    environment.context,
  )) {
    if (type === 'BOOKMARK') continue;
    if (!skip) show(object, type);
    skip = false;
  }
  return environment.context.cancelled ? 130 : 0;
}
