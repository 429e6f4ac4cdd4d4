import type { KubeObject } from '../../apimachinery/object.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import type { ParsedArguments } from '../cobra/flags.ts';
import {
  ALL_NAMESPACES_FLAG,
  DRY_RUN_FLAG,
  FIELD_SELECTOR_FLAG,
  fieldManagerFlag,
  FILENAME_FLAGS,
  PRINT_FLAGS,
  RECORD_FLAG,
  SELECTOR_FLAG,
} from '../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter, writeParameters } from '../genericclioptions/print-flags.ts';
import type { Invocation } from '../invocation.ts';
import { parseApiVersion } from '../../apimachinery/object.ts';
import { isValidLabelValue } from '../../apimachinery/validation/names.ts';
import { builderOptions, resolveTargets, visitsOf } from '../resource/builder.ts';
import { objectsOf } from '../resource/objects.ts';
import { recorded } from '../util/record.ts';
import { Helper } from '../resource/helper.ts';
import { throwAll } from '../util/errors.ts';
import { goJson } from '../../apimachinery/json/go-json.ts';
import { resourcesAndPairs } from '../util/pairs.ts';

type Values = Readonly<Record<string, string>>;

interface MetadataVerb {
  readonly what: 'label' | 'annotation';
  readonly field: 'labels' | 'annotations';
  readonly manager: string;
  /** What is wrong with setting keys that have another value. */
  conflict(set: ReadonlyMap<string, string>, old: Values): string | undefined;
  operation(old: Values, changed: Values, overwrite: boolean): string;
}

const FLAGS = [
  ...PRINT_FLAGS,
  ...FILENAME_FLAGS,
  { name: 'all', type: 'bool', default: 'false' },
  ALL_NAMESPACES_FLAG,
  DRY_RUN_FLAG,
  FIELD_SELECTOR_FLAG,
  { name: 'list', type: 'bool', default: 'false' },
  { name: 'local', type: 'bool', default: 'false' },
  { name: 'overwrite', type: 'bool', default: 'false' },
  { name: 'resource-version', type: 'string' },
  RECORD_FLAG,
  SELECTOR_FLAG,
] as const;

/** Models pkg/cmd/label. */
export const label: CommandDefinition = {
  name: 'label',
  use: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version] [options]',
  short: 'Update the labels on a resource',
  flags: [...FLAGS, fieldManagerFlag('kubectl-label')],
  run: (invocation, parsed) =>
    changeMetadata(invocation, parsed, {
      what: 'label',
      field: 'labels',
      manager: 'kubectl-label',
      conflict: (set, old) => {
        const key = [...set].find(([name, value]) => old[name] !== undefined && old[name] !== value)?.[0];
        return key === undefined
          ? undefined
          : `'${key}' already has a value (${old[key]}), and --overwrite is false`;
      },
      operation: (old, changed, overwrite) => {
        if (goJson(old) === goJson(changed)) return 'not labeled';
        return !overwrite && Object.keys(changed).length < Object.keys(old).length ? 'unlabeled' : 'labeled';
      },
    }),
};

/** Models pkg/cmd/annotate. */
export const annotate: CommandDefinition = {
  name: 'annotate',
  use: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version] [options]',
  short: 'Update the annotations on a resource',
  flags: [...FLAGS, fieldManagerFlag('kubectl-annotate')],
  run: (invocation, parsed) =>
    changeMetadata(invocation, parsed, {
      what: 'annotation',
      field: 'annotations',
      manager: 'kubectl-annotate',
      conflict: (set, old) => {
        const keys = [...set]
          .filter(([name, value]) => old[name] !== undefined && old[name] !== value)
          .map(([name]) => name);
        if (keys.length === 0) return undefined;
        const list = keys.sort().map((key) => `'${key}' already has a value (${old[key]})`);
        return `--overwrite is false but found the following declared annotation(s): ${list.join('; ')}`;
      },
      operation: () => 'annotated',
    }),
};

async function changeMetadata(
  invocation: Invocation,
  parsed: ParsedArguments,
  verb: MetadataVerb,
): Promise<number> {
  const { io, factory } = invocation;
  const { flags } = parsed;
  const { resources, set, remove } = resourcesAndPairs(parsed.args, verb.what);
  if (resources.length === 0 && flags.list('filename').length === 0) {
    throw new Error('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  }
  const listing = flags.bool('list');
  const named = resources.length - 1 > 1 || resources.filter((one) => one.includes('/')).length > 1;
  if (flags.bool('all') && flags.string('selector') !== '')
    throw new Error('cannot set --all and --selector at the same time');
  if (flags.bool('all') && flags.string('field-selector') !== '')
    throw new Error('cannot set --all and --field-selector at the same time');
  if (flags.string('resource-version') !== '' && (named || flags.bool('all')))
    throw new Error('--resource-version may only be used with a single resource');
  if (flags.bool('local') && flags.list('filename').length === 0) {
    throw new Error(
      'can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set',
    );
  }
  if (verb.what === 'label') checkLabels(set);
  if (set.size === 0 && remove.length === 0 && !listing) {
    throw new Error(`at least one ${verb.what} update is required`);
  }
  const dryRun = dryRunOf(flags, factory.log);
  const print = await resultPrinter(invocation, dryRun);
  const errors: Error[] = [];
  const found = await resolveTargets(invocation, resources, builderOptions(parsed, false), []);
  const { targets } = found;
  for (const visit of visitsOf(found)) {
    if ('error' in visit) {
      errors.push(visit.error);
      continue;
    }
    const { target } = visit;
    try {
      const objects = await objectsOf(invocation, target, { local: flags.bool('local') });
      const many = targets.length > 1 || target.type === 'selector';
      for (const { mapping, object } of objects)
        await changeOne(recorded(object, invocation, parsed.args), mapping, many);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      errors.push(error);
    }
  }
  throwAll(errors);
  return 0;

  async function changeOne(
    object: KubeObject,
    mapping: (typeof targets)[number]['mapping'],
    many: boolean,
  ): Promise<void> {
    const old: Values = object.metadata[verb.field] ?? {};
    const { name = '', namespace = '' } = object.metadata;
    if (!flags.bool('overwrite')) {
      const conflict = verb.conflict(set, old);
      if (conflict !== undefined) throw new Error(conflict);
    }
    for (const key of remove) {
      if (verb.what === 'label' && old[key] === undefined) io.stdout(`label "${key}" not found.\n`);
    }
    const changed = Object.fromEntries(
      Object.entries({ ...old, ...Object.fromEntries(set) }).filter(([key]) => !remove.includes(key)),
    );
    const operation = verb.operation(old, changed, flags.bool('overwrite'));
    if (listing) {
      const { group } = parseApiVersion(object.apiVersion ?? '');
      if (many) io.stdout(`Listing ${verb.field} for ${object.kind}.${group}/${object.metadata.name}:\n`);
      for (const key of Object.keys(changed).sort()) io.stdout(`${many ? ' ' : ''}${key}=${changed[key]}\n`);
      return;
    }
    if (dryRun === 'client' || flags.bool('local')) {
      print({ ...object, metadata: { ...object.metadata, [verb.field]: changed } }, operation);
      return;
    }
    const values = Object.fromEntries([
      ...[...set].filter(([key, value]) => old[key] !== value),
      ...remove.filter((key) => key in old).map((key) => [key, null] as const),
    ]);
    const version = flags.string('resource-version');
    const patch = { metadata: { [verb.field]: values, ...(version !== '' && { resourceVersion: version }) } };
    const unchanged = Object.keys(values).length === 0;
    const parameters = {
      dryRun: dryRun === 'server' ? 'All' : undefined,
      fieldManager: writeParameters(flags, dryRun, verb.manager).fieldManager,
    };
    const result = await new Helper(factory.client(), mapping).patch(
      namespace,
      name,
      'merge',
      goJson(unchanged ? {} : patch),
      parameters,
    );
    print(result, operation);
  }
}

/** Models pkg/cmd/label parseLabels. */
function checkLabels(set: ReadonlyMap<string, string>): void {
  for (const [key, value] of set) {
    if (value.includes('=')) throw new Error(`invalid label spec: ${key}=${value}`);
    const wrong = isValidLabelValue(value);
    if (wrong.length > 0)
      throw new Error(`invalid label value: ${JSON.stringify(`${key}=${value}`)}: ${wrong.join(';')}`);
  }
}
