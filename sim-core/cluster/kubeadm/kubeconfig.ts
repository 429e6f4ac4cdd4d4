import { encodeBase64 } from '../../kubectl/util/base64.ts';
import type { IssuedCertificate } from '../pki.ts';
import { API_SERVER_PORT, CONTROL_PLANE } from './constants.ts';
import { toYaml } from '../../kubectl/printers/yaml-printer.ts';

export const API_SERVER_URL = `https://${CONTROL_PLANE.address}:${API_SERVER_PORT}`;

/** How the client proves who it is: with certificate and key inside the file, or in a file of their own. */
export type KubeconfigUser =
  { readonly certificate: IssuedCertificate } | { readonly certificatePath: string };

/**
 * A kubeconfig as kubeadm writes it.
 *
 * Models cmd/kubeadm/app/util/kubeconfig CreateWithCerts.
 */
export function kubeconfigText(
  name: string,
  authority: string,
  user: KubeconfigUser,
  server: string = API_SERVER_URL,
): string {
  const context = `${name}@kubernetes`;
  return toYaml({
    apiVersion: 'v1',
    clusters: [
      {
        cluster: { 'certificate-authority-data': encodeBase64(authority), server },
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
                'client-certificate-data': encodeBase64(user.certificate.certificate),
                'client-key-data': encodeBase64(user.certificate.key),
              }
            : { 'client-certificate': user.certificatePath, 'client-key': user.certificatePath },
      },
    ],
  });
}
