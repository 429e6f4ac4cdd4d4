import type { ServerServices } from '../registry/rest/server-services.ts';
import { DefaultStorageClass } from './plugin/defaultstorageclass/admission.ts';
import { DefaultTolerationSeconds } from './plugin/defaulttolerationseconds/admission.ts';
import { LimitRanger } from './plugin/limitranger/admission.ts';
import { NamespaceLifecycle } from './plugin/namespacelifecycle/admission.ts';
import { MutatingAdmissionPolicy } from './plugin/policy/mutating/admission.ts';
import { ValidatingAdmissionPolicy } from './plugin/policy/validating/admission.ts';
import { MutatingAdmissionWebhook, ValidatingAdmissionWebhook } from './plugin/webhook/admission.ts';
import { NodeRestriction } from './plugin/noderestriction/admission.ts';
import { TaintNodesByCondition } from './plugin/nodetaint/admission.ts';
import { PodSecurity } from './plugin/podsecurity/admission.ts';
import { Priority } from './plugin/priority/admission.ts';
import { ResourceQuota } from './plugin/resourcequota/admission.ts';
import { ServiceAccount } from './plugin/serviceaccount/admission.ts';
import { StorageObjectInUseProtection } from './plugin/storageobjectinuseprotection/admission.ts';
import type { AdmissionPlugin } from './plugin.ts';

/**
 * The admission plugins of a kubeadm cluster, in the order in which they run.
 * Models pkg/kubeapiserver/options/plugins.go AllOrderedPlugins, with --enable-admission-plugins=NodeRestriction.
 */
export function defaultAdmissionPlugins(services: ServerServices): readonly AdmissionPlugin[] {
  return [
    new NamespaceLifecycle(services),
    new LimitRanger(services),
    new ServiceAccount(services),
    new NodeRestriction(services),
    new TaintNodesByCondition(),
    new PodSecurity(services),
    new Priority(services),
    new DefaultTolerationSeconds(),
    new DefaultStorageClass(services),
    new StorageObjectInUseProtection(),
    new MutatingAdmissionPolicy(services),
    new MutatingAdmissionWebhook(services),
    new ValidatingAdmissionPolicy(services),
    new ValidatingAdmissionWebhook(services),
    new ResourceQuota(services),
  ];
}
