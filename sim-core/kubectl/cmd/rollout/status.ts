import type { KubeObject } from '../../../apimachinery/object.ts';
import type { CommandDefinition } from '../../cobra/command.ts';
import { FILENAME_FLAGS, SELECTOR_FLAG } from '../../genericclioptions/common-flags.ts';
import { builderOptions, resolveTargets, type Target } from '../../resource/builder.ts';
import { objectsOf } from '../../resource/objects.ts';
import { kindText } from '../../resource/rest-mapper.ts';
import { throwAll, together } from '../../util/errors.ts';
import { untilObject } from '../../util/until.ts';

const WEEK = 168 * 3_600_000;

interface Verdict {
  readonly message: string;
  readonly done: boolean;
}

/** Models pkg/cmd/rollout/rollout_status.go. */
export const status: CommandDefinition = {
  name: 'status',
  use: '(TYPE NAME | TYPE/NAME) [flags] [options]',
  short: 'Show the status of the rollout',
  flags: [
    ...FILENAME_FLAGS,
    { name: 'revision', type: 'int', default: '0' },
    SELECTOR_FLAG,
    { name: 'timeout', type: 'duration', default: '0s' },
    { name: 'watch', shorthand: 'w', type: 'bool', default: 'true' },
  ],
  async run(invocation, parsed) {
    const { io } = invocation;
    const { args, flags } = parsed;
    if (args.length === 0 && flags.list('filename').length === 0) {
      throw new Error('required resource not specified');
    }
    const errors: Error[] = [];
    const unread: Error[] = [];
    const options = { ...builderOptions(parsed, true), typed: true };
    const { targets } = await resolveTargets(invocation, args, options, unread);
    let found = false;
    const follow = async (target: Target): Promise<void> => {
      const { mapping } = target;
      const objects = await objectsOf(invocation, target);
      const verdictOf = VIEWERS[`${mapping.group}/${mapping.resource}`];
      if (verdictOf === undefined)
        throw new Error(`no status viewer has been implemented for ${kindText(mapping)}`);
      for (const { object } of objects) {
        found = true;
        const { namespace = '', name } = object.metadata;
        let failure: Error | undefined;
        await untilObject(
          invocation,
          { mapping, namespace, name: name! },
          flags.duration('timeout') || WEEK,
          (now) => {
            if (now === undefined) {
              failure = new Error('object has been deleted');
              return true;
            }
            try {
              checkRevision(now, flags.number('revision'));
              const { message, done } = verdictOf(now);
              io.stdout(message);
              return done || !flags.bool('watch');
            } catch (error) {
              failure = error as Error;
              return true;
            }
          },
        );
        if (failure !== undefined) throw failure;
      }
    };
    for (const target of targets) await follow(target).catch((error: Error) => errors.push(error));
    throwAll([...errors, ...together(unread)]);
    if (!found) io.stderr(`No resources found in ${invocation.factory.namespace().namespace} namespace.\n`);
    return 0;
  },
};

/** Throws if another revision than the wanted one runs. */
function checkRevision({ metadata }: KubeObject, wanted: number): void {
  const running = Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
  if (wanted > 0 && running > 0 && wanted !== running)
    throw new Error(`desired revision (${wanted}) is different from the running revision (${running})`);
}

/** How far a rollout is, by group and resource. Models pkg/polymorphichelpers/rollout_status.go. */
const VIEWERS: Readonly<Record<string, (object: KubeObject) => Verdict>> = {
  'apps/deployments': deploymentStatus,
  'apps/daemonsets': daemonSetStatus,
  'apps/statefulsets': statefulSetStatus,
};

function waiting(message: string): Verdict {
  return { message: `${message}\n`, done: false };
}

function observed({ metadata, status }: KubeObject): boolean {
  return (
    (metadata.generation ?? 0) <=
    ((status as { observedGeneration?: number } | undefined)?.observedGeneration ?? 0)
  );
}

function deploymentStatus(object: KubeObject): Verdict {
  const name = JSON.stringify(object.metadata.name);
  if (!observed(object)) return waiting('Waiting for deployment spec update to be observed...');
  const {
    conditions = [],
    updatedReplicas = 0,
    replicas = 0,
    availableReplicas = 0,
  } = object.status as {
    conditions?: { type: string; reason?: string }[];
    updatedReplicas?: number;
    replicas?: number;
    availableReplicas?: number;
  };
  if (
    conditions.some(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded')
  ) {
    throw new Error(`deployment ${name} exceeded its progress deadline`);
  }
  const wanted = (object.spec as { replicas?: number }).replicas;
  const rollout = `Waiting for deployment ${name} rollout to finish`;
  if (wanted !== undefined && updatedReplicas < wanted) {
    return waiting(`${rollout}: ${updatedReplicas} out of ${wanted} new replicas have been updated...`);
  }
  if (replicas > updatedReplicas) {
    return waiting(`${rollout}: ${replicas - updatedReplicas} old replicas are pending termination...`);
  }
  if (availableReplicas < updatedReplicas) {
    return waiting(
      `${rollout}: ${availableReplicas} of ${updatedReplicas} updated replicas are available...`,
    );
  }
  return { message: `deployment ${name} successfully rolled out\n`, done: true };
}

function daemonSetStatus(object: KubeObject): Verdict {
  const name = JSON.stringify(object.metadata.name);
  const { updateStrategy } = object.spec as { updateStrategy?: { type?: string } };
  if (updateStrategy?.type !== 'RollingUpdate') {
    throw new Error('rollout status is only available for RollingUpdate strategy type');
  }
  if (!observed(object)) return waiting('Waiting for daemon set spec update to be observed...');
  const {
    updatedNumberScheduled = 0,
    desiredNumberScheduled = 0,
    numberAvailable = 0,
  } = object.status as {
    updatedNumberScheduled?: number;
    desiredNumberScheduled?: number;
    numberAvailable?: number;
  };
  const rollout = `Waiting for daemon set ${name} rollout to finish`;
  if (updatedNumberScheduled < desiredNumberScheduled) {
    return waiting(
      `${rollout}: ${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated...`,
    );
  }
  if (numberAvailable < desiredNumberScheduled) {
    return waiting(
      `${rollout}: ${numberAvailable} of ${desiredNumberScheduled} updated pods are available...`,
    );
  }
  return { message: `daemon set ${name} successfully rolled out\n`, done: true };
}

function statefulSetStatus(object: KubeObject): Verdict {
  const { updateStrategy, replicas: wanted } = object.spec as {
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } };
    replicas?: number;
  };
  if (updateStrategy?.type !== 'RollingUpdate') {
    throw new Error('rollout status is only available for RollingUpdate strategy type');
  }
  if (!observed(object)) return waiting('Waiting for statefulset spec update to be observed...');
  const {
    readyReplicas = 0,
    updatedReplicas = 0,
    currentReplicas = 0,
    updateRevision = '',
    currentRevision = '',
  } = object.status as {
    readyReplicas?: number;
    updatedReplicas?: number;
    currentReplicas?: number;
    updateRevision?: string;
    currentRevision?: string;
  };
  if (wanted !== undefined && readyReplicas < wanted) {
    return waiting(`Waiting for ${wanted - readyReplicas} pods to be ready...`);
  }
  const { type, rollingUpdate } = updateStrategy;
  if (type === 'RollingUpdate' && rollingUpdate !== undefined) {
    const { partition } = rollingUpdate;
    if (wanted !== undefined && partition !== undefined && updatedReplicas < wanted - partition) {
      return waiting(
        `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${wanted - partition} new pods have been updated...`,
      );
    }
    return {
      message: `partitioned roll out complete: ${updatedReplicas} new pods have been updated...\n`,
      done: true,
    };
  }
  if (updateRevision !== currentRevision) {
    return waiting(
      `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...`,
    );
  }
  return {
    message: `statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...\n`,
    done: true,
  };
}
