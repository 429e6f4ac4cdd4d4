import type { KubeObject } from '../../../apimachinery/object.ts';
import { resolveTargets } from '../../resource/builder.ts';
import { Helper } from '../../resource/helper.ts';
import type { Creator } from './create.ts';
import { MAPPINGS } from './mappings.ts';

function podSpec(name: string, image: string, command: readonly string[], restartPolicy: string) {
  return {
    containers: [{ name, image, ...(command.length > 0 && { command: [...command] }), resources: {} }],
    restartPolicy,
  };
}

export const job: Creator = {
  name: 'job',
  use: 'NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...] [options]',
  short: 'Create a job with the specified name',
  mapping: MAPPINGS.job,
  failure: 'failed to create job: ',
  flags: [
    { name: 'from', type: 'string' },
    { name: 'image', type: 'string' },
  ],
  async build(name, { args, flags }, invocation) {
    const [image, from] = [flags.string('image'), flags.string('from')];
    if ((image === '') === (from === '')) throw new Error('either --image or --from must be specified');
    if (from !== '' && args.length > 1) throw new Error('cannot specify --from and command');
    const object = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, status: {} };
    if (image !== '') {
      return {
        ...object,
        spec: { template: { metadata: {}, spec: podSpec(name, image, args.slice(1), 'Never') } },
      };
    }
    const { targets } = await resolveTargets(invocation, [from], { allowEmptySelector: false });
    const [target] = targets;
    if (target?.type !== 'name') throw new Error('from must be an existing cronjob');
    const { mapping, namespace, name: owner } = target;
    const cron = await new Helper(invocation.factory.client(), mapping).get(namespace, owner);
    if (mapping.resource !== 'cronjobs')
      throw new Error(`unknown object type *${mapping.version}.${mapping.kind}`);
    const { metadata, spec } = (cron.spec as { jobTemplate: KubeObject }).jobTemplate;
    return {
      ...object,
      metadata: {
        annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...metadata?.annotations },
        ...(metadata?.labels && { labels: metadata.labels }),
        name,
        ownerReferences: [
          { apiVersion: 'batch/v1', controller: true, kind: 'CronJob', name: owner, uid: cron.metadata.uid! },
        ],
      },
      spec: spec as object,
    };
  },
};

export const cronJob: Creator = {
  name: 'cronjob',
  aliases: ['cj'],
  use: "NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags] [options]",
  short: 'Create a cron job with the specified name',
  mapping: MAPPINGS.cronJob,
  failure: 'failed to create cronjob: ',
  flags: [
    { name: 'image', type: 'string', required: true },
    { name: 'restart', type: 'string' },
    { name: 'schedule', type: 'string', required: true },
  ],
  build: (name, { args, flags }) => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name },
    spec: {
      jobTemplate: {
        metadata: { name },
        spec: {
          template: {
            metadata: {},
            spec: podSpec(name, flags.string('image'), args.slice(1), flags.string('restart') || 'OnFailure'),
          },
        },
      },
      schedule: flags.string('schedule'),
    },
    status: {},
  }),
};
