import type { CertificateSigningRequestCondition as Condition } from 'kubernetes-types/certificates/v1';
import { decodedEqual } from '../../../apimachinery/copy.ts';
import { goQuote } from '../../../apimachinery/go-format.ts';
import type { Json, KubeObject } from '../../../apimachinery/object.ts';
import { KEY_USAGES } from '../../../apimachinery/schema/key-usages.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import {
  duplicate,
  forbidden,
  GoLiteral,
  invalid,
  notSupported,
  required,
  tooLong,
} from '../../../apimachinery/validation/field-error.ts';
import { byteLength, isDNS1123Label, isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { decodePem } from '../../../crypto/encoding/pem.ts';
import { CertificateRequest } from '../../../crypto/x509/certificate-request.ts';
import { Certificate, CertificateError } from '../../../crypto/x509/certificate.ts';
import { decodeBase64 } from '../core/secret/base64.ts';

const MIN_SECONDS = 600;
const MAX_DOMAIN = 253;
const MAX_SIGNER_NAME = MAX_DOMAIN + 1 + 63 + 1 + 253;
const LEGACY_SIGNER = 'kubernetes.io/legacy-unknown';
const DECISIONS = ['Approved', 'Denied'];
/** Conditions that are true, or are not there. */
const ALWAYS_TRUE = [...DECISIONS, 'Failed'];
const STATUSES = ['False', 'True', 'Unknown'];

/** What is wrong with the bytes of a request; undefined if nothing is. Models ParseCSR and CheckSignature. */
function requestProblem(text: string): string | undefined {
  const [block] = decodePem(text);
  if (block?.type !== 'CERTIFICATE REQUEST') return 'PEM block type must be CERTIFICATE REQUEST';
  return problemOf(() => CertificateRequest.parse(block.bytes).signatureProblem);
}

/** Models validateCertificate. */
function certificateProblem(text: string): string | undefined {
  if (text === '') return undefined;
  const blocks = decodePem(text);
  if (blocks.length === 0) return 'must contain at least one CERTIFICATE PEM block';
  for (const { type, bytes } of blocks) {
    if (type !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${goQuote(type)}`;
    const problem = problemOf(() => void Certificate.parse(bytes));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOf(read: () => string | undefined | void): string | undefined {
  try {
    return read() ?? undefined;
  } catch (error) {
    if (error instanceof CertificateError) return error.message;
    throw error;
  }
}

/** "example.com/name". Models ValidateSignerName. */
export function validateSignerName(name: string, field: string): FieldError[] {
  if (name === '') return [required(field)];
  const [domain = '', path = '', ...rest] = name.split('/');
  if (!name.includes('/') || rest.length > 0) {
    const form = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    return [invalid(field, name, form)];
  }
  const labels = (text: string, check: (label: string) => string[]) => {
    const bad = text.split('.').find((label) => check(label).length > 0);
    return bad === undefined
      ? []
      : check(bad).map((complaint) => invalid(field, text, `validating label ${goQuote(bad)}: ${complaint}`));
  };
  return [
    ...(byteLength(domain) > MAX_DOMAIN ? [tooLong(field, MAX_DOMAIN)] : []),
    ...labels(domain, isDNS1123Label),
    ...(domain.includes('.')
      ? []
      : [invalid(field, domain, 'should be a domain with at least two segments separated by dots')]),
    ...labels(path, isDNS1123Subdomain),
    ...(byteLength(name) > MAX_SIGNER_NAME ? [tooLong(field, MAX_SIGNER_NAME)] : []),
  ];
}

/** Models validateConditions. */
function validateConditions(conditions: readonly Condition[], field: string): FieldError[] {
  const seen = new Set<string>();
  return conditions.flatMap(({ type = '', status = '' }, index) => {
    const path = `${field}[${index}]`;
    const errors = type === '' ? [required(`${path}.type`)] : [];
    const allowed = ALWAYS_TRUE.includes(type) ? ['True'] : STATUSES;
    if (status === '') errors.push(required(`${path}.status`));
    else if (!allowed.includes(status)) errors.push(notSupported(`${path}.status`, status, allowed));
    const [other] = DECISIONS.includes(type) ? DECISIONS.filter((decision) => decision !== type) : [];
    if (other !== undefined && seen.has(other)) {
      const text = 'Approved and Denied conditions are mutually exclusive';
      errors.push(invalid(`${path}.type`, type, text));
    }
    if (seen.has(type)) errors.push(duplicate(`${path}.type`, type));
    seen.add(type);
    return errors;
  });
}

/** Models pkg/apis/certificates/validation validateCertificateSigningRequest. */
export function validateRequest({ spec, status }: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  const request = decodeBase64(spec.request ?? '');
  const problem = requestProblem(request);
  if (problem !== undefined) {
    const bytes = [...request].map((character) => `0x${character.charCodeAt(0).toString(16)}`);
    const shown = (spec.request ?? null) === null ? '[]byte(nil)' : `[]byte{${bytes.join(', ')}}`;
    errors.push(invalid('spec.request', new GoLiteral(shown), problem));
  }
  const usages: readonly string[] = spec.usages ?? [];
  if (usages.length === 0) errors.push(required('spec.usages'));
  usages.forEach((usage, index) => {
    if (!KEY_USAGES.includes(usage)) errors.push(notSupported(`spec.usages[${index}]`, usage, KEY_USAGES));
  });
  usages.forEach((usage, index) => {
    if (usages.indexOf(usage) < index) errors.push(duplicate(`spec.usages[${index}]`, usage));
  });
  const { signerName = '', expirationSeconds: seconds } = spec;
  errors.push(
    ...(signerName === LEGACY_SIGNER
      ? [invalid('spec.signerName', signerName, 'the legacy signerName is not allowed via this API version')]
      : validateSignerName(signerName, 'spec.signerName')),
  );
  if (seconds !== undefined && seconds < MIN_SECONDS) {
    const text = 'may not specify a duration less than 600 seconds (10 minutes)';
    errors.push(invalid('spec.expirationSeconds', seconds, text));
  }
  errors.push(...validateConditions(status?.conditions ?? [], 'status.conditions'));
  const wrong = certificateProblem(decodeBase64(status?.certificate ?? ''));
  if (wrong !== undefined) errors.push(invalid('status.certificate', '<certificate data>', wrong));
  return errors;
}

/** What one endpoint of a request may write. */
export interface AllowedChanges {
  readonly decisions?: boolean;
  readonly certificate?: boolean;
}

/** Models validateCertificateSigningRequestUpdate: decisions stay, and only …/approval makes them. */
export function validateRequestUpdate(
  object: KubeObject,
  old: KubeObject,
  allowed: AllowedChanges,
): FieldError[] {
  const errors = validateRequest(object);
  const of = (holder: KubeObject, type: string): readonly Condition[] =>
    ((holder.status?.conditions ?? []) as Condition[]).filter((condition) => condition.type === type);
  const refuse = (verb: string, type: string) =>
    errors.push(
      forbidden('status.conditions', `updates may not ${verb} a condition of type ${goQuote(type)}`),
    );
  for (const type of ALWAYS_TRUE) {
    if (of(object, type).length < of(old, type).length) refuse('remove', type);
  }
  for (const type of allowed.decisions ? [] : DECISIONS) {
    const [now, before] = [of(object, type), of(old, type)];
    if (now.length > before.length) refuse('add', type);
    else if (now.length === before.length && !decodedEqual(now as never as Json, before as never as Json)) {
      refuse('modify', type);
    }
  }
  const [now, before] = [object.status?.certificate ?? '', old.status?.certificate ?? ''];
  if (now === before) return errors;
  if (!allowed.certificate) {
    errors.push(forbidden('status.certificate', 'updates may not set certificate content'));
  } else if (before !== '') {
    errors.push(forbidden('status.certificate', 'updates may not modify existing certificate content'));
  }
  return errors;
}
