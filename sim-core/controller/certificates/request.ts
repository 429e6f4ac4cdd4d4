import type { CertificateSigningRequest } from 'kubernetes-types/certificates/v1';
import { decodeBase64 } from '../../crypto/encoding/base64.ts';
import { decodePem } from '../../crypto/encoding/pem.ts';
import { decodeUtf8 } from '../../crypto/encoding/utf8.ts';
import { CertificateError } from '../../crypto/x509/certificate.ts';
import { CertificateRequest } from '../../crypto/x509/certificate-request.ts';

export const KUBE_API_SERVER_CLIENT = 'kubernetes.io/kube-apiserver-client';
export const KUBE_API_SERVER_CLIENT_KUBELET = 'kubernetes.io/kube-apiserver-client-kubelet';
export const KUBELET_SERVING = 'kubernetes.io/kubelet-serving';
export const LEGACY_UNKNOWN = 'kubernetes.io/legacy-unknown';

/** Delays of a request whose sync failed, in milliseconds. Models NewCertificateController. */
export const BACKOFF = 200;
export const MAX_BACKOFF = 1_000_000;

export function hasCondition(
  request: CertificateSigningRequest,
  type: 'Approved' | 'Denied' | 'Failed',
): boolean {
  return request.status?.conditions?.some((condition) => condition.type === type) ?? false;
}

/** What is asked for. Throws a CertificateError. */
export function requestOf({ spec }: CertificateSigningRequest): CertificateRequest {
  const bytes = decodeBase64(spec.request);
  const [block] = bytes === undefined ? [] : decodePem(decodeUtf8(bytes));
  if (block?.type !== 'CERTIFICATE REQUEST') {
    throw new CertificateError('PEM block type must be CERTIFICATE REQUEST');
  }
  return CertificateRequest.parse(block.bytes);
}

const NODE_GROUP = 'system:nodes';
const NODE_PREFIX = 'system:node:';

/** Why it is no request of a kubelet's for a client certificate; undefined: it is one. Models ValidateKubeletClientCSR. */
export function kubeletClientFault(
  { subject: { organizations, commonName }, names }: CertificateRequest,
  usages: readonly string[],
): string | undefined {
  if (organizations.length !== 1 || organizations[0] !== NODE_GROUP)
    return 'subject organization is not system:nodes';
  if (names.dnsNames.length > 0) return 'DNS subjectAltNames are not allowed';
  if (names.emailAddresses.length > 0) return 'Email subjectAltNames are not allowed';
  if (names.ipAddresses.length > 0) return 'IP subjectAltNames are not allowed';
  if (names.uris.length > 0) return 'URI subjectAltNames are not allowed';
  if (!commonName.startsWith(NODE_PREFIX)) return 'subject common name does not begin with system:node: ';
  const isRight =
    usages.includes('client auth') &&
    usages.every((usage) => ['client auth', 'digital signature', 'key encipherment'].includes(usage));
  return isRight ? undefined : 'usages did not match [client auth digital signature]';
}

/** Why it is no request of a kubelet's for a server certificate; undefined: it is one. Models ValidateKubeletServingCSR. */
export function kubeletServingFault(
  { subject: { organizations, commonName }, names }: CertificateRequest,
  usages: readonly string[],
): string | undefined {
  if (organizations.length !== 1 || organizations[0] !== NODE_GROUP)
    return 'subject organization is not system:nodes';
  if (names.dnsNames.length + names.ipAddresses.length === 0) return 'DNS or IP subjectAltName is required';
  if (names.emailAddresses.length > 0) return 'Email subjectAltNames are not allowed';
  if (names.uris.length > 0) return 'URI subjectAltNames are not allowed';
  if (!commonName.startsWith(NODE_PREFIX)) return 'subject common name does not begin with system:node: ';
  const isRight =
    usages.includes('server auth') &&
    usages.every((usage) => ['server auth', 'digital signature', 'key encipherment'].includes(usage));
  return isRight ? undefined : 'usages did not match [digital signature server auth]';
}

/** Models validAPIServerClientUsages; undefined: they are valid. */
export function clientUsagesFault(usages: readonly string[]): string | undefined {
  const wrong = usages.find(
    (usage) => !['client auth', 'digital signature', 'key encipherment'].includes(usage),
  );
  if (wrong !== undefined) return `invalid usage for client certificate: ${wrong}`;
  return usages.includes('client auth')
    ? undefined
    : 'missing required usage for client certificate: client auth';
}
