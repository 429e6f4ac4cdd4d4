import type { KubeObject } from '../../../apimachinery/object.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import type { ParsedArguments } from '../../cobra/flags.ts';
import { DRY_RUN_FLAG, SELECTOR_FLAG } from '../../genericclioptions/common-flags.ts';
import { dryRunOf } from '../../genericclioptions/print-flags.ts';
import type { Invocation } from '../../invocation.ts';
import { builderOptions, resolveTargets } from '../../resource/builder.ts';
import { Helper } from '../../resource/helper.ts';
import { objectsOf } from '../../resource/objects.ts';
import { throwAll, usageError } from '../../util/errors.ts';
import { MAPPINGS } from '../create/mappings.ts';

/** The nodes that the arguments name. Throws all errors after the last. */
export async function nodesOf(invocation: Invocation, parsed: ParsedArguments): Promise<KubeObject[]> {
  const { args, flags } = parsed;
  if (args.length === 0 && flags.string('selector') === '') {
    throw usageError(invocation.commandPath, `USAGE: ${invocation.command.name} NODE [flags]`);
  }
  const selector = flags.string('selector');
  if (args.length > 0 && selector !== '')
    throw usageError(invocation.commandPath, 'cannot specify both a node name and a --selector option');
  const { targets } =
    selector === ''
      ? await resolveTargets(invocation, args, { allowEmptySelector: false, defaultResource: 'nodes' })
      : await resolveTargets(invocation, ['nodes'], builderOptions(parsed, false));
  const nodes: KubeObject[] = [];
  const errors: Error[] = [];
  for (const target of targets) {
    try {
      for (const { object } of await objectsOf(invocation, target)) nodes.push(object);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      errors.push(error);
    }
  }
  throwAll(errors);
  return nodes;
}

/** Marks a node, unless it is marked so already; says which. Models RunCordonOrUncordon. */
export async function setUnschedulable(
  invocation: Invocation,
  node: KubeObject,
  unschedulable: boolean,
  dryRun: 'none' | 'client' | 'server',
): Promise<void> {
  const { name = '' } = node.metadata;
  const suffix = { none: '', client: ' (dry run)', server: ' (server dry run)' }[dryRun];
  const now = (node.spec as { unschedulable?: boolean }).unschedulable ?? false;
  const word = unschedulable ? 'cordoned' : 'uncordoned';
  if (now === unschedulable) {
    invocation.io.stdout(`node/${name} already ${word}${suffix}\n`);
    return;
  }
  if (dryRun !== 'client') {
    const patch = JSON.stringify({ spec: { unschedulable: unschedulable ? true : null } });
    const parameters = { dryRun: dryRun === 'server' ? 'All' : undefined };
    await new Helper(invocation.factory.client(), MAPPINGS.node).patch(
      '',
      name,
      'strategic',
      patch,
      parameters,
    );
  }
  invocation.io.stdout(`node/${name} ${word}${suffix}\n`);
}

function cordonVerb(name: string, short: string, unschedulable: boolean): CommandDefinition {
  return {
    name,
    use: 'NODE [options]',
    short,
    flags: [DRY_RUN_FLAG, SELECTOR_FLAG],
    async run(invocation, parsed) {
      const dryRun = dryRunOf(parsed.flags, invocation.factory.log);
      for (const node of await nodesOf(invocation, parsed)) {
        await setUnschedulable(invocation, node, unschedulable, dryRun);
      }
      return 0;
    },
  };
}

export const cordon = cordonVerb('cordon', 'Mark node as unschedulable', true);
export const uncordon = cordonVerb('uncordon', 'Mark node as schedulable', false);
