import type { KubeObject } from '../../apimachinery/object.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import {
  DRY_RUN_FLAG,
  fieldManagerFlag,
  PRINT_FLAGS,
  SELECTOR_FLAG,
} from '../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter, writeParameters } from '../genericclioptions/print-flags.ts';
import { builderOptions, resolveTargets } from '../resource/builder.ts';
import { Helper } from '../resource/helper.ts';
import { objectsOf } from '../resource/objects.ts';
import { isQualifiedName, isValidLabelValue } from '../../apimachinery/validation/names.ts';
import { throwAll, usageError } from '../util/errors.ts';

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Models pkg/cmd/taint. */
export const taint: CommandDefinition = {
  name: 'taint',
  use: 'NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N [options]',
  short: 'Update the taints on one or more nodes',
  flags: [
    ...PRINT_FLAGS,
    { name: 'all', type: 'bool', default: 'false' },
    DRY_RUN_FLAG,
    fieldManagerFlag('kubectl-taint'),
    { name: 'overwrite', type: 'bool', default: 'false' },
    SELECTOR_FLAG,
    { name: 'validate', type: 'string', default: 'strict', noOptionDefault: 'strict' },
  ],
  async run(invocation, parsed) {
    const { factory, commandPath } = invocation;
    const { args, flags } = parsed;
    const isTaint = (argument: string) =>
      argument.includes('=') || argument.includes(':') || argument.endsWith('-');
    const first = args.findIndex(isTaint);
    const resources = first < 0 ? args : args.slice(0, first);
    const texts = first < 0 ? [] : args.slice(first);
    if (resources.length === 0)
      throw new Error('one or more resources must be specified as <resource> <name>');
    if (texts.length === 0) throw new Error('at least one taint update is required');
    const { add, remove } = parsedTaints(texts, commandPath);
    const conflicting = remove.filter(({ key, effect }) =>
      add.some((taint) => taint.key === key && (effect === '' || taint.effect === effect)),
    );
    if (conflicting.length > 0) {
      throw new Error(
        `can not both modify and remove the following taint(s) in the same command: ${conflicting.map(({ key, effect }) => `${key}=${effect}`).join(', ')}`,
      );
    }
    const mapping = await factory.lookup((mapper) => mapper.resourceFor(resources[0]!, ''));
    if (mapping.resource !== 'nodes')
      throw new Error(`invalid resource type ${resources[0]}, only node types are supported`);
    const dryRun = dryRunOf(flags, factory.log);
    const errors: Error[] = [];
    const all = flags.bool('all');
    const types = all ? resources.slice(0, 1) : resources;
    const { targets } = await resolveTargets(invocation, types, builderOptions(parsed, false), errors);
    for (const target of targets) {
      try {
        for (const { object } of await objectsOf(invocation, target))
          await change(object).catch((error: unknown) => {
            if (!(error instanceof Error)) throw error;
            errors.push(error);
          });
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        errors.push(error);
      }
    }
    throwAll(errors);
    return 0;

    async function change(node: KubeObject): Promise<void> {
      const name = node.metadata.name!;
      const old = (node.spec as { taints?: Taint[] }).taints ?? [];
      const same = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect;
      const present = add.filter((added) => old.some((taint) => same(taint, added)));
      if (present.length > 0 && !flags.bool('overwrite')) {
        throw new Error(
          `node ${name} already has ${present.map(({ key }) => key).join(',')} taint(s) with same effect(s) and --overwrite is false`,
        );
      }
      for (const { key, effect } of remove) {
        if (!old.some((taint) => taint.key === key && (effect === '' || taint.effect === effect))) {
          throw new Error(effect === '' ? `taint "${key}" not found` : `taint "${key}:${effect}" not found`);
        }
      }
      const kept = old.filter(
        (taint) =>
          !add.some((added) => same(taint, added)) &&
          !remove.some(({ key, effect }) => taint.key === key && (effect === '' || taint.effect === effect)),
      );
      const operation =
        remove.length > 0
          ? add.length > 0
            ? 'modified'
            : 'untainted'
          : flags.bool('overwrite')
            ? 'modified'
            : 'tainted';
      const taints = [...add, ...kept];
      // It is not said that nothing was changed.
      const print = await resultPrinter(invocation, 'none', true);
      if (dryRun === 'client')
        return print({ ...node, spec: { ...(node.spec as object), taints } }, operation);
      const patch = JSON.stringify({ spec: { taints: taints.length > 0 ? taints : null } });
      const { dryRun: all, fieldManager } = writeParameters(flags, dryRun, 'kubectl-taint');
      print(
        await new Helper(factory.client(), mapping).patch('', name, 'merge', patch, {
          dryRun: all,
          fieldManager,
        }),
        operation,
      );
    }
  },
};

/** Reads "key=value:Effect", "key:Effect", "key:Effect-" and "key-". Models pkg/cmd/taint parseTaints. */
function parsedTaints(texts: readonly string[], commandPath: string): ReturnType<typeof parseTaints> {
  try {
    return parseTaints(texts);
  } catch (error) {
    throw usageError(commandPath, (error as Error).message);
  }
}

function parseTaints(texts: readonly string[]): { add: Taint[]; remove: { key: string; effect: string }[] } {
  const add: Taint[] = [];
  const remove: { key: string; effect: string }[] = [];
  for (const text of texts) {
    if (text.endsWith('-')) {
      const { key, effect } = parseTaint(text.slice(0, -1));
      remove.push({ key, effect });
      continue;
    }
    const taint = parseTaint(text);
    // An effect may be left out only where a taint is removed.
    if (taint.effect === '') throw new Error(`invalid taint spec: ${text}`);
    if (add.some(({ key, effect }) => key === taint.key && effect === taint.effect)) {
      throw new Error(
        `duplicated taints with the same key and effect: {${taint.key} ${taint.value ?? ''} ${taint.effect} <nil>}`,
      );
    }
    add.push(taint);
  }
  return { add, remove };
}

/** "key=value:Effect", "key:Effect" or "key". Models pkg/cmd/taint parseTaint. */
function parseTaint(text: string): Taint {
  const complain = (why: readonly string[]) => {
    if (why.length > 0) throw new Error(`invalid taint spec: ${text}, ${why.join('; ')}`);
  };
  const [head = '', effect, ...more] = text.split(':');
  if (more.length > 0) throw new Error(`invalid taint spec: ${text}`);
  if (effect === undefined) {
    complain(isQualifiedName(head));
    return { effect: '', key: head };
  }
  if (!EFFECTS.includes(effect)) throw new Error(`invalid taint effect: ${effect}, unsupported taint effect`);
  const [key = '', value = '', ...rest] = head.split('=');
  if (rest.length > 0) throw new Error(`invalid taint spec: ${text}`);
  complain(isValidLabelValue(value));
  complain(isQualifiedName(key));
  return { effect, key, ...(value !== '' && { value }) };
}
