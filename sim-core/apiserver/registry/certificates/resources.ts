import { humanDuration } from '../../../apimachinery/duration.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/object.ts';
import { decodePem } from '../../../crypto/encoding/pem.ts';
import { CertificateRequest } from '../../../crypto/x509/certificate-request.ts';
import { CertificateError } from '../../../crypto/x509/certificate.ts';
import type { FieldError } from '../../../apimachinery/validation/field-error.ts';
import { GoLiteral, invalid, required } from '../../../apimachinery/validation/field-error.ts';
import { AGE, column } from '../../printers/columns.ts';
import { nullTimes } from '../core/defaults/always-present.ts';
import { decodeBase64 } from '../core/secret/base64.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import type { StrategyContext, UpdateStrategy } from '../rest/strategy.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('certificates.k8s.io', 'v1', 'io.k8s.api.certificates.v1');
const SPEC = 'io.k8s.api.certificates.v1.CertificateSigningRequestSpec';
const STATUS = 'io.k8s.api.certificates.v1.CertificateSigningRequestStatus';
const MIN_SECONDS = 600;
const DECISIONS = ['Approved', 'Denied'];

interface Condition {
  type: string;
  status?: string;
  lastUpdateTime?: string | null;
  lastTransitionTime?: string | null;
}

function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
  nullTimes(object.status.conditions, ['lastUpdateTime', 'lastTransitionTime']);
}

/** Models pkg/apis/certificates/validation ValidateCertificateSigningRequestCreate. */
function validate({ spec }: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  const request = decodeBase64(spec.request ?? '');
  const problem = requestProblem(request);
  if (problem !== undefined) {
    const bytes = [...request].map((character) => `0x${character.charCodeAt(0).toString(16)}`);
    errors.push(invalid('spec.request', new GoLiteral(`[]byte{${bytes.join(', ')}}`), problem));
  }
  if (!spec.usages?.length) errors.push(required('spec.usages'));
  if (!spec.signerName) errors.push(required('spec.signerName'));
  if (spec.expirationSeconds !== undefined && spec.expirationSeconds < MIN_SECONDS) {
    errors.push(
      invalid(
        'spec.expirationSeconds',
        spec.expirationSeconds,
        'may not specify a duration less than 600 seconds',
      ),
    );
  }
  return errors;
}

/** What is wrong with the bytes of a request; undefined if nothing is. Models ParseCSR and CheckSignature. */
function requestProblem(text: string): string | undefined {
  const [block] = decodePem(text);
  if (block?.type !== 'CERTIFICATE REQUEST') return 'PEM block type must be CERTIFICATE REQUEST';
  try {
    return CertificateRequest.parse(block.bytes).signatureProblem;
  } catch (error) {
    if (error instanceof CertificateError) return error.message;
    throw error;
  }
}

/** New conditions, and those that changed, get the time. Models populateConditionTimestamps. */
function stampConditions(object: KubeObject, old: KubeObject, now: number): void {
  const before: Condition[] = old.status?.conditions ?? [];
  for (const condition of (object.status?.conditions ?? []) as Condition[]) {
    const same = before.find(({ type }) => type === condition.type);
    condition.lastUpdateTime ??= formatTime(now);
    condition.lastTransitionTime ??= same?.lastTransitionTime ?? formatTime(now);
  }
}

const isDecision = ({ type }: Condition) => DECISIONS.includes(type);

/** …/approval changes conditions only. Models csrApprovalStrategy. */
const approvalStrategy: UpdateStrategy = {
  fillDefaults,
  prepareForUpdate(object, old, { now }: StrategyContext) {
    const conditions = object.status?.conditions;
    object.spec = old.spec;
    object.status = { ...old.status };
    if (conditions !== undefined) object.status.conditions = conditions;
    stampConditions(object, old, now);
  },
};

/** …/status changes the certificate and conditions, but decides nothing. Models csrStatusStrategy. */
const statusStrategy: UpdateStrategy = {
  fillDefaults,
  prepareForUpdate(object, old, { now }: StrategyContext) {
    object.spec = old.spec;
    const decided: Condition[] = (old.status?.conditions ?? []).filter(isDecision);
    const others: Condition[] = (object.status?.conditions ?? []).filter(
      (condition: Condition) => !isDecision(condition),
    );
    if (decided.length + others.length > 0) object.status.conditions = [...decided, ...others];
    else delete object.status.conditions;
    stampConditions(object, old, now);
  },
};

/** "Approved,Issued", "Pending". Models printers.go extractCSRStatus. */
function conditionText({ status }: KubeObject): string {
  const types = ((status?.conditions ?? []) as Condition[]).map(({ type }) => type);
  const decision = types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending';
  return [
    decision,
    ...(types.includes('Failed') ? ['Failed'] : []),
    ...(status?.certificate ? ['Issued'] : []),
  ].join(',');
}

/** Models pkg/registry/certificates/certificates. */
export const certificatesResources: readonly ResourceDefinition[] = [
  row({
    kind: 'CertificateSigningRequest',
    resource: 'certificatesigningrequests',
    shortNames: ['csr'],
    namespaced: false,
    strategy: {
      fillDefaults,
      prepareForCreate(object, { user }) {
        object.spec.username = user.name;
        object.spec.groups = [...user.groups];
        if (user.uid) object.spec.uid = user.uid;
        else delete object.spec.uid;
        if (user.extra && Object.keys(user.extra).length > 0) object.spec.extra = user.extra;
        else delete object.spec.extra;
        object.status = {};
      },
      prepareForUpdate(object, old) {
        object.spec = old.spec;
        object.status = old.status;
      },
      validate,
      validateUpdate: () => [],
      selectableFields: ({ spec }) => ({ 'spec.signerName': spec?.signerName ?? '' }),
    },
    status: statusStrategy,
    subresources: [{ handler: 'update', name: 'approval', strategy: approvalStrategy }],
    columns: [
      AGE,
      column(
        'SignerName',
        'string',
        { of: SPEC, field: 'signerName' },
        ({ spec }) => spec?.signerName || '<none>',
      ),
      column('Requestor', 'string', { of: SPEC, field: 'request' }, ({ spec }) => spec?.username ?? ''),
      column('RequestedDuration', 'string', { of: SPEC, field: 'expirationSeconds' }, ({ spec }) =>
        spec?.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000),
      ),
      column('Condition', 'string', { of: STATUS, field: 'conditions' }, conditionText),
    ],
  }),
];
