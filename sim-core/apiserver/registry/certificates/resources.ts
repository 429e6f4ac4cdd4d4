import { humanDuration } from '../../../apimachinery/duration.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { LazyModule } from '../../../clock/lazy-module.ts';
import { curve } from '../../../crypto/keys/curve.ts';
import { AGE, column } from '../../printers/columns.ts';
import { lazyStrategy, lazyUpdate } from '../lazy-strategy.ts';
import type { ResourceDefinition } from '../rest/resource.ts';
import { rowsOf } from '../row.ts';

const row = rowsOf('certificates.k8s.io', 'v1', 'io.k8s.api.certificates.v1');
const SPEC = 'io.k8s.api.certificates.v1.CertificateSigningRequestSpec';
const STATUS = 'io.k8s.api.certificates.v1.CertificateSigningRequestStatus';
/** What a request says is signed by its key. */
const module = new LazyModule(async () => {
  await curve.fetch();
  return import('./strategy.ts');
});

interface Condition {
  readonly type: string;
}

function fillDefaults(object: KubeObject): void {
  object.spec ??= {};
  object.status ??= {};
}

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
    strategy: lazyStrategy(module, ({ strategy }) => strategy, {
      fillDefaults,
      // Any name will do: what is not one segment of a path is found last.
      validateName: () => [],
      selectableFields: ({ spec }) => ({ 'spec.signerName': spec?.signerName ?? '' }),
    }),
    status: lazyUpdate(module, ({ status }) => status, { fillDefaults }),
    subresources: [
      {
        handler: 'update',
        name: 'approval',
        strategy: lazyUpdate(module, ({ approval }) => approval, { fillDefaults }),
      },
    ],
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
