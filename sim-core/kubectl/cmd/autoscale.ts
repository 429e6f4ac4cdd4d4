import type { KubeObject } from '../../apimachinery/object.ts';
import { StatusError } from '../../apimachinery/status.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import type { FlagSet } from '../cobra/flags.ts';
import {
  DRY_RUN_FLAG,
  fieldManagerFlag,
  FILENAME_FLAGS,
  PRINT_FLAGS,
  SAVE_CONFIG_FLAG,
  RECORD_FLAG,
} from '../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter, writeParameters } from '../genericclioptions/print-flags.ts';
import { builderOptions, resolveTargets, type Target } from '../resource/builder.ts';
import { throwAll, together } from '../util/errors.ts';
import { Helper } from '../resource/helper.ts';
import { objectsOf } from '../resource/objects.ts';
import { apiVersionText, type RestMapping } from '../resource/rest-mapper.ts';
import { withLastApplied } from './apply/last-applied.ts';

const SCALABLE = ['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet'];
const AUTOSCALER: RestMapping = {
  group: 'autoscaling',
  version: 'v2',
  resource: 'horizontalpodautoscalers',
  kind: 'HorizontalPodAutoscaler',
  namespaced: true,
};

/** Models pkg/cmd/autoscale. */
export const autoscale: CommandDefinition = {
  name: 'autoscale',
  use: '(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY] [options]',
  short: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
  flags: [
    RECORD_FLAG,
    ...PRINT_FLAGS,
    ...FILENAME_FLAGS,
    { name: 'cpu', type: 'string' },
    {
      name: 'cpu-percent',
      type: 'int',
      default: '-1',
      deprecated:
        "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).",
    },
    DRY_RUN_FLAG,
    fieldManagerFlag('kubectl-autoscale'),
    { name: 'max', type: 'int', default: '-1', required: true },
    { name: 'memory', type: 'string' },
    { name: 'min', type: 'int', default: '-1' },
    { name: 'name', type: 'string' },
    SAVE_CONFIG_FLAG,
  ],
  async run(invocation, parsed) {
    const { args, flags } = parsed;
    const dryRun = dryRunOf(flags, invocation.factory.log);
    const [min, max] = [flags.number('min'), flags.number('max')];
    if (max < 1) throw new Error(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
    if (max < min)
      throw new Error(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
    if (flags.number('cpu-percent') > 0 && flags.string('cpu') !== '')
      throw new Error('--cpu-percent and --cpu are mutually exclusive');
    const metrics = metricsOf(flags);
    const { namespace, explicit } = invocation.factory.namespace();
    const print = await resultPrinter(invocation, dryRun, true);
    const errors: Error[] = [];
    const unread: Error[] = [];
    const { targets } = await resolveTargets(invocation, args, builderOptions(parsed, false), unread);
    const scale = async (target: Target): Promise<void> => {
      for (const { mapping, object } of await objectsOf(invocation, target)) {
        if (!SCALABLE.includes(mapping.kind)) {
          throw new Error(
            `cannot autoscale a ${mapping.kind}: could not find scale subresource for ${mapping.group}/${mapping.version}, Resource=${mapping.resource} in discovery information`,
          );
        }
        const name = object.metadata.name!;
        const built: KubeObject = {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: flags.string('name') || name, ...(explicit && { namespace }) },
          spec: {
            maxReplicas: max,
            ...(metrics.length > 0 && { metrics }),
            ...(min > 0 && { minReplicas: min }),
            scaleTargetRef: { apiVersion: apiVersionText(mapping), kind: mapping.kind, name },
          },
          status: { currentMetrics: null, desiredReplicas: 0 },
        };
        if (dryRun === 'client') {
          print(built, 'created');
          continue;
        }
        const { fieldManager, dryRun: all } = writeParameters(flags, dryRun, 'kubectl-autoscale');
        const helper = new Helper(invocation.factory.client(), AUTOSCALER);
        const sent = flags.bool('save-config') ? withLastApplied(built) : built;
        try {
          print(await helper.create(namespace, sent, { fieldManager, dryRun: all }), 'autoscaled');
        } catch (error) {
          // The older version is tried then, which cannot say it without a share of the CPU.
          if (!(error instanceof StatusError) || metrics.length > 0) throw error;
          throw new Error(
            'failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: empty input',
          );
        }
      }
    };
    for (const target of targets) await scale(target).catch((error: Error) => errors.push(error));
    throwAll([...errors, ...together(unread)]);
    return 0;
  },
};

function metricsOf(flags: FlagSet): object[] {
  const metrics: object[] = [];
  const add = (name: string, target: object) =>
    metrics.push({ type: 'Resource', resource: { name, target } });
  const percent = flags.number('cpu-percent');
  if (percent > 0) add('cpu', { averageUtilization: percent, type: 'Utilization' });
  for (const [name, unit] of [
    ['cpu', 'm'],
    ['memory', 'Mi'],
  ] as const) {
    const text = flags.string(name);
    if (text !== '') add(name, targetOf(text, name, unit));
  }
  return metrics;
}

/** "70%" is a share of the request, "500m" an amount. Models parseResourceInput. */
function targetOf(text: string, name: string, unit: string): object {
  if (text.endsWith('%')) {
    const share = text.slice(0, -1);
    if (!/^\+?\d+$/.test(share)) throw new Error(`invalid percentage value: ${share}`);
    return { averageUtilization: Number(share), type: 'Utilization' };
  }
  if (!/^\d+(\.\d+)?([numkMGTPE]|[KMGTPE]i)?$/.test(text))
    throw new Error(`invalid resource ${name} value: ${text}`);
  return { averageValue: /^\d+$/.test(text) ? text + unit : text, type: 'AverageValue' };
}
