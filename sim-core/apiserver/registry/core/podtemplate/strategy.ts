import { decodedEqual } from '../../../../apimachinery/copy.ts';
import type { KubeObject } from '../../../../apimachinery/object.ts';
import { column } from '../../../printers/columns.ts';
import { containerCells, formatLabels } from '../../../printers/format.ts';
import { bumpGeneration } from '../../generation.ts';
import type { TableColumn } from '../../rest/resource.ts';
import type { Strategy } from '../../rest/strategy.ts';
import { defaultPodTemplate } from '../defaults/pod-spec.ts';
import { checks } from '../../checks.ts';

const validate = (object: KubeObject) =>
  checks.podSpecs.loaded.validatePodTemplateSpec(object.template, 'template');

/** Models pkg/registry/core/podtemplate/strategy.go. */
export const podTemplateStrategy: Strategy = {
  needs: [checks.podSpecs],
  fillDefaults: (object) => defaultPodTemplate(object as never),
  prepareForCreate(object) {
    object.metadata.generation = 1;
  },
  prepareForUpdate(object, old) {
    bumpGeneration(object, old, !decodedEqual(object.template, old.template));
  },
  warningsOnCreate: ({ template }) => checks.podSpecs.loaded.templateWarnings(template, 'template'),
  warningsOnUpdate: ({ template }) => checks.podSpecs.loaded.templateWarnings(template, 'template'),
  validate,
  validateUpdate: validate,
};

const containersOf = (object: KubeObject) => containerCells(object.template?.spec?.containers);

export const podTemplateColumns: readonly TableColumn[] = [
  column(
    'Containers',
    'string',
    'Names of each container in the template.',
    (object) => containersOf(object).names,
  ),
  column(
    'Images',
    'string',
    'Images referenced by each container in the template.',
    (object) => containersOf(object).images,
  ),
  column('Pod Labels', 'string', 'The labels for the pod template.', (object) =>
    formatLabels(object.template?.metadata?.labels),
  ),
];
