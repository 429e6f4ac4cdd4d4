import type { FlagSet } from '../../cobra/flags.ts';
import type { DryRun } from '../../genericclioptions/print-flags.ts';
import { propagationOf } from '../../util/cascade.ts';

/** How `kubectl apply` deletes, by --grace-period, --cascade and --dry-run. Models pkg/cmd/apply Patcher.delete and pruner.delete. */
export function deleteOptions(flags: FlagSet, dryRun: DryRun) {
  const grace = flags.number('grace-period');
  return {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    ...(grace >= 0 && { gracePeriodSeconds: grace }),
    propagationPolicy: propagationOf(flags.string('cascade')),
    ...(dryRun === 'server' && { dryRun: ['All'] }),
  };
}
