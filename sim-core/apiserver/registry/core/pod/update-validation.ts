import type { Container, NodeAffinity, NodeSelectorTerm, Pod, PodSpec } from 'kubernetes-types/core/v1';
import { deepCopy, decodedEqual } from '../../../../apimachinery/copy.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import {
  forbidden,
  goStringMap,
  goStruct,
  invalid,
  required,
} from '../../../../apimachinery/validation/field-error.ts';
import { inclusiveRangeError } from '../../../../apimachinery/validation/names.ts';
import { validateImageSpaces } from '../validation/container.ts';
import { validatePodAnnotationsUpdate } from '../validation/pod-annotations.ts';
import { specDifference } from '../validation/spec-difference.ts';
import { validateOnlyAddedTolerations } from '../validation/tolerations.ts';
import { validatePodMetadataAndSpec } from './validation.ts';

const SPEC = 'spec';
const ANNOTATIONS = 'metadata.annotations';
const MAX_INT32 = 2 ** 31 - 1;

const UPDATE_REFUSED =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** What a check found, and whether the others are of no use then. */
interface Verdict {
  readonly errors: FieldError[];
  readonly stop: boolean;
}

/** A pod may change its images, its deadline and a little more. Models ValidatePodUpdate. */
export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  const spec = pod.spec!;
  const before = old.spec!;
  const errors = [
    ...validatePodMetadataAndSpec(pod),
    ...validatePodAnnotationsUpdate(pod.metadata?.annotations, old.metadata?.annotations, spec, ANNOTATIONS),
  ];

  const containers = validateContainerUpdates(spec.containers, before.containers, `${SPEC}.containers`);
  errors.push(...containers.errors);
  if (containers.stop) return errors;
  const inits = validateContainerUpdates(
    spec.initContainers,
    before.initContainers,
    `${SPEC}.initContainers`,
  );
  errors.push(...inits.errors);
  if (inits.stop) return errors;

  const deadline = validateDeadlineUpdate(spec.activeDeadlineSeconds, before.activeDeadlineSeconds);
  errors.push(...deadline.errors);
  if (deadline.stop) return errors;
  errors.push(
    ...validateOnlyAddedTolerations(spec.tolerations ?? [], before.tolerations ?? [], `${SPEC}.tolerations`),
    ...validateOnlyDeletedSchedulingGates(spec, before),
  );
  if (decodedEqual(spec, before)) return errors;
  if ((before.schedulingGates ?? []).length > 0) errors.push(...validateGatedUpdate(spec, before));
  const munged = withoutMutableFields(spec, before);
  if (!decodedEqual(munged, before)) {
    errors.push(forbidden(SPEC, `${UPDATE_REFUSED}\n${specDifference('core.PodSpec', before, munged)}`));
  }
  return errors;
}

/** Models ValidateContainerUpdates: none may come or go. */
function validateContainerUpdates(
  containers: readonly Container[] | undefined,
  old: readonly Container[] | undefined,
  field: string,
): Verdict {
  if ((containers ?? []).length !== (old ?? []).length) {
    return { errors: [forbidden(field, 'pod updates may not add or remove containers')], stop: true };
  }
  const errors = (containers ?? []).flatMap(({ image }, index) => [
    ...(image ? [] : [required(`${field}[${index}].image`)]),
    ...validateImageSpaces(image, `${field}[${index}]`),
  ]);
  return { errors, stop: false };
}

/** It may become shorter, but it stays. A number that is wrong ends all further checks. */
function validateDeadlineUpdate(now: number | undefined, old: number | undefined): Verdict {
  const field = `${SPEC}.activeDeadlineSeconds`;
  const refused = (value: number | null, text: string, stop: boolean) => ({
    errors: [invalid(field, value, text)],
    stop,
  });
  if (now === undefined) {
    return old === undefined
      ? { errors: [], stop: false }
      : refused(null, 'must not update from a positive integer to nil value', false);
  }
  if (now < 0 || now > MAX_INT32) return refused(now, inclusiveRangeError(0, MAX_INT32), true);
  return old !== undefined && old < now
    ? refused(now, 'must be less than or equal to previous value', true)
    : { errors: [], stop: false };
}

function validateOnlyDeletedSchedulingGates(spec: PodSpec, old: PodSpec): FieldError[] {
  const known = new Set((old.schedulingGates ?? []).map((gate) => gate.name));
  return (spec.schedulingGates ?? []).flatMap((gate, index) =>
    known.has(gate.name)
      ? []
      : [
          forbidden(
            `${SPEC}.schedulingGates[${index}].name`,
            "only deletion is allowed, but found new scheduling gate '" + gate.name + "'",
          ),
        ],
  );
}

/** The new spec with everything that may change set back to what it was. */
function withoutMutableFields(spec: PodSpec, old: PodSpec): PodSpec {
  const munged = deepCopy(spec);
  const resetImages = (containers: Container[] | undefined, before: readonly Container[] | undefined) => {
    containers?.forEach((container, index) => {
      const image = before?.[index]?.image;
      if (image !== undefined) container.image = image;
    });
  };
  resetImages(munged.containers, old.containers);
  resetImages(munged.initContainers, old.initContainers);
  setOrDelete(munged, 'activeDeadlineSeconds', old.activeDeadlineSeconds);
  setOrDelete(munged, 'schedulingGates', old.schedulingGates);
  setOrDelete(munged, 'tolerations', old.tolerations);
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1) {
    munged.terminationGracePeriodSeconds = old.terminationGracePeriodSeconds!;
  }
  if ((old.schedulingGates ?? []).length > 0) {
    setOrDelete(munged, 'nodeSelector', old.nodeSelector);
    resetNodeAffinity(munged, old);
  }
  return munged;
}

/** The node's part of the affinity is the old one. */
function resetNodeAffinity(munged: PodSpec, old: PodSpec): void {
  const before = old.affinity?.nodeAffinity;
  const { nodeAffinity: _, ...others } = munged.affinity ?? {};
  const hasOthers = Object.keys(others).length > 0;
  if (before !== undefined) munged.affinity = { ...others, nodeAffinity: before };
  else if (hasOthers || old.affinity !== undefined) munged.affinity = others;
  else delete munged.affinity;
}

function setOrDelete<K extends keyof PodSpec>(spec: PodSpec, key: K, value: PodSpec[K] | undefined): void {
  if (value === undefined) delete spec[key];
  else spec[key] = value;
}

/** While a pod is gated, the nodes that it may go to can become fewer. */
function validateGatedUpdate(spec: PodSpec, old: PodSpec): FieldError[] {
  return [
    ...validateNodeSelectorMutation(spec.nodeSelector, old.nodeSelector),
    ...validateNodeAffinityMutation(spec.affinity?.nodeAffinity, old.affinity?.nodeAffinity),
  ];
}

type Labels = Readonly<Record<string, string>>;

/** Models validateNodeSelectorMutation. */
function validateNodeSelectorMutation(now: Labels = {}, old: Labels = {}): FieldError[] {
  if (Object.keys(old).every((key) => now[key] === old[key])) return [];
  const text = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
  return [invalid(`${SPEC}.nodeSelector`, goStringMap(now), text)];
}

/** Models validateNodeAffinityMutation. */
function validateNodeAffinityMutation(
  now: NodeAffinity | undefined,
  old: NodeAffinity | undefined,
): FieldError[] {
  const terms = (affinity: NodeAffinity | undefined) =>
    affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const [added, before] = [terms(now), terms(old)];
  const field = `${SPEC}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`;
  if (before.length > 0 && before.length !== added.length) {
    const text = 'no additions/deletions to non-empty NodeSelectorTerms list are allowed';
    return [invalid(field, goStruct('[]core.NodeSelectorTerm', added), text)];
  }
  return before.flatMap((term, index) => {
    const text = 'only additions are allowed (no mutations or deletions)';
    return hasOnlyAdditions(added[index]!, term)
      ? []
      : [invalid(`${field}[${index}]`, goStruct('core.NodeSelectorTerm', added[index]!), text)];
  });
}

/** Models validateNodeSelectorTermHasOnlyAdditions. */
function hasOnlyAdditions(now: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const lists = ['matchExpressions', 'matchFields'] as const;
  const isEmpty = (term: NodeSelectorTerm) => lists.every((list) => (term[list] ?? []).length === 0);
  // A term that selects nothing would come to select something.
  if (isEmpty(old)) return isEmpty(now);
  return lists.every((list) => {
    const before = old[list] ?? [];
    return decodedEqual((now[list] ?? []).slice(0, before.length), before);
  });
}
