import type { ServerServices } from '../registry/rest/server-services.ts';
import type { AdmissionSelection, PluginName } from './plugin-selection.ts';
import { selectedPlugins } from './plugin-selection.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { AlwaysPullImages } from './plugin/alwayspullimages/admission.ts';
import { CertificateApproval } from './plugin/certificates/approval/admission.ts';
import { ClusterTrustBundleAttest } from './plugin/certificates/ctbattest/admission.ts';
import { CertificateSigning } from './plugin/certificates/signing/admission.ts';
import { CertificateSubjectRestriction } from './plugin/certificates/subjectrestriction/admission.ts';
import { DefaultIngressClass } from './plugin/defaultingressclass/admission.ts';
import { DefaultStorageClass } from './plugin/defaultstorageclass/admission.ts';
import { DefaultTolerationSeconds } from './plugin/defaulttolerationseconds/admission.ts';
import { DenyServiceExternalIPs } from './plugin/denyserviceexternalips/admission.ts';
import { ExtendedResourceToleration } from './plugin/extendedresourcetoleration/admission.ts';
import { LimitRanger } from './plugin/limitranger/admission.ts';
import { NamespaceLifecycle } from './plugin/namespacelifecycle/admission.ts';
import { NodeRestriction } from './plugin/noderestriction/admission.ts';
import { TaintNodesByCondition } from './plugin/nodetaint/admission.ts';
import { PersistentVolumeClaimResize } from './plugin/persistentvolumeclaimresize/admission.ts';
import { PodNodeSelector } from './plugin/podnodeselector/admission.ts';
import { PodSecurity } from './plugin/podsecurity/admission.ts';
import { PodTopologyLabels } from './plugin/podtopologylabels/admission.ts';
import { MutatingAdmissionPolicy } from './plugin/policy/mutating/admission.ts';
import { ValidatingAdmissionPolicy } from './plugin/policy/validating/admission.ts';
import { Priority } from './plugin/priority/admission.ts';
import { ResourceQuota } from './plugin/resourcequota/admission.ts';
import { RuntimeClass } from './plugin/runtimeclass/admission.ts';
import { ServiceAccount } from './plugin/serviceaccount/admission.ts';
import { StorageObjectInUseProtection } from './plugin/storageobjectinuseprotection/admission.ts';
import { MutatingAdmissionWebhook, ValidatingAdmissionWebhook } from './plugin/webhook/admission.ts';

type PluginClass = new (services: ServerServices, selection: AdmissionSelection) => AdmissionPlugin;

const PLUGINS: Readonly<Record<PluginName, PluginClass>> = {
  NamespaceLifecycle,
  LimitRanger,
  ServiceAccount,
  NodeRestriction,
  TaintNodesByCondition,
  AlwaysPullImages,
  PodSecurity,
  PodNodeSelector,
  Priority,
  DefaultTolerationSeconds,
  ExtendedResourceToleration,
  DefaultStorageClass,
  StorageObjectInUseProtection,
  PersistentVolumeClaimResize,
  RuntimeClass,
  CertificateApproval,
  CertificateSigning,
  ClusterTrustBundleAttest,
  CertificateSubjectRestriction,
  DefaultIngressClass,
  DenyServiceExternalIPs,
  PodTopologyLabels,
  MutatingAdmissionPolicy,
  MutatingAdmissionWebhook,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionWebhook,
  ResourceQuota,
};

/** The admission plugins of a server, in the order in which they run. */
export function admissionPlugins(
  services: ServerServices,
  selection: AdmissionSelection,
): readonly AdmissionPlugin[] {
  return selectedPlugins(selection).map((name) => new PLUGINS[name](services, selection));
}
