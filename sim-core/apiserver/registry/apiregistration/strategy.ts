import type { KubeObject } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/object.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { invalid, notSupported, required } from '../../../apimachinery/validation/field-error.ts';
import {
  isDNS1035Label,
  isDNS1123Subdomain,
  isValidPortNum,
  nameIsPathSegment,
} from '../../../apimachinery/validation/names.ts';
import { decodeBase64 } from '../core/secret/base64.ts';
import type { Strategy, UpdateStrategy } from '../rest/strategy.ts';

const MAX_GROUP_PRIORITY = 20_000;
const MAX_VERSION_PRIORITY = 1_000;
const STATUSES = ['True', 'False', 'Unknown'];

/** Models k8s.io/kube-aggregator/pkg/apis/apiregistration/validation ValidateAPIService. */
function validate({ metadata, spec }: KubeObject): FieldError[] {
  const { group = '', version = '', service, caBundle, insecureSkipTLSVerify: insecure } = spec;
  const { groupPriorityMinimum = 0, versionPriority = 0 } = spec;
  const errors: FieldError[] = [];
  const name = `${version}.${group}`;
  for (const field of ['generateName', 'name'] as const) {
    const value = metadata[field] ?? '';
    // A name that is no segment of a path is said to be that only.
    if (value === '' || value === name || nameIsPathSegment(value, false).length > 0) continue;
    const text = `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(name)}`;
    errors.push(invalid(`metadata.${field}`, value, text));
  }
  if (group === '' && version !== 'v1') {
    errors.push(required('spec.group', 'only v1 may have an empty group and it better be legacy kube'));
  }
  for (const text of group === '' ? [] : isDNS1123Subdomain(group)) {
    errors.push(invalid('spec.group', group, text));
  }
  for (const text of isDNS1035Label(version)) errors.push(invalid('spec.version', version, text));
  const range = (field: string, value: number, max: number) => {
    if (value > 0 && value <= max) return;
    errors.push(invalid(field, value, `must be positive and less than ${max}`));
  };
  range('spec.groupPriorityMinimum', groupPriorityMinimum, MAX_GROUP_PRIORITY);
  range('spec.versionPriority', versionPriority, MAX_VERSION_PRIORITY);
  const skip = 'spec.insecureSkipTLSVerify';
  if (!service) {
    if (caBundle) {
      const size = `${decodeBase64(caBundle).length} bytes`;
      errors.push(invalid('spec.caBundle', size, 'local APIServices may not have a caBundle'));
    }
    if (insecure) {
      errors.push(invalid(skip, insecure, 'local APIServices may not have insecureSkipTLSVerify'));
    }
    return errors;
  }
  if (!service.namespace) errors.push(required('spec.service.namespace'));
  if (!service.name) errors.push(required('spec.service.name'));
  const complaints = isValidPortNum(service.port);
  if (complaints.length > 0) {
    errors.push(invalid('spec.service.port', service.port, `port is not valid: ${complaints.join(', ')}`));
  }
  if (insecure && caBundle) {
    errors.push(invalid(skip, insecure, 'may not be true if caBundle is present'));
  }
  return errors;
}

/** Models k8s.io/kube-aggregator/pkg/registry/apiservice/strategy.go. */
export const strategy: Strategy = {
  prepareForCreate(object, { now }) {
    object.status = {};
    if (object.spec.service) return;
    object.status.conditions = [
      {
        type: 'Available',
        status: 'True',
        lastTransitionTime: formatTime(now),
        reason: 'Local',
        message: 'Local APIServices are always available',
      },
    ];
  },
  prepareForUpdate(object, old) {
    object.status = old.status;
  },
  validate,
  validateUpdate: validate,
};

export const status: UpdateStrategy = {
  resetFields: ['metadata', 'spec'],
  prepareForUpdate(object, old) {
    object.spec = old.spec;
    const { labels, annotations, finalizers, ownerReferences } = old.metadata;
    object.metadata = {
      ...object.metadata,
      ...(labels !== undefined && { labels }),
      ...(annotations !== undefined && { annotations }),
      ...(finalizers !== undefined && { finalizers }),
      ...(ownerReferences !== undefined && { ownerReferences }),
    };
  },
  validateUpdate: (object) =>
    ((object.status.conditions ?? []) as { status?: string }[]).flatMap(({ status: value }, index) =>
      STATUSES.includes(value ?? '')
        ? []
        : [notSupported(`status.conditions[${index}].status`, value ?? '', STATUSES)],
    ),
};
