import type { Name } from '../../../crypto/x509/name.ts';

/** Attributes as OpenSSL abbreviates them. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
};

/** "O = system:masters, CN = kubernetes-admin", in the order of the certificate. */
export function nameText({ rdns }: Name): string {
  return rdns
    .map((set) => set.map(({ type, value }) => `${ATTRIBUTES[type] ?? type} = ${value}`).join(' + '))
    .join(', ');
}
