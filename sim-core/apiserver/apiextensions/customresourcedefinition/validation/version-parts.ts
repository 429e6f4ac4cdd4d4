import type { FieldError } from '../../../../apimachinery/validation/field-error.ts';
import { duplicate, invalid, required, tooMany } from '../../../../apimachinery/validation/field-error.ts';
import type { CustomResourceVersion, JSONSchemaProps, PrinterColumn } from '../../types.ts';

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
const MAX_SELECTABLE_FIELDS = 8;

/** Models ValidateCustomResourceColumnDefinition. */
export function validateColumn({ name, type, format, jsonPath }: PrinterColumn, field: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!name) errors.push(required(`${field}.name`));
  const types = `must be one of ${COLUMN_TYPES.join(',')}`;
  if (!type) errors.push(required(`${field}.type`, types));
  else if (!COLUMN_TYPES.includes(type)) errors.push(invalid(`${field}.type`, type, types));
  if (format && !COLUMN_FORMATS.includes(format)) {
    errors.push(invalid(`${field}.format`, format, `must be one of ${COLUMN_FORMATS.join(',')}`));
  }
  if (!jsonPath) errors.push(required(`${field}.JSONPath`));
  else errors.push(...validateSimplePath(jsonPath, `${field}.JSONPath`));
  return errors;
}

function validateSimplePath(path: string, field: string): FieldError[] {
  return path.startsWith('.') ? [] : [invalid(field, path, 'must be a simple json path starting with .')];
}

/** Models ValidateCustomResourceDefinitionSubresources. */
export function validateSubresources({ subresources }: CustomResourceVersion, field: string): FieldError[] {
  const scale = subresources?.scale;
  if (scale === undefined) return [];
  const check = (name: keyof typeof scale, prefixes: readonly string[], where: string): FieldError[] => {
    const path = scale[name] ?? '';
    const at = `${field}.scale.${name}`;
    if (path === '') return name === 'labelSelectorPath' ? [] : [required(at)];
    const faults = validateSimplePath(path, at);
    if (faults.length > 0) return faults;
    return prefixes.some((prefix) => path.startsWith(prefix))
      ? []
      : [invalid(at, path, `should be a json path under ${where}`)];
  };
  return [
    ...check('specReplicasPath', ['.spec.'], '.spec'),
    ...check('statusReplicasPath', ['.status.'], '.status'),
    ...check('labelSelectorPath', ['.spec.', '.status.'], 'either .spec or .status'),
  ];
}

/** Models ValidateCustomResourceSelectableFields. */
export function validateSelectableFields(version: CustomResourceVersion, field: string): FieldError[] {
  const { selectableFields = [], schema } = version;
  if (selectableFields.length === 0) return [];
  const root = schema?.openAPIV3Schema;
  if (root === undefined) {
    return [invalid(field, '', 'may only be set when `version.schema.openAPIV3Schema` is not included')];
  }
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  selectableFields.forEach(({ jsonPath }, index) => {
    const at = `${field}[${index}].jsonPath`;
    if (!jsonPath) {
      errors.push(required(at));
      return;
    }
    const names = jsonPath.replace(/^\./, '').split('.');
    const found = schemaAt(root, names);
    if (!jsonPath.startsWith('.') || found === undefined) {
      errors.push(invalid(at, jsonPath, 'is an invalid path: does not refer to a valid field'));
      return;
    }
    if (names[0] === 'metadata') errors.push(invalid(at, jsonPath, 'must not point to fields in metadata'));
    if (!['string', 'boolean', 'integer'].includes(found.type ?? '')) {
      const detail =
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
      errors.push(invalid(at, jsonPath, detail));
    }
    if (seen.has(jsonPath)) errors.push(duplicate(at, jsonPath));
    seen.add(jsonPath);
  });
  if (seen.size > MAX_SELECTABLE_FIELDS) errors.push(tooMany(field, seen.size, MAX_SELECTABLE_FIELDS));
  return errors;
}

function schemaAt(schema: JSONSchemaProps, names: readonly string[]): JSONSchemaProps | undefined {
  return names.reduce<JSONSchemaProps | undefined>(
    (inner, name) =>
      inner?.properties !== undefined && Object.hasOwn(inner.properties, name)
        ? inner.properties[name]
        : undefined,
    schema,
  );
}
