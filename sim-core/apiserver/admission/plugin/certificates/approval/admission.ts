import type { ServerServices } from '../../../../registry/rest/server-services.ts';
import { admissionForbidden } from '../../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../../plugin.ts';
import { isSigningRequest, mayActForSigner } from '../signers.ts';

/**
 * Only who may "approve" for a signer decides about its requests.
 * Models plugin/pkg/admission/certificates/approval/admission.go.
 */
export class CertificateApproval implements PluginWork {
  readonly #services: Pick<ServerServices, 'authorizer'>;

  constructor(services: Pick<ServerServices, 'authorizer'>) {
    this.#services = services;
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    if (!isSigningRequest(attributes, 'approval')) return;
    const signer: string = attributes.oldObject?.spec?.signerName ?? '';
    if (await mayActForSigner(this.#services.authorizer, attributes.user, 'approve', signer)) return;
    const name = JSON.stringify(signer);
    throw admissionForbidden(attributes, `user not permitted to approve requests with signerName ${name}`);
  }
}
