import type { Container, Pod, PodSpec } from 'kubernetes-types/core/v1';
import { deepCopy, decodedEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { forbidden, invalid } from '../../../../apimachinery/validation/field-error.ts';
import { computePodQOS } from '../../../../client-go/component-helpers/core/qos.ts';
import type { UpdateStrategy } from '../../rest/strategy.ts';
import { MIRROR_ANNOTATION } from '../validation/pod-annotations.ts';
import { specDifference } from '../validation/spec-difference.ts';
import { defaultPod } from './defaults.ts';
import { validatePodMetadataAndSpec } from './validation.ts';

const SPEC = 'spec';

type Resources = NonNullable<Container['resources']>;
type List = Record<string, string> | undefined;

const asPod = (object: KubeObject) => object as unknown as Pod;

/** Everything but the containers' resources stays as it was. Models podResizeStrategy. */
export const podResizeStrategy: UpdateStrategy = {
  fillDefaults: defaultPod,

  prepareForUpdate(object, old) {
    const { containers, initContainers } = asPod(object).spec!;
    const spec = deepCopy(asPod(old).spec!);
    spec.containers = resized(containers, spec.containers);
    if (initContainers !== undefined)
      spec.initContainers = resized(initContainers, spec.initContainers ?? []);
    object.spec = spec;
    object.status = old.status;
    object.metadata = {
      ...old.metadata,
      ...(object.metadata.resourceVersion !== undefined && {
        resourceVersion: object.metadata.resourceVersion,
      }),
    };
  },

  validateUpdate: (object, old) => validatePodResize(asPod(object), asPod(old)),
};

/** The containers of an update, of which those that are known bring only their resources. */
function resized(containers: readonly Container[], known: readonly Container[]): Container[] {
  return containers.map((container) => {
    const old = known.find(({ name }) => name === container.name);
    if (old === undefined) return container;
    return withResources(old, container.resources);
  });
}

function withResources(
  { resources: _, ...container }: Container,
  resources: Resources | undefined,
): Container {
  return resources === undefined ? container : { ...container, resources };
}

/** Models ValidatePodResize. */
function validatePodResize(pod: Pod, old: Pod): FieldError[] {
  const spec = pod.spec!;
  const before = old.spec!;
  if (old.metadata?.annotations?.[MIRROR_ANNOTATION] !== undefined) {
    return [forbidden('', 'static pods cannot be resized')];
  }
  if (before.os?.name === 'windows') return [forbidden('', 'windows pods cannot be resized')];

  const errors = validatePodMetadataAndSpec(pod);
  if ((old.status?.qosClass ?? computePodQOS(before)) !== computePodQOS(spec)) {
    errors.push(
      invalid(SPEC, pod.status?.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing'),
    );
  }
  if (!isSupported(old)) {
    errors.push(forbidden(SPEC, 'Pod running on node without support for resize'));
  }
  const order = [
    ...validateOrder(spec.containers, before.containers, 'containers'),
    ...validateOrder(spec.initContainers, before.initContainers, 'initContainers'),
  ];
  if (order.length > 0) return [...errors, ...order];

  (before.initContainers ?? []).forEach((container, index) => {
    if (!isSidecar(container)) return;
    const { resources } = spec.initContainers![index]!;
    errors.push(...validateNotRemoved(resources, container.resources, `${SPEC}.initContainers[${index}]`));
  });
  before.containers.forEach((container, index) => {
    const { resources } = spec.containers[index]!;
    errors.push(...validateNotRemoved(resources, container.resources, `${SPEC}.containers[${index}]`));
  });

  const munged = withoutResized(spec, before);
  if (!decodedEqual(munged, before)) {
    errors.push(
      forbidden(
        SPEC,
        `only cpu and memory resources are mutable\n${specDifference('core.PodSpec', before, munged)}`,
      ),
    );
  }
  return errors;
}

/** A node that can resize tells what a running container has. */
function isSupported({ status }: Pod): boolean {
  const running = status?.containerStatuses?.find(({ state }) => state?.running !== undefined);
  return running === undefined || (running as { resources?: Resources }).resources !== undefined;
}

const isSidecar = (container: Container) =>
  (container as { restartPolicy?: string }).restartPolicy === 'Always';

/** Models validatePodResizeContainerOrdering. */
function validateOrder(
  containers: readonly Container[] = [],
  old: readonly Container[] = [],
  field: 'containers' | 'initContainers',
): FieldError[] {
  if (containers.length !== old.length) {
    return [forbidden(`${SPEC}.${field}`, `${field} may not be added or removed on resize`)];
  }
  return containers.flatMap(({ name }, index) =>
    name === old[index]!.name
      ? []
      : [forbidden(`${SPEC}.${field}[${index}].name`, `${field} may not be renamed or reordered on resize`)],
  );
}

function validateNotRemoved(now: Resources = {}, old: Resources = {}, container: string): FieldError[] {
  return (['requests', 'limits'] as const)
    .filter((list) => isRemoved(now[list], old[list]))
    .map((list) => forbidden(`${container}.resources.${list}`, `resource ${list} cannot be removed`));
}

const isRemoved = (now: List, old: List) => Object.keys(old ?? {}).some((name) => now?.[name] === undefined);

/** The new spec with the cpu and memory of what may be resized set back to what they were. */
function withoutResized(spec: PodSpec, old: PodSpec): PodSpec {
  const reset = (containers: readonly Container[], before: readonly Container[]) =>
    containers.map((container, index) => {
      const { resources } = before[index]!;
      return withResources(container, withoutCPUAndMemory(container.resources, resources));
    });
  return {
    ...spec,
    containers: reset(spec.containers, old.containers),
    ...(spec.initContainers !== undefined && {
      initContainers: spec.initContainers.map((container, index) =>
        isSidecar(container) ? reset([container], [old.initContainers![index]!])[0]! : container,
      ),
    }),
  };
}

function withoutCPUAndMemory(now: Resources | undefined, old: Resources | undefined): Resources | undefined {
  if (now === undefined) return old;
  const result = { ...now };
  for (const list of ['requests', 'limits'] as const) {
    const amounts: Record<string, string> = { ...now[list] };
    for (const name of ['cpu', 'memory']) {
      const amount = old?.[list]?.[name];
      if (amount === undefined) delete amounts[name];
      else amounts[name] = amount;
    }
    if (Object.keys(amounts).length > 0) result[list] = amounts;
    else delete result[list];
  }
  return result;
}
