import { JsonSyntaxError, parseJson } from '../../../../apimachinery/json/parse.ts';
import type { Json } from '../../../../apimachinery/object.ts';
import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { invalid, required } from '../../../../apimachinery/validation/field-error.ts';

const ANNOTATION = 'scheduler.alpha.kubernetes.io/preferAvoidPods';
const FIELD = 'metadata.annotations';

/** What is wrong with the annotation that names pods to keep away. Models ValidateAvoidPodsInNodeAnnotations. */
export function validateAvoidPods(annotations: Readonly<Record<string, string>> = {}): FieldError[] {
  const text = annotations[ANNOTATION] ?? '';
  if (text === '') return [];
  let value: Json;
  try {
    ({ value } = parseJson(text));
  } catch (error) {
    if (error instanceof JsonSyntaxError) return [invalid(`${FIELD}.AvoidPods`, ANNOTATION, error.message)];
    throw error;
  }
  const entries = (value as { preferAvoidPods?: unknown } | null)?.preferAvoidPods;
  return (Array.isArray(entries) ? entries : []).flatMap((entry: unknown, index): FieldError[] => {
    const field = `${FIELD}.${ANNOTATION}[${index}].PodSignature`;
    const owner = (entry as { podSignature?: { podController?: { controller?: boolean } } } | null)
      ?.podSignature?.podController;
    if (owner === undefined || owner === null) return [required(field)];
    return owner.controller === true
      ? []
      : [invalid(`${field}.PodController.Controller`, false, 'must point to a controller')];
  });
}
