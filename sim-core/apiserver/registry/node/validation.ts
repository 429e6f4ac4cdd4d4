import type { Toleration } from 'kubernetes-types/core/v1';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { FieldError as FieldErrorClass } from '../../../apimachinery/validation/field-error.ts';
import { validateLabels } from '../../../apimachinery/validation/labels.ts';
import { nameIsDNSLabel } from '../../../apimachinery/validation/names.ts';
import { validateImmutableField } from '../../../apimachinery/validation/object-meta.ts';
import { validateNameWith } from '../core/validation/common.ts';
import { validateResourceRequirements } from '../core/validation/resources.ts';
import { goToleration, validateTolerations } from '../core/validation/tolerations.ts';
import { nodeLabelWarning } from '../core/pod/warnings.ts';
import type { Strategy } from '../rest/strategy.ts';

/** Tolerations, each once. Models validateTolerations. */
function validateUniqueTolerations(tolerations: readonly Toleration[], field: string): FieldError[] {
  const seen = new Set<string>();
  return [
    ...validateTolerations(tolerations, `${field}.tolerations`),
    ...tolerations.flatMap((toleration, index) => {
      const { key = '', operator = '', value = '', effect = '' } = toleration;
      const identity = JSON.stringify([key, operator, value, effect]);
      if (!seen.has(identity)) {
        seen.add(identity);
        return [];
      }
      return [new FieldErrorClass('Duplicate', `${field}[${index}]`, goToleration(toleration), '')];
    }),
  ];
}

/** Models pkg/apis/node/validation ValidateRuntimeClass. */
function validate({ handler = '', overhead, scheduling }: KubeObject): FieldError[] {
  return [
    ...validateNameWith(nameIsDNSLabel, handler, 'handler'),
    ...(overhead ? validateResourceRequirements({ limits: overhead.podFixed }, 'overhead') : []),
    ...(scheduling
      ? [
          ...validateLabels(scheduling.nodeSelector, 'scheduling.nodeSelector'),
          ...validateUniqueTolerations(scheduling.tolerations ?? [], 'scheduling.tolerations'),
        ]
      : []),
  ];
}

/** Models pkg/api/node GetWarningsForRuntimeClass. */
const warningsOf = ({ scheduling }: KubeObject): string[] =>
  Object.keys(scheduling?.nodeSelector ?? {}).flatMap((key) => {
    const text = nodeLabelWarning(key);
    return text === undefined ? [] : [`scheduling.nodeSelector: ${text}`];
  });

export const runtimeClass: Strategy = {
  warningsOnCreate: warningsOf,
  warningsOnUpdate: warningsOf,
  validate,
  validateUpdate: (object, old) => validateImmutableField(object.handler, old.handler, 'handler'),
};
