import type { StatusError } from '../../apimachinery/status.ts';
import { forbiddenError } from '../../apimachinery/status.ts';
import type { AdmissionAttributes } from './plugin.ts';

/** The name that a refusal shows: a generated one is not made yet. Models errors.go extractResourceName. */
function shownName({ name, object }: AdmissionAttributes): string {
  return name || object?.metadata.name || object?.metadata.generateName || 'Unknown';
}

/** A 403 about the request's object. Models k8s.io/apiserver/pkg/admission NewForbidden. */
export function admissionForbidden(attributes: AdmissionAttributes, reason: string): StatusError {
  const { group, resource } = attributes.resource;
  return forbiddenError({ group, resource }, shownName(attributes), reason);
}

/** True for a write to an object itself, not to one of its subresources. */
export function isResource(attributes: AdmissionAttributes, group: string, resource: string): boolean {
  return (
    attributes.subresource === '' &&
    attributes.resource.resource === resource &&
    attributes.resource.group === group
  );
}

/** True for changed resources of a running pod. */
export const isPodResize = ({ resource, subresource }: AdmissionAttributes): boolean =>
  subresource === 'resize' && resource.group === '' && resource.resource === 'pods';
