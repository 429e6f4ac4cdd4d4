import type { DaemonSet } from 'kubernetes-types/apps/v1';
import type { Node, Pod } from 'kubernetes-types/core/v1';
import type { EventRecorder } from '../../client-go/tools/record/event-recorder.ts';
import { subjectOf } from '../../client-go/tools/record/event-recorder.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { KeyedBackoff } from '../../client-go/util/flowcontrol/backoff.ts';
import { isPodAvailable, isPodReady } from '../util/pods.ts';
import { allowsSurge, HASH_LABEL, nodeShouldRun } from './daemon-pods.ts';
import { byCreation } from './status.ts';

/** What a look at one node asks for. */
export interface NodeWork {
  /** A pod is missing on the node. */
  readonly create: boolean;
  readonly excess: readonly Pod[];
  /** A pod that failed must stay this many milliseconds more; undefined for none. */
  readonly retryAfter?: number;
}

interface Tools {
  readonly recorder: EventRecorder;
  /** How long pods that fail again and again are left lying. */
  readonly failures: KeyedBackoff;
  readonly now: number;
}

/**
 * Which pods one node lacks and which it has too many. `pods` is undefined if the set has none there at all.
 * Pods that ended are reported as events. Models pkg/controller/daemon podsShouldBeOnNode.
 */
export function podsShouldBeOnNode(
  set: DaemonSet,
  node: Node,
  pods: readonly Pod[] | undefined,
  hash: string,
  tools: Tools,
): NodeWork {
  const { run, keep } = nodeShouldRun(set, node);
  if (run && pods === undefined) return { create: true, excess: [] };
  const alive = (pods ?? []).filter(({ metadata }) => metadata!.deletionTimestamp === undefined);
  if (!keep) return { create: false, excess: alive };
  const { running, ended, retryAfter } = withoutEnded(set, node, alive, tools);
  running.sort(byCreation);
  const surge = allowsSurge(set);
  return {
    // While surging there is always at least one pod that is not on its way out.
    create: surge && running.length === 0 && run,
    excess: [...ended, ...(surge ? surgeExcess(set, running, hash, tools.now) : running.slice(1))],
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

function withoutEnded(set: DaemonSet, node: Node, pods: readonly Pod[], { recorder, failures, now }: Tools) {
  const key = `${set.metadata!.uid}/${set.status?.observedGeneration ?? 0}/${node.metadata!.name}`;
  const subject = subjectOf(set, RESOURCES.daemonSets);
  const running: Pod[] = [];
  const ended: Pod[] = [];
  let retryAfter: number | undefined;
  for (const pod of pods) {
    const { namespace, name } = pod.metadata!;
    const where = `daemon pod ${namespace}/${name} on node ${node.metadata!.name}`;
    const phase = pod.status?.phase;
    if (phase === 'Failed') {
      // A kubelet that refuses pods would otherwise be offered one after the other.
      if (failures.remainingSinceUpdate(key) > 0) {
        retryAfter = failures.get(key);
        continue;
      }
      failures.next(key, now);
      const message = `Found failed ${where}, will try to kill it`;
      recorder.event(subject, 'Warning', 'FailedDaemonPod', message);
      ended.push(pod);
    } else if (phase === 'Succeeded') {
      const message = `Found succeeded ${where}, will try to delete it`;
      recorder.event(subject, 'Normal', 'SucceededDaemonPod', message);
      ended.push(pod);
    } else {
      running.push(pod);
    }
  }
  return { running, ended, retryAfter };
}

/**
 * A node may have two pods only while the oldest of the new template is not available yet and the oldest of an
 * earlier one is ready.
 */
function surgeExcess(set: DaemonSet, oldestFirst: readonly Pod[], hash: string, now: number): Pod[] {
  if (oldestFirst.length <= 1) return [];
  const isNew = ({ metadata }: Pod) => metadata!.labels?.[HASH_LABEL] === hash;
  const fresh = oldestFirst.find(isNew);
  const old = oldestFirst.find((pod) => !isNew(pod));
  const excess = oldestFirst.filter((pod) => pod !== fresh && pod !== old);
  if (fresh === undefined || old === undefined) return excess;
  const isReplaced = !isPodReady(old) || isPodAvailable(fresh, set.spec!.minReadySeconds ?? 0, now);
  return isReplaced ? [...excess, old] : excess;
}
