import type {
  CertificateSigningRequestSpec,
  CertificateSigningRequestStatus,
} from 'kubernetes-types/certificates/v1';
import { humanDuration } from '../../apimachinery/duration.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { formatLabels } from '../printers/table-printer.ts';
import { parseCertificateRequest } from '../util/certificate-request.ts';
import type { DescribeWriter } from './writer.ts';

/** Models pkg/describe describeCertificateSigningRequest. */
export function describeCertificateSigningRequest(object: KubeObject, writer: DescribeWriter): void {
  const { metadata } = object;
  const spec = object.spec as CertificateSigningRequestSpec;
  const request = parseCertificateRequest(spec.request);
  writer.field(0, 'Name', metadata.name);
  writer.field(0, 'Labels', formatLabels(metadata.labels));
  writer.field(0, 'Annotations', formatLabels(metadata.annotations));
  writer.field(0, 'CreationTimestamp', writer.time(metadata.creationTimestamp));
  writer.field(0, 'Requesting User', spec.username);
  if (spec.signerName) writer.field(0, 'Signer', spec.signerName);
  if (spec.expirationSeconds !== undefined)
    writer.field(0, 'Requested Duration', humanDuration(spec.expirationSeconds * 1000));
  writer.field(0, 'Status', statusText((object.status ?? {}) as CertificateSigningRequestStatus));
  const { subject, alternativeNames } = request;
  const list = (title: string, values: readonly string[] = []) => {
    if (values.length > 0) writer.line(0, `\t${title}:\t${values.join('\n\t\t')}`);
  };
  writer.line(0, 'Subject:');
  writer.line(0, `\tCommon Name:\t${subject.commonName?.[0] ?? ''}`);
  writer.line(0, `\tSerial Number:\t${subject.serialNumber?.[0] ?? ''}`);
  list('Organization', subject.organization);
  list('Organizational Unit', subject.organizationalUnit);
  list('Country', subject.country);
  list('Locality', subject.locality);
  list('Province', subject.province);
  list('StreetAddress', subject.streetAddress);
  list('PostalCode', subject.postalCode);
  const { dns, emails, uris, addresses } = alternativeNames;
  if (dns.length + emails.length + uris.length + addresses.length === 0) return;
  writer.line(0, 'Subject Alternative Names:');
  list('DNS Names', dns);
  list('Email Addresses', emails);
  list('URIs', uris);
  list('IP Addresses', addresses);
}

/** Models extractCSRStatus. */
function statusText({ conditions = [], certificate }: CertificateSigningRequestStatus): string {
  const has = (wanted: string) => conditions.some(({ type }) => type === wanted);
  const verdict = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return `${verdict}${has('Failed') ? ',Failed' : ''}${certificate ? ',Issued' : ''}`;
}
