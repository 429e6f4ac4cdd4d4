import { deepCopy } from '../../apimachinery/copy.ts';
import type { Json, JsonObject, KubeObject } from '../../apimachinery/object.ts';

/** Fields that Go's types print when nobody set them, by kind; a path goes through all elements of a list. */
const ZERO_FIELDS: Readonly<Record<string, readonly (readonly [path: string, value: Json])[]>> = {
  CronJob: [['status', {}]],
  DaemonSet: [
    ['spec.updateStrategy', {}],
    [
      'status',
      { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
    ],
  ],
  Deployment: [
    ['spec.strategy', {}],
    ['status', {}],
  ],
  Job: [['status', {}]],
  Pod: [['status', {}]],
  ReplicaSet: [['status', { replicas: 0 }]],
  ReplicationController: [['status', { replicas: 0 }]],
  Service: [
    ['spec.ports.targetPort', 0],
    ['status', { loadBalancer: {} }],
  ],
  StatefulSet: [
    ['spec.updateStrategy', {}],
    ['status', { availableReplicas: 0, replicas: 0 }],
  ],
};
const POD_SPECS: Readonly<Record<string, string>> = {
  Pod: 'spec',
  CronJob: 'spec.jobTemplate.spec.template.spec',
};

/** An object of a file as it is printed once Go has read it into its own type. */
export function withZeroFields(object: KubeObject): KubeObject {
  const fields = ZERO_FIELDS[object.kind ?? ''];
  if (fields === undefined) return object;
  const copy = deepCopy(object) as unknown as JsonObject;
  const podSpec = POD_SPECS[object.kind!] ?? 'spec.template.spec';
  const containers = ['containers', 'initContainers'].map(
    (list) => [`${podSpec}.${list}.resources`, {}] as const,
  );
  for (const [path, value] of [...fields, ...containers]) fill(copy, path.split('.'), value);
  return copy as unknown as KubeObject;
}

function fill(holder: JsonObject, [name = '', ...rest]: readonly string[], value: Json): void {
  const inner = holder[name];
  if (rest.length === 0) holder[name] ??= value;
  else if (Array.isArray(inner)) for (const one of inner) fill(one as JsonObject, rest, value);
  else if (typeof inner === 'object' && inner !== null) fill(inner, rest, value);
}
