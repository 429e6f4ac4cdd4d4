import type { KubeObject } from '../../apimachinery/object.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import type { FlagSet, ParsedArguments } from '../cobra/flags.ts';
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
  const words = resourcesAndPairs(parsed.args, verb.what);
  checkUsage(words, flags, verb);
  const local = flags.bool('local');
  const dryRun = dryRunOf(flags, factory.log);
  const print = await resultPrinter(invocation, dryRun);
  const errors: Error[] = [];
  const found = await resolveTargets(invocation, words.resources, builderOptions(parsed, false), []);
  for (const visit of visitsOf(found)) {
    if ('error' in visit) {
      errors.push(visit.error);
      continue;
    }
    const { target } = visit;
    try {
      for (const { mapping, object: present } of await objectsOf(invocation, target, { local })) {
        const object = recorded(present, invocation, parsed.args);
        const { after, patch, operation } = changeOf(object, words, verb, flags.bool('overwrite'));
        for (const key of verb.what === 'label' ? words.remove : [])
          if (object.metadata.labels?.[key] === undefined) io.stdout(`label "${key}" not found.\n`);
        if (flags.bool('list')) {
          const many = found.targets.length > 1 || target.type === 'selector';
          io.stdout(listing(object, verb, after, many));
        } else if (dryRun === 'client' || local) {
          print({ ...object, metadata: { ...object.metadata, [verb.field]: after } }, operation);
        } else {
          const { name = '', namespace = '' } = object.metadata;
          const version = flags.string('resource-version');
          const metadata = { [verb.field]: patch, ...(version !== '' && { resourceVersion: version }) };
          const text = goJson(Object.keys(patch).length === 0 ? {} : { metadata });
          const { dryRun: all, fieldManager } = writeParameters(flags, dryRun, verb.manager);
          const helper = new Helper(factory.client(), mapping);
          print(await helper.patch(namespace, name, 'merge', text, { dryRun: all, fieldManager }), operation);
        }
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      errors.push(error);
    }
  }
  throwAll(errors);
  return 0;
}

type Words = ReturnType<typeof resourcesAndPairs>;

/** Throws for words and flags that do not go together. Models LabelOptions.Validate and AnnotateOptions.Validate. */
function checkUsage({ resources, set, remove }: Words, flags: FlagSet, { what }: MetadataVerb): void {
  const hasFiles = flags.list('filename').length > 0;
  if (resources.length === 0 && !hasFiles)
    throw new Error('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  if (flags.bool('all') && flags.string('selector') !== '')
    throw new Error('cannot set --all and --selector at the same time');
  if (flags.bool('all') && flags.string('field-selector') !== '')
    throw new Error('cannot set --all and --field-selector at the same time');
  const many = resources.length > 2 || resources.filter((one) => one.includes('/')).length > 1;
  if (flags.string('resource-version') !== '' && (many || flags.bool('all')))
    throw new Error('--resource-version may only be used with a single resource');
  if (flags.bool('local') && !hasFiles) {
    throw new Error(
      'can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set',
    );
  }
  if (what === 'label') checkLabels(set);
  if (set.size === 0 && remove.length === 0 && !flags.bool('list'))
    throw new Error(`at least one ${what} update is required`);
}

/** What becomes of an object's labels or annotations, how a merge patch says so, and the word for it. */
function changeOf(
  { metadata }: KubeObject,
  { set, remove }: Words,
  verb: MetadataVerb,
  overwrite: boolean,
): { readonly after: Values; readonly patch: object; readonly operation: string } {
  const before: Values = metadata[verb.field] ?? {};
  const conflict = overwrite ? undefined : verb.conflict(set, before);
  if (conflict !== undefined) throw new Error(conflict);
  const after = Object.fromEntries(
    Object.entries({ ...before, ...Object.fromEntries(set) }).filter(([key]) => !remove.includes(key)),
  );
  const patch = Object.fromEntries([
    ...[...set].filter(([key, value]) => before[key] !== value),
    ...remove.filter((key) => key in before).map((key) => [key, null] as const),
  ]);
  return { after, patch, operation: verb.operation(before, after, overwrite) };
}

/** What --list prints; `many` objects have titles. */
function listing(
  { apiVersion = '', kind, metadata }: KubeObject,
  { field }: MetadataVerb,
  values: Values,
  many: boolean,
): string {
  const title = `Listing ${field} for ${kind}.${parseApiVersion(apiVersion).group}/${metadata.name}:\n`;
  const lines = Object.keys(values)
    .sort()
    .map((key) => `${many ? ' ' : ''}${key}=${values[key]}\n`);
  return [...(many ? [title] : []), ...lines].join('');
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
