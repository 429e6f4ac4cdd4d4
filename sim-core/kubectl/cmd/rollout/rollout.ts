import { deepCopy, deepEqual, semanticEqual } from '../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/object.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import type { Flag, ParsedArguments } from '../../cobra/flags.ts';
import { describePodTemplate } from '../../describe/pod-template.ts';
import { DescribeWriter } from '../../describe/writer.ts';
import {
  DRY_RUN_FLAG,
  fieldManagerFlag,
  FILENAME_FLAGS,
  PRINT_FLAGS,
  SELECTOR_FLAG,
} from '../../genericclioptions/common-flags.ts';
import { dryRunOf, resultPrinter } from '../../genericclioptions/print-flags.ts';
import type { Invocation } from '../../invocation.ts';
import { nameText } from '../../printers/name-text.ts';
import { DESCRIBE_COLUMNS, Tabwriter } from '../../printers/tabwriter.ts';
import { builderOptions, resolveTargets, visitsOf } from '../../resource/builder.ts';
import { Helper } from '../../resource/helper.ts';
import { objectsOf } from '../../resource/objects.ts';
import { resourceText, type RestMapping } from '../../resource/rest-mapper.ts';
import { throwAll, together } from '../../util/errors.ts';
import { goJson } from '../../../apimachinery/json/go-json.ts';
import { LAST_APPLIED } from '../apply/last-applied.ts';
import { type Revision, revisionsOf } from './history-viewer.ts';
import { CHANGE_CAUSE } from '../../util/record.ts';
import { status } from './status.ts';

const WORKLOADS = ['deployments', 'daemonsets', 'statefulsets'];
const HASH_LABEL = 'pod-template-hash';

const NAMED = '(TYPE NAME | TYPE/NAME) [flags] [options]';
const RESOURCE = 'RESOURCE [options]';
const MANAGER_FLAG = fieldManagerFlag('kubectl-rollout');

/** A verb that does something to each workload that the arguments name. */
function workloadVerb(
  name: string,
  short: string,
  use: string,
  flags: readonly Flag[],
  work: (
    object: KubeObject,
    mapping: RestMapping,
    invocation: Invocation,
    parsed: ParsedArguments,
  ) => Promise<void>,
  check: (flags: ParsedArguments['flags']) => void = () => {},
): CommandDefinition {
  return {
    name,
    use,
    short,
    flags: [...PRINT_FLAGS, ...FILENAME_FLAGS, SELECTOR_FLAG, ...flags],
    async run(invocation, parsed) {
      const { args, flags: given } = parsed;
      if (args.length === 0 && given.list('filename').length === 0)
        throw new Error('required resource not specified');
      check(given);
      const errors: Error[] = [];
      let count = 0;
      const unread: Error[] = [];
      const options = { ...builderOptions(parsed, true), typed: true };
      const found = await resolveTargets(invocation, args, options, unread);
      const { targets } = found;
      for (const visit of visitsOf(found)) {
        if ('error' in visit) {
          if (name !== 'history') errors.push(visit.error);
          continue;
        }
        const { target } = visit;
        try {
          for (const { mapping, object } of await objectsOf(invocation, target)) {
            count++;
            await work(object, mapping, invocation, parsed).catch((error: Error) => errors.push(error));
          }
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          errors.push(error);
        }
      }
      if (name === 'history') throwAll([...errors, ...together(unread)]);
      // With those of files among them they are one error of the command.
      else throwAll(unread.length > 0 ? together(together(errors)) : errors);
      if (
        targets.every(({ type }) => type === 'selector') &&
        count === 0 &&
        name !== 'history' &&
        name !== 'undo'
      ) {
        const { namespace } = invocation.factory.namespace();
        invocation.io.stderr(`No resources found in ${namespace} namespace.\n`);
      }
      return 0;
    },
  };
}

/** Kinds that upstream's visitor knows and does nothing for. Models pkg/apps/kind_visitor.go. */
const VISITED: readonly string[] = [
  'CronJob.batch',
  'Job.batch',
  'Pod',
  'ReplicaSet.apps',
  'ReplicationController',
];

/** Models polymorphichelpers/{history,rollback}.go. */
function unsupported({ group, kind }: RestMapping, retrieved: string, missing: string): Error {
  const name = group === '' ? kind : `${kind}.${group}`;
  return new Error(
    VISITED.includes(name)
      ? `no ${missing} has been implemented for "${name}"`
      : `error retrieving ${retrieved} for "${name}", no visitor method exists for {${group} ${kind}}`,
  );
}

const history = workloadVerb(
  'history',
  'View rollout history',
  NAMED,
  [{ name: 'revision', type: 'int', default: '0' }],
  async (object, mapping, invocation, { flags }) => {
    const { io } = invocation;
    if (!WORKLOADS.includes(mapping.resource)) throw unsupported(mapping, 'history', 'history viewer');
    const revisions = await revisionsOf(invocation, mapping, object);
    const wanted = flags.number('revision');
    if (flags.string('output') !== '') {
      const shown = wanted === 0 ? revisions : revisions.filter(({ number }) => number === wanted);
      if (wanted !== 0 && shown.length === 0) throw new Error('unable to find the specified revision');
      const print = await resultPrinter(invocation, 'none', true);
      for (const { object: owned } of shown) print(owned, '');
      return;
    }
    if (wanted === 0) {
      const writer = new Tabwriter(DESCRIBE_COLUMNS);
      writer.write('REVISION\tCHANGE-CAUSE\n');
      for (const { number, changeCause } of revisions)
        writer.write(`${number}\t${changeCause || '<none>'}\n`);
      io.stdout(`${nameText(object)} \n${writer.flush()}\n`);
      return;
    }
    const revision = revisions.find(({ number }) => number === wanted);
    if (revision === undefined) throw new Error(`unable to find the specified revision`);
    const template = templateText(invocation, withChangeCause(revision));
    io.stdout(`${nameText(object)} with revision #${wanted}\n${template}\n`);
  },
  (flags) => {
    const revision = flags.number('revision');
    if (revision < 0) throw new Error(`revision must be a positive integer: ${revision}`);
  },
);

/** A template as it stands in a history: its cells are not brought into columns. */
function templateText({ environment }: Invocation, template: object): string {
  const writer = new DescribeWriter(environment.clock.now(), false);
  describePodTemplate(template, writer);
  return writer.text();
}

function withChangeCause({ template, changeCause }: Revision): object {
  const pod = template as unknown as KubeObject;
  if (changeCause === '') return pod;
  const annotations = { ...pod.metadata.annotations, [CHANGE_CAUSE]: changeCause };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}

/** Annotations of a deployment that stay when it is rolled back. */
const KEPT_ANNOTATIONS = [
  LAST_APPLIED,
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
];

/** Those of the deployment that stay, and the others of the revision. Models DeploymentRollbacker.Rollback. */
function rolledBackAnnotations(current: Annotations, revision: Annotations): Annotations {
  const kept = (name: string) => KEPT_ANNOTATIONS.includes(name);
  return Object.fromEntries([
    ...Object.entries(current).filter(([name]) => kept(name)),
    ...Object.entries(revision).filter(([name]) => !kept(name)),
  ]);
}

type Annotations = Readonly<Record<string, string>>;

const undo = workloadVerb(
  'undo',
  'Undo a previous rollout',
  NAMED,
  [DRY_RUN_FLAG, { name: 'to-revision', type: 'int', default: '0' }],
  async (object, mapping, invocation, { flags }) => {
    const { io, factory } = invocation;
    const dryRun = dryRunOf(flags, invocation.factory.log);
    const print = await resultPrinter(invocation, dryRun, true);
    const { name = '', namespace = '', annotations = {} } = object.metadata;
    if (annotations[LAST_APPLIED] !== undefined) {
      io.stderr(
        `Warning: resource ${mapping.resource}/${name} was previously managed with 'kubectl apply'. Rolling back will not update the ${LAST_APPLIED} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.\n`,
      );
    }
    if (!WORKLOADS.includes(mapping.resource)) throw unsupported(mapping, 'rollbacker', 'rollbacker');
    const revisions = await revisionsOf(invocation, mapping, object);
    const wanted = flags.number('to-revision');
    if (wanted === 0 && revisions.length <= 1) {
      throw new Error(
        mapping.resource === 'deployments'
          ? `no rollout history found for deployment ${JSON.stringify(name)}`
          : 'no last revision to roll back to',
      );
    }
    const revision = wanted === 0 ? revisions.at(-2) : revisions.find(({ number }) => number === wanted);
    if (revision === undefined) throw new Error(`unable to find specified revision ${wanted} in history`);
    if (dryRun === 'client') {
      const template = templateText(invocation, revision.template as unknown as KubeObject);
      print(object, template);
      return;
    }
    if ((object.spec as { paused?: boolean }).paused === true) {
      throw new Error(
        `you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`,
      );
    }
    const template = withoutHash(revision.template as unknown as KubeObject);
    if (semanticEqual(template, (object.spec as { template: unknown }).template)) {
      print(object, `skipped rollback (current template already matches revision ${wanted})`);
      return;
    }
    const operations = [
      { op: 'replace', path: '/spec/template', value: template },
      ...(mapping.resource === 'deployments'
        ? [
            {
              op: 'replace',
              path: '/metadata/annotations',
              value: rolledBackAnnotations(annotations, revision.annotations),
            },
          ]
        : []),
    ];
    const patch = JSON.stringify(operations);
    const parameters = { dryRun: dryRun === 'none' ? undefined : 'All' };
    await new Helper(factory.client(), mapping).patch(namespace, name, 'json', patch, parameters);
    // What is printed is the object as it was.
    print(object, 'rolled back');
  },
);

function withoutHash(template: KubeObject): KubeObject {
  const copy = deepCopy(template);
  if (copy.metadata?.labels !== undefined) delete copy.metadata.labels[HASH_LABEL];
  // Controller revisions keep their template as a patch.
  delete (copy as Record<string, unknown>).$patch;
  return copy;
}

const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

const restart = workloadVerb(
  'restart',
  'Restart a resource',
  RESOURCE,
  [MANAGER_FLAG],
  async (object, mapping, invocation) => {
    if (!WORKLOADS.includes(mapping.resource))
      throw new Error(
        `${resourceText(mapping)} ${JSON.stringify(object.metadata.name)} restarting is not supported`,
      );
    if ((object.spec as { paused?: boolean }).paused === true) {
      throw new Error(
        `${mapping.resource}.${mapping.group} ${JSON.stringify(object.metadata.name)} can't restart paused deployment (run rollout resume first)`,
      );
    }
    const { clock } = invocation.environment;
    const patch = {
      spec: {
        template: {
          metadata: { annotations: { [RESTARTED_AT]: formatTime(clock.now()) } },
        },
      },
    };
    const { annotations } =
      (object.spec as { template?: { metadata?: { annotations?: Record<string, string> } } }).template
        ?.metadata ?? {};
    if (annotations?.[RESTARTED_AT] === formatTime(clock.now()))
      throw new Error(
        `failed to create patch for ${object.metadata.name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
      );
    await patchWorkload(object, mapping, invocation, patch, 'restarted');
  },
);

const pause = workloadVerb(
  'pause',
  'Mark the provided resource as paused',
  RESOURCE,
  [MANAGER_FLAG],
  (object, mapping, invocation) => setPaused(object, mapping, invocation, true),
);

const resume = workloadVerb(
  'resume',
  'Resume a paused resource',
  RESOURCE,
  [MANAGER_FLAG],
  (object, mapping, invocation) => setPaused(object, mapping, invocation, false),
);

async function setPaused(
  object: KubeObject,
  mapping: RestMapping,
  invocation: Invocation,
  paused: boolean,
): Promise<void> {
  const verb = paused ? 'pausing' : 'resuming';
  const type = mapping.group === '' ? mapping.resource : `${mapping.resource}.${mapping.group}`;
  const subject = `${type} ${JSON.stringify(object.metadata.name)}`;
  if (mapping.resource !== 'deployments') throw new Error(`${subject} ${verb} is not supported`);
  if (((object.spec as { paused?: boolean }).paused ?? false) === paused) {
    throw new Error(`${subject} ${paused ? 'is already paused' : 'is not paused'}`);
  }
  await patchWorkload(
    object,
    mapping,
    invocation,
    { spec: { paused: paused ? true : null } },
    paused ? 'paused' : 'resumed',
  );
}

async function patchWorkload(
  object: KubeObject,
  mapping: RestMapping,
  invocation: Invocation,
  patch: object,
  operation: string,
): Promise<void> {
  const { name = '', namespace = '' } = object.metadata;
  const helper = new Helper(invocation.factory.client(), mapping);
  const result = await helper.patch(namespace, name, 'strategic', goJson(patch), {
    fieldManager: 'kubectl-rollout',
  });
  (await resultPrinter(invocation, 'none', true))(
    result,
    deepEqual(result, object) ? `${operation} (no change)` : operation,
  );
}

/** Models pkg/cmd/rollout. */
export const rollout: CommandDefinition = {
  name: 'rollout',
  use: 'SUBCOMMAND [options]',
  short: 'Manage the rollout of a resource',
  helpTo: 'stdout',
  subcommands: [history, pause, restart, resume, status, undo],
};
