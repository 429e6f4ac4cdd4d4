import type { JobSpec } from 'kubernetes-types/batch/v1';
import type { KubeObject, ObjectMeta } from '../../../../apimachinery/object.ts';

const UID_LABEL = 'batch.kubernetes.io/controller-uid';
const NAME_LABEL = 'batch.kubernetes.io/job-name';

/** The labels that only a job's own pods have, under their names of today and of old. */
export function generatedLabels({ uid = '', name = '' }: ObjectMeta): Record<string, string> {
  return { 'controller-uid': uid, 'job-name': name, [UID_LABEL]: uid, [NAME_LABEL]: name };
}

/**
 * Gives the pods labels that no other job has; validation refuses what the client wrote instead.
 * Models pkg/registry/batch/job/strategy.go generateSelector.
 */
export function generateSelector(object: KubeObject): void {
  const spec = object.spec as JobSpec;
  const metadata = (spec.template.metadata ??= {});
  const labels = generatedLabels(object.metadata);
  const given = (metadata.labels as Record<string, string> | undefined) ?? {};
  // In place: a job that has the labels of its pods gets these too.
  for (const [name, value] of Object.entries(labels)) given[name] ??= value;
  metadata.labels = given;
  spec.selector = {
    ...spec.selector,
    matchLabels: { [UID_LABEL]: object.metadata.uid ?? '', ...spec.selector?.matchLabels },
  };
}
