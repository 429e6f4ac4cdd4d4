import type { Job } from 'kubernetes-types/batch/v1';
import type { Container, PodTemplateSpec } from 'kubernetes-types/core/v1';
import { INDEX_KEY } from './indexes.ts';

const FAILURE_COUNT = 'batch.kubernetes.io/job-index-failure-count';
const VARIABLE = 'JOB_COMPLETION_INDEX';

/**
 * The template of an indexed job's pod: it knows its index by annotation, label, hostname and an
 * environment variable. `failures` is how often the index failed, for jobs that limit that.
 *
 * Models pkg/controller/job addCompletionIndexAnnotation, addCompletionIndexEnvVariables and podGenerateNameWithIndex.
 */
export function indexedTemplate(
  job: Job,
  template: PodTemplateSpec,
  index: number,
  failures: number | undefined,
): PodTemplateSpec {
  const text = String(index);
  const { metadata, spec } = template;
  return {
    metadata: {
      ...metadata,
      annotations: {
        ...metadata?.annotations,
        [INDEX_KEY]: text,
        ...(failures !== undefined && { [FAILURE_COUNT]: String(failures) }),
      },
      labels: { ...metadata?.labels, [INDEX_KEY]: text },
    },
    spec: {
      ...spec!,
      hostname: `${job.metadata!.name}-${index}`,
      containers: spec!.containers.map(withIndexVariable),
      ...(spec!.initContainers !== undefined && {
        initContainers: spec!.initContainers.map(withIndexVariable),
      }),
    },
  };
}

function withIndexVariable(container: Container): Container {
  if (container.env?.some(({ name }) => name === VARIABLE)) return container;
  const fieldRef = { fieldPath: `metadata.labels['${INDEX_KEY}']` };
  return { ...container, env: [...(container.env ?? []), { name: VARIABLE, valueFrom: { fieldRef } }] };
}
