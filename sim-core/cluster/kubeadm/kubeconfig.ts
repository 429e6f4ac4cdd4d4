import type { KubeconfigFile } from '../../kubectl/clientcmd/kubeconfig-file.ts';
import type { IssuedCertificate } from '../pki.ts';
import { API_SERVER_PORT, CONTROL_PLANE } from './constants.ts';

export const API_SERVER_URL = `https://${CONTROL_PLANE.address}:${API_SERVER_PORT}`;

/** How the client proves who it is: with certificate and key inside the file, or in a file of their own. */
export type KubeconfigUser =
  { readonly certificate: IssuedCertificate } | { readonly certificatePath: string };

/**
 * A kubeconfig as kubeadm writes it.
 *
 * Models cmd/kubeadm/app/util/kubeconfig CreateWithCerts.
 */
export function kubeconfigFile(
  name: string,
  authority: IssuedCertificate,
  user: KubeconfigUser,
  server: string = API_SERVER_URL,
): KubeconfigFile {
  const context = `${name}@kubernetes`;
  return {
    apiVersion: 'v1',
    clusters: [
      {
        cluster: { 'certificate-authority-data': authority.certificateFile, server },
        name: 'kubernetes',
      },
    ],
    contexts: [{ context: { cluster: 'kubernetes', user: name }, name: context }],
    'current-context': context,
    kind: 'Config',
    users: [
      {
        name,
        user:
          'certificate' in user
            ? {
                'client-certificate-data': user.certificate.certificateFile,
                'client-key-data': user.certificate.keyFile,
              }
            : { 'client-certificate': user.certificatePath, 'client-key': user.certificatePath },
      },
    ],
  };
}
