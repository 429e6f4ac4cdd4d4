import type { CertificateSigningRequest } from 'kubernetes-types/certificates/v1';
import { type CertificateSubject, parseCertificateRequest } from './pkcs10.ts';

export const KUBE_API_SERVER_CLIENT = 'kubernetes.io/kube-apiserver-client';
export const KUBE_API_SERVER_CLIENT_KUBELET = 'kubernetes.io/kube-apiserver-client-kubelet';
export const KUBELET_SERVING = 'kubernetes.io/kubelet-serving';
export const LEGACY_UNKNOWN = 'kubernetes.io/legacy-unknown';

export function hasCondition(
  request: CertificateSigningRequest,
  type: 'Approved' | 'Denied' | 'Failed',
): boolean {
  return request.status?.conditions?.some((condition) => condition.type === type) ?? false;
}

/** What the request asks for. Throws a RequestError. */
export function subjectOfRequest({ spec }: CertificateSigningRequest): CertificateSubject {
  return parseCertificateRequest(decodeBase64(spec.request));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 of ASCII, which PEM is. */
function decodeBase64(encoded: string): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const character of encoded) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xfff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    text += String.fromCharCode((bits >> held) & 0xff);
  }
  return text;
}

/** The inverse of it. */
export function encodeBase64(text: string): string {
  let encoded = '';
  for (let at = 0; at < text.length; at += 3) {
    const [a, b, c] = [text.charCodeAt(at), text.charCodeAt(at + 1) || 0, text.charCodeAt(at + 2) || 0];
    const group = (a << 16) | (b << 8) | c;
    const left = text.length - at;
    encoded += ALPHABET[group >> 18]! + ALPHABET[(group >> 12) & 63]!;
    encoded += left > 1 ? ALPHABET[(group >> 6) & 63]! : '=';
    encoded += left > 2 ? ALPHABET[group & 63]! : '=';
  }
  return encoded;
}

const NODE_GROUP = 'system:nodes';
const NODE_PREFIX = 'system:node:';

/** Why it is no request of a kubelet's for a client certificate; undefined: it is one. Models ValidateKubeletClientCSR. */
export function kubeletClientFault(
  { organizations, commonName, names }: CertificateSubject,
  usages: readonly string[],
): string | undefined {
  if (organizations.length !== 1 || organizations[0] !== NODE_GROUP)
    return 'subject organization is not system:nodes';
  if (names.length > 0) return 'DNS subjectAltNames are not allowed';
  if (!commonName.startsWith(NODE_PREFIX)) return 'subject common name does not begin with system:node: ';
  const isRight =
    usages.includes('client auth') &&
    usages.every((usage) => ['client auth', 'digital signature', 'key encipherment'].includes(usage));
  return isRight ? undefined : 'usages did not match [client auth digital signature]';
}

/** Why it is no request of a kubelet's for a server certificate; undefined: it is one. Models ValidateKubeletServingCSR. */
export function kubeletServingFault(
  { organizations, commonName, names }: CertificateSubject,
  usages: readonly string[],
): string | undefined {
  if (organizations.length !== 1 || organizations[0] !== NODE_GROUP)
    return 'subject organization is not system:nodes';
  if (names.length === 0) return 'DNS or IP subjectAltName is required';
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
