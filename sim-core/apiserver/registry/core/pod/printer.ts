import type { ContainerStatus, Pod } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { AGE, column, translateTimestampSince, wideColumn } from '../../../printers/columns.ts';
import type { TableColumn } from '../../rest/resource.ts';

interface PodSummary {
  readonly ready: number;
  readonly total: number;
  readonly reason: string;
  readonly restarts: number;
  /** When a container that was restarted had ended, RFC 3339; "" for never. */
  readonly lastRestart: string;
}

const isTrue = (pod: Pod, type: string) =>
  (pod.status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');

const later = (a: string, b: string | undefined) => (b !== undefined && b > a ? b : a);

/**
 * What READY, STATUS and RESTARTS say of a pod.
 * Models pkg/printers/internalversion/printers.go printPod.
 */
export function summarizePod(pod: Pod): PodSummary {
  const status = pod.status ?? {};
  const initContainers = new Map(
    (pod.spec?.initContainers ?? []).map((container) => [container.name, container]),
  );
  const restartable = (name: string) => initContainers.get(name)?.restartPolicy === 'Always';
  let total = (pod.spec?.containers ?? []).length;
  for (const name of initContainers.keys()) if (restartable(name)) total++;

  let reason = status.reason || status.phase || '';
  for (const condition of status.conditions ?? []) {
    if (condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated')
      reason = condition.reason;
  }

  let ready = 0;
  let restarts = 0;
  let lastRestart = '';
  let sidecarRestarts = 0;
  let lastSidecarRestart = '';
  let initializing = false;
  for (const [index, container] of (status.initContainerStatuses ?? []).entries()) {
    const ended = container.lastState?.terminated?.finishedAt;
    restarts += container.restartCount ?? 0;
    lastRestart = later(lastRestart, ended);
    if (restartable(container.name)) {
      sidecarRestarts += container.restartCount ?? 0;
      lastSidecarRestart = later(lastSidecarRestart, ended);
    }
    const { terminated, waiting } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (restartable(container.name) && container.started) {
      if (container.ready) ready++;
      continue;
    }
    if (terminated) reason = `Init:${terminatedReason(terminated)}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') reason = `Init:${waiting.reason}`;
    else reason = `Init:${index}/${(pod.spec?.initContainers ?? []).length}`;
    initializing = true;
    break;
  }

  if (!initializing || isTrue(pod, 'Initialized')) {
    restarts = sidecarRestarts;
    lastRestart = lastSidecarRestart;
    let running = false;
    for (const container of [...(status.containerStatuses ?? [])].reverse()) {
      restarts += container.restartCount ?? 0;
      lastRestart = later(lastRestart, container.lastState?.terminated?.finishedAt);
      const state = container.state ?? {};
      if (state.waiting?.reason) reason = state.waiting.reason;
      else if (state.terminated) reason = terminatedReason(state.terminated);
      else if (container.ready && state.running) {
        running = true;
        ready++;
      }
    }
    if (reason === 'Completed' && running) reason = isTrue(pod, 'Ready') ? 'Running' : 'NotReady';
  }

  if (pod.metadata?.deletionTimestamp) {
    reason = status.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
  }
  return { ready, total, reason, restarts, lastRestart };
}

function terminatedReason(state: NonNullable<NonNullable<ContainerStatus['state']>['terminated']>): string {
  if (state.reason) return state.reason;
  return state.signal ? `Signal:${state.signal}` : `ExitCode:${state.exitCode}`;
}

const asPod = (object: KubeObject) => object as unknown as Pod;
const SPEC = 'io.k8s.api.core.v1.PodSpec';
const STATUS = 'io.k8s.api.core.v1.PodStatus';

export const podColumns: readonly TableColumn[] = [
  column('Ready', 'string', 'The aggregate readiness state of this pod for accepting traffic.', (object) => {
    const { ready, total } = summarizePod(asPod(object));
    return `${ready}/${total}`;
  }),
  column(
    'Status',
    'string',
    'The aggregate status of the containers in this pod.',
    (object) => summarizePod(asPod(object)).reason,
  ),
  column(
    'Restarts',
    'string',
    'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
    (object, now) => {
      const { restarts, lastRestart } = summarizePod(asPod(object));
      return restarts > 0 && lastRestart !== ''
        ? `${restarts} (${translateTimestampSince(lastRestart, now)} ago)`
        : `${restarts}`;
    },
  ),
  AGE,
  wideColumn('IP', 'string', { of: STATUS, field: 'podIP' }, (object) => {
    const status = asPod(object).status;
    return status?.podIPs?.[0]?.ip || status?.podIP || '<none>';
  }),
  wideColumn(
    'Node',
    'string',
    'NodeName is a request to schedule this pod onto a specific node. If it is non-empty, the scheduler simply schedules this pod onto that node, assuming that it fits resource requirements.',
    (object) => asPod(object).spec?.nodeName || '<none>',
  ),
  wideColumn(
    'Nominated Node',
    'string',
    { of: STATUS, field: 'nominatedNodeName' },
    (object) => asPod(object).status?.nominatedNodeName || '<none>',
  ),
  wideColumn('Readiness Gates', 'string', { of: SPEC, field: 'readinessGates' }, (object) => {
    const pod = asPod(object);
    const gates = pod.spec?.readinessGates ?? [];
    if (gates.length === 0) return '<none>';
    return `${gates.filter((gate) => isTrue(pod, gate.conditionType)).length}/${gates.length}`;
  }),
];
