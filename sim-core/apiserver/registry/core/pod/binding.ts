import type { Binding, PodCondition } from 'kubernetes-types/core/v1';
import { deepCopy } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { formatTime } from '../../../../apimachinery/object.ts';
import { conflictError, unknownError } from '../../../../apimachinery/status.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { notSupported, required } from '../../../../apimachinery/validation/field-error.ts';
import type { EndpointContext } from '../../rest/subresource.ts';
import { successStatus } from '../../rest-status.ts';

const PODS_BINDING = { group: '', resource: 'pods/binding' };
const PODS = { group: '', resource: 'pods' };

/** Models validation.go ValidatePodBinding. */
function validatePodBinding({ target }: Binding): FieldError[] {
  const errors: FieldError[] = [];
  if (target?.kind && target.kind !== 'Node') {
    errors.push(notSupported('target.kind', target.kind, ['Node', '<empty>']));
  }
  if (!target?.name) errors.push(required('target.name'));
  return errors;
}

/**
 * Assigns a pod to a node: spec.nodeName and the condition PodScheduled in one write.
 * Models pkg/registry/core/pod/storage/storage.go BindingREST Create, assignPod and setPodNodeAndMetadata.
 */
export async function bind(object: KubeObject, context: EndpointContext, name: string): Promise<KubeObject> {
  const binding = object as unknown as Binding;
  const errors = validatePodBinding(binding);
  if (errors.length > 0) throw unknownError(aggregate(errors));
  await context.validate(object, undefined);
  const refuse = (reason: string) => conflictError(PODS_BINDING, name, reason);
  const { uid, annotations, labels } = object.metadata;
  const node = binding.target.name!;
  await context.services.registry.storeFor(PODS).guaranteedUpdate(
    name,
    (current) => {
      if (current.metadata.deletionTimestamp) {
        throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
      }
      if (current.spec.nodeName) {
        throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(current.spec.nodeName)}`);
      }
      if ((current.spec.schedulingGates ?? []).length > 0) {
        throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
      }
      const pod = deepCopy(current);
      pod.spec.nodeName = node;
      if (annotations) pod.metadata.annotations = { ...pod.metadata.annotations, ...annotations };
      if (labels) pod.metadata.labels = { ...labels, ...pod.metadata.labels };
      pod.status ??= {};
      pod.status.conditions = withCondition(pod.status.conditions ?? [], {
        type: 'PodScheduled',
        status: 'True',
        lastProbeTime: null as never,
        lastTransitionTime: formatTime(context.now),
      });
      return pod;
    },
    context,
    uid,
  );
  return successStatus(201);
}

/** The conditions with one of them set. Models podutil.UpdatePodCondition. */
function withCondition(conditions: readonly PodCondition[], condition: PodCondition): PodCondition[] {
  const index = conditions.findIndex(({ type }) => type === condition.type);
  if (index < 0) return [...conditions, condition];
  const old = conditions[index]!;
  const next =
    old.status === condition.status && old.lastTransitionTime !== undefined
      ? { ...condition, lastTransitionTime: old.lastTransitionTime }
      : condition;
  return conditions.map((item, at) => (at === index ? next : item));
}

/** Several errors as one text. Models utilerrors.Aggregate. */
function aggregate(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map((error) => error.message))];
  return texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
}
