import type { PodSpec } from 'kubernetes-types/core/v1';
import { nodeIdentity } from '../authorization/node/node-identity.ts';
import { isPodResize } from './errors.ts';
import type { LazyRow } from './lazy-plugin.ts';
import type { AdmissionAttributes } from './plugin.ts';
import type * as Limits from './plugin/limits.ts';
import type * as NodeRestrictionModule from './plugin/noderestriction/admission.ts';
import type * as RareModule from './plugin/rare.ts';

type Rare = typeof RareModule;
type When = Pick<LazyRow<Rare>, 'operations' | 'resources' | 'does' | 'applies'>;

const CREATE = ['CREATE'] as const;
const UPDATE = ['UPDATE'] as const;
const WRITES = ['CREATE', 'UPDATE'] as const;

const limits = { operations: WRITES, fetch: () => import('./plugin/limits.ts') };
const rare = (pick: LazyRow<Rare>['pick'], when: When): LazyRow<Rare> => ({
  ...when,
  pick,
  fetch: () => import('./plugin/rare.ts'),
});

const signingRequests = (subresource: string) => [
  `certificates.k8s.io/certificatesigningrequests${subresource}`,
];

/** A namespace's own quota does not count the namespace. Models resourcequota.Admission Validate. */
function isCounted(attributes: AdmissionAttributes): boolean {
  const { namespace, object, resource, subresource } = attributes;
  if (namespace === '' || object === undefined) return false;
  if (subresource !== '' && !isPodResize(attributes)) return false;
  return resource.group !== '' || resource.resource !== 'namespaces';
}

/** Plugins that a cluster can do without for a long time: they come with what they are for. */
export const LAZY_PLUGINS = {
  LimitRanger: {
    ...limits,
    pick: ({ LimitRanger }) => LimitRanger,
    does: ['admit', 'validate'],
    resources: ['/pods', '/pods/resize', '/persistentvolumeclaims'],
    applies: (_attributes, { reader }) => reader.has({ group: '', resource: 'limitranges' }),
  } satisfies LazyRow<typeof Limits>,
  ResourceQuota: {
    ...limits,
    pick: ({ ResourceQuota }) => ResourceQuota,
    does: ['validate'],
    applies: (attributes, { reader }) =>
      isCounted(attributes) && reader.has({ group: '', resource: 'resourcequotas' }),
  } satisfies LazyRow<typeof Limits>,
  NodeRestriction: {
    fetch: () => import('./plugin/noderestriction/admission.ts'),
    pick: ({ NodeRestriction }) => NodeRestriction,
    operations: ['CREATE', 'UPDATE', 'DELETE'],
    does: ['admit'],
    mutates: false,
    applies: ({ user }) => nodeIdentity(user) !== undefined,
  } satisfies LazyRow<typeof NodeRestrictionModule>,
  RuntimeClass: rare(({ RuntimeClass }) => RuntimeClass, {
    operations: CREATE,
    does: ['admit', 'validate'],
    resources: ['/pods'],
    applies({ object }) {
      const { runtimeClassName, overhead } = (object?.spec ?? {}) as Partial<PodSpec>;
      return runtimeClassName !== undefined || overhead !== undefined;
    },
  }),
  DefaultStorageClass: rare(({ DefaultStorageClass }) => DefaultStorageClass, {
    operations: CREATE,
    does: ['admit'],
    resources: ['/persistentvolumeclaims'],
  }),
  StorageObjectInUseProtection: rare(({ StorageObjectInUseProtection }) => StorageObjectInUseProtection, {
    operations: CREATE,
    does: ['admit'],
    resources: ['/persistentvolumes', '/persistentvolumeclaims'],
  }),
  PersistentVolumeClaimResize: rare(({ PersistentVolumeClaimResize }) => PersistentVolumeClaimResize, {
    operations: UPDATE,
    does: ['validate'],
    resources: ['/persistentvolumeclaims'],
  }),
  CertificateApproval: rare(({ CertificateApproval }) => CertificateApproval, {
    operations: UPDATE,
    does: ['validate'],
    resources: signingRequests('/approval'),
  }),
  CertificateSigning: rare(({ CertificateSigning }) => CertificateSigning, {
    operations: UPDATE,
    does: ['validate'],
    resources: signingRequests('/status'),
  }),
  CertificateSubjectRestriction: rare(({ CertificateSubjectRestriction }) => CertificateSubjectRestriction, {
    operations: CREATE,
    does: ['validate'],
    resources: signingRequests(''),
  }),
  ClusterTrustBundleAttest: rare(({ ClusterTrustBundleAttest }) => ClusterTrustBundleAttest, {
    operations: WRITES,
    does: ['validate'],
    resources: ['certificates.k8s.io/clustertrustbundles'],
  }),
  DefaultIngressClass: rare(({ DefaultIngressClass }) => DefaultIngressClass, {
    operations: CREATE,
    does: ['admit'],
    resources: ['networking.k8s.io/ingresses'],
  }),
  AlwaysPullImages: rare(({ AlwaysPullImages }) => AlwaysPullImages, {
    operations: WRITES,
    does: ['admit'],
    resources: ['/pods'],
  }),
  PodNodeSelector: rare(({ PodNodeSelector }) => PodNodeSelector, {
    operations: CREATE,
    does: ['admit'],
    resources: ['/pods'],
  }),
  ExtendedResourceToleration: rare(({ ExtendedResourceToleration }) => ExtendedResourceToleration, {
    operations: WRITES,
    does: ['admit'],
    resources: ['/pods'],
  }),
  DenyServiceExternalIPs: rare(({ DenyServiceExternalIPs }) => DenyServiceExternalIPs, {
    operations: WRITES,
    does: ['validate'],
    resources: ['/services'],
  }),
} as const;
