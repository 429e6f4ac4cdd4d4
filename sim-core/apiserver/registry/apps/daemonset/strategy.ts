import type { DaemonSetSpec } from 'kubernetes-types/apps/v1';
import { decodedEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { defaultPodTemplate } from '../../core/defaults/pod-spec.ts';
import { bumpGeneration, statusOnly } from '../../generation.ts';
import type { Strategy, UpdateStrategy } from '../../rest/strategy.ts';
import { checks } from '../../checks.ts';

/** Counts changes of the template; the type's field of old lives on as an annotation. */
export const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';
const COUNTS = ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady'];

/** Models SetDefaults_DaemonSet. */
function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  const spec = object.spec as DaemonSetSpec;
  defaultPodTemplate(spec);
  const strategy = (spec.updateStrategy ??= {});
  strategy.type ||= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    const rolling = (strategy.rollingUpdate ??= {});
    rolling.maxUnavailable ??= 1;
    rolling.maxSurge ??= 0;
  } else if (strategy.rollingUpdate) {
    // The internal type holds numbers, not pointers.
    strategy.rollingUpdate.maxUnavailable ??= 0;
    strategy.rollingUpdate.maxSurge ??= 0;
  }
  spec.revisionHistoryLimit ??= 10;
  for (const count of COUNTS) object.status[count] ??= 0;
  if (object.metadata.annotations?.[TEMPLATE_GENERATION] === undefined) setTemplateGeneration(object, 0);
}

const templateGenerationOf = ({ metadata }: KubeObject) =>
  Number(metadata.annotations?.[TEMPLATE_GENERATION]) || 0;

function setTemplateGeneration(object: KubeObject, generation: number): void {
  object.metadata.annotations = {
    ...object.metadata.annotations,
    [TEMPLATE_GENERATION]: String(generation),
  };
}

/** Models pkg/registry/apps/daemonset/strategy.go. */
export const daemonSetStrategy: Strategy = {
  needs: [checks.podSpecs, checks.workloads],
  fillDefaults,
  prepareForCreate(object) {
    object.status = Object.fromEntries(COUNTS.map((count) => [count, 0]));
    object.metadata.generation = 1;
    setTemplateGeneration(object, templateGenerationOf(object) || 1);
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
    const templateChanged = !decodedEqual(object.spec.template, old.spec.template);
    setTemplateGeneration(object, templateGenerationOf(old) + (templateChanged ? 1 : 0));
    bumpGeneration(object, old, !decodedEqual(object.spec, old.spec));
  },
  warningsOnCreate: ({ spec }) => checks.podSpecs.loaded.templateWarnings(spec.template),
  warningsOnUpdate: (object, old) => checks.podSpecs.loaded.changedTemplateWarnings(object, old),
  validatesUpdateAsNew: true,
  validate: (object) => checks.workloads.loaded.validateDaemonSetSpec(object.spec),
  validateUpdate: (object, old) => [
    ...checks.workloads.loaded.validateDaemonSetSpec(object.spec, old.spec),
    ...checks.workloads.loaded.validateSelectorUpdate(object.spec.selector, old.spec.selector),
  ],
};

const statusStrategy = statusOnly(fillDefaults);

/** The counter is a field of the spec, which a status leaves as it is. */
export const daemonSetStatusStrategy: UpdateStrategy = {
  needs: [checks.workloads],
  ...statusStrategy,
  prepareForUpdate(object, old, context) {
    statusStrategy.prepareForUpdate!(object, old, context);
    setTemplateGeneration(object, templateGenerationOf(old));
  },
  validateUpdate: (object, old) => checks.workloads.loaded.validateDaemonSetStatus(object, old),
};
