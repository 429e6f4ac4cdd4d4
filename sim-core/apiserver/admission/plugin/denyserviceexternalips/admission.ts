import type { KubeObject } from '../../../../apimachinery/object.ts';
import { admissionForbidden, isResource } from '../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../plugin.ts';

/**
 * No Service gets further external addresses.
 * Models plugin/pkg/admission/network/denyserviceexternalips/admission.go.
 */
export class DenyServiceExternalIPs implements PluginWork {
  validate(attributes: AdmissionAttributes): Promise<void> {
    if (!isResource(attributes, '', 'services') || attributes.object === undefined) return Promise.resolve();
    const before = addressesOf(attributes.oldObject);
    if (addressesOf(attributes.object).every((address) => before.includes(address))) return Promise.resolve();
    const text = 'Use of external IPs is denied by admission control';
    return Promise.reject(admissionForbidden(attributes, text));
  }
}

const addressesOf = (service: KubeObject | undefined): readonly string[] => service?.spec?.externalIPs ?? [];
