import type { UserInfo } from '../../../authentication/user.ts';
import type { AdmissionAttributes } from '../../plugin.ts';
import type { Authorizer } from '../../../authorization/authorizer.ts';

/**
 * True if somebody may do `verb` for a signer, or for all signers of its domain.
 * Models pkg/certauthorization IsAuthorizedForSignerName.
 */
export async function mayActForSigner(
  authorizer: Authorizer,
  user: UserInfo,
  verb: string,
  signerName: string,
): Promise<boolean> {
  for (const name of [signerName, `${signerName.split('/')[0]!}/*`]) {
    const { decision } = await authorizer.authorize({
      user,
      verb,
      resourceRequest: true,
      group: 'certificates.k8s.io',
      version: '*',
      resource: 'signers',
      subresource: '',
      namespace: '',
      name,
      path: '',
    });
    if (decision === 'allow') return true;
  }
  return false;
}

/** True for a write to a CertificateSigningRequest, or to `subresource` of one. */
export const isSigningRequest = ({ resource, ...attributes }: AdmissionAttributes, subresource: string) =>
  resource.group === 'certificates.k8s.io' &&
  resource.resource === 'certificatesigningrequests' &&
  attributes.subresource === subresource;
