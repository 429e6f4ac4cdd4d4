import type { ServerServices } from '../../../../registry/rest/server-services.ts';
import { admissionForbidden, isResource } from '../../../errors.ts';
import type { AdmissionAttributes, PluginWork } from '../../../plugin.ts';
import { mayActForSigner } from '../signers.ts';

/**
 * Only who may "attest" for a signer writes bundles of its roots.
 * Models plugin/pkg/admission/certificates/ctbattest/admission.go.
 */
export class ClusterTrustBundleAttest implements PluginWork {
  readonly #services: Pick<ServerServices, 'authorizer'>;

  constructor(services: Pick<ServerServices, 'authorizer'>) {
    this.#services = services;
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    if (!isResource(attributes, 'certificates.k8s.io', 'clustertrustbundles')) return;
    const signer: string = attributes.object?.spec?.signerName ?? '';
    if (signer === '' || signer === attributes.oldObject?.spec?.signerName) return;
    if (await mayActForSigner(this.#services.authorizer, attributes.user, 'attest', signer)) return;
    const name = JSON.stringify(signer);
    throw admissionForbidden(attributes, `user not permitted to attest for signerName ${name}`);
  }
}
