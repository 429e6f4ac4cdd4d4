import { admissionForbidden } from '../../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../../plugin.ts';
import { isSigningRequest } from '../signers.ts';
import { organizationsOf } from './organizations.ts';

const CLIENT_SIGNER = 'kubernetes.io/kube-apiserver-client';

/**
 * Nobody becomes an administrator by a client certificate.
 * Models plugin/pkg/admission/certificates/subjectrestriction/admission.go.
 */
export class CertificateSubjectRestriction implements PluginWork {
  validate(attributes: AdmissionAttributes): Promise<void> {
    const { object } = attributes;
    if (!isSigningRequest(attributes, '')) return Promise.resolve();
    if (object?.spec?.signerName !== CLIENT_SIGNER) return Promise.resolve();
    let pem = '';
    try {
      pem = atob(object.spec.request ?? '');
    } catch {
      // The strategy says what is wrong with it.
    }
    if (!organizationsOf(pem).includes('system:masters')) return Promise.resolve();
    const text = `use of ${CLIENT_SIGNER} signer with system:masters group is not allowed`;
    return Promise.reject(admissionForbidden(attributes, text));
  }
}
