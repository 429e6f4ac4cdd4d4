/** For one fetch: plugins for kinds that are seldom written, and those that are off by default; see ../lazy-plugins.ts. */
export { AlwaysPullImages } from './alwayspullimages/admission.ts';
export { CertificateApproval } from './certificates/approval/admission.ts';
export { ClusterTrustBundleAttest } from './certificates/ctbattest/admission.ts';
export { CertificateSigning } from './certificates/signing/admission.ts';
export { CertificateSubjectRestriction } from './certificates/subjectrestriction/admission.ts';
export { DefaultIngressClass } from './defaultingressclass/admission.ts';
export { DefaultStorageClass } from './defaultstorageclass/admission.ts';
export { DenyServiceExternalIPs } from './denyserviceexternalips/admission.ts';
export { ExtendedResourceToleration } from './extendedresourcetoleration/admission.ts';
export { PersistentVolumeClaimResize } from './persistentvolumeclaimresize/admission.ts';
export { PodNodeSelector } from './podnodeselector/admission.ts';
export { RuntimeClass } from './runtimeclass/admission.ts';
export { StorageObjectInUseProtection } from './storageobjectinuseprotection/admission.ts';
