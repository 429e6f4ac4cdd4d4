import type { Job } from 'kubernetes-types/batch/v1';
import type { Container, PodTemplateSpec } from 'kubernetes-types/core/v1';
import { INDEX_KEY } from './indexes.ts';
import { TRACKING_FINALIZER } from './pod-tracking.ts';

const VARIABLE = 'JOB_COMPLETION_INDEX';

/** The longest beginning of a name that the apiserver completes. Models names.MaxGeneratedNameLength. */
const MAX_PREFIX = 58;

/** What the names of an index's pods begin with. Models podGenerateNameWithIndex. */
export function indexedPrefix(name: string, index: number): string {
  const suffix = `-${index}-`;
  return `${name.slice(0, MAX_PREFIX - suffix.length)}${suffix}`;
}

/** The template with the finalizer that keeps a pod until it is counted. */
export function trackedTemplate(template: PodTemplateSpec): PodTemplateSpec {
  const finalizers = template.metadata?.finalizers ?? [];
  if (finalizers.includes(TRACKING_FINALIZER)) return template;
  return {
    ...template,
    metadata: { ...template.metadata, finalizers: [...finalizers, TRACKING_FINALIZER] },
  };
}

/**
 * The template of an indexed job's pod: it knows its index by annotation, label, hostname and an
 * environment variable. `failures` are the annotations that count how often the index failed.
 *
 * Models pkg/controller/job addCompletionIndexAnnotation and addCompletionIndexEnvVariables.
 */
export function indexedTemplate(
  job: Job,
  template: PodTemplateSpec,
  index: number,
  failures: Readonly<Record<string, string>>,
): PodTemplateSpec {
  const text = String(index);
  const { metadata, spec } = template;
  return {
    metadata: {
      ...metadata,
      annotations: {
        ...metadata?.annotations,
        [INDEX_KEY]: text,
        ...failures,
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
