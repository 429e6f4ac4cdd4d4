import { semanticEqual } from '../../../../../apimachinery/copy.ts';
import type { ServerServices } from '../../../../registry/rest/server-services.ts';
import { admissionForbidden } from '../../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../../plugin.ts';
import { isSigningRequest, mayActForSigner } from '../signers.ts';

/**
 * Only who may "sign" for a signer writes its certificates.
 * Models plugin/pkg/admission/certificates/signing/admission.go.
 */
export class CertificateSigning implements PluginWork {
  readonly #services: Pick<ServerServices, 'authorizer'>;

  constructor(services: Pick<ServerServices, 'authorizer'>) {
    this.#services = services;
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const { object, oldObject } = attributes;
    if (!isSigningRequest(attributes, 'status')) return;
    const unchanged = ['certificate', 'conditions'].every((field) =>
      semanticEqual(object?.status?.[field], oldObject?.status?.[field]),
    );
    if (unchanged) return;
    const signer: string = oldObject?.spec?.signerName ?? '';
    if (await mayActForSigner(this.#services.authorizer, attributes.user, 'sign', signer)) return;
    const name = JSON.stringify(signer);
    throw admissionForbidden(attributes, `user not permitted to sign requests with signerName ${name}`);
  }
}
