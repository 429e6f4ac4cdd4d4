import { groupResourceText } from '../../apimachinery/object.ts';
import type { ResourceDefinition } from './rest/resource.ts';

/** How often a kind's own validation of an update looks at the metadata: each finding shows as often. */
export interface MetadataChecks {
  /** As a change of what was there: ValidateObjectMetaUpdate. */
  readonly asUpdate: number;
  /** As a whole: ValidateObjectMeta, with the kind's rule for names. */
  readonly whole: number;
  /** Finalizers must name a domain or be standard ones: the functions are those of pkg/apis/core/validation. */
  readonly core: boolean;
}

const USUAL: MetadataChecks = { asUpdate: 1, whole: 1, core: true };
const CHANGE_ONLY: MetadataChecks = { asUpdate: 1, whole: 0, core: true };
const WHOLE_ONLY: MetadataChecks = { asUpdate: 0, whole: 1, core: true };
const WHOLE_TWICE: MetadataChecks = { asUpdate: 0, whole: 2, core: true };
const CHANGE_AND_WHOLE_TWICE: MetadataChecks = { asUpdate: 1, whole: 2, core: true };
const NOTHING: MetadataChecks = { asUpdate: 0, whole: 0, core: false };
const GENERIC_CHANGE: MetadataChecks = { asUpdate: 1, whole: 0, core: false };
const GENERIC_WHOLE: MetadataChecks = { asUpdate: 0, whole: 1, core: false };
const GENERIC: MetadataChecks = { asUpdate: 1, whole: 1, core: false };

/** Kinds whose ValidateUpdate differs from the usual; what their status does is in {@link STATUS}. */
const KINDS: Readonly<Record<string, MetadataChecks>> = {
  'clusterrolebindings.rbac.authorization.k8s.io': CHANGE_AND_WHOLE_TWICE,
  'clusterroles.rbac.authorization.k8s.io': CHANGE_AND_WHOLE_TWICE,
  'cronjobs.batch': CHANGE_ONLY,
  'csidrivers.storage.k8s.io': CHANGE_ONLY,
  'csinodes.storage.k8s.io': WHOLE_TWICE,
  'customresourcedefinitions.apiextensions.k8s.io': GENERIC_CHANGE,
  'deployments.apps': CHANGE_ONLY,
  'endpointslices.discovery.k8s.io': WHOLE_ONLY,
  events: NOTHING,
  'events.events.k8s.io': CHANGE_ONLY,
  'flowschemas.flowcontrol.apiserver.k8s.io': WHOLE_ONLY,
  'horizontalpodautoscalers.autoscaling': CHANGE_ONLY,
  'leases.coordination.k8s.io': GENERIC_CHANGE,
  limitranges: WHOLE_ONLY,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': GENERIC_WHOLE,
  persistentvolumeclaims: CHANGE_AND_WHOLE_TWICE,
  persistentvolumes: WHOLE_TWICE,
  'poddisruptionbudgets.policy': NOTHING,
  podtemplates: CHANGE_ONLY,
  'priorityclasses.scheduling.k8s.io': CHANGE_ONLY,
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': WHOLE_ONLY,
  resourcequotas: CHANGE_ONLY,
  'rolebindings.rbac.authorization.k8s.io': CHANGE_AND_WHOLE_TWICE,
  'roles.rbac.authorization.k8s.io': CHANGE_AND_WHOLE_TWICE,
  'runtimeclasses.node.k8s.io': GENERIC,
  'statefulsets.apps': CHANGE_ONLY,
  'apiservices.apiregistration.k8s.io': GENERIC,
  'validatingadmissionpolicies.admissionregistration.k8s.io': GENERIC_WHOLE,
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': GENERIC_WHOLE,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': GENERIC_WHOLE,
  'volumeattachments.storage.k8s.io': WHOLE_TWICE,
};

const STATUS: Readonly<Record<string, MetadataChecks>> = {
  'cronjobs.batch': NOTHING,
  'customresourcedefinitions.apiextensions.k8s.io': GENERIC_CHANGE,
  'poddisruptionbudgets.policy': NOTHING,
  'apiservices.apiregistration.k8s.io': GENERIC_CHANGE,
};

/** `main`: the object itself is updated, not a subresource. Models the kinds' ValidateUpdate functions. */
export function metadataChecksOf(definition: ResourceDefinition, main: boolean): MetadataChecks {
  if (definition.custom !== undefined) return GENERIC_CHANGE;
  const name = groupResourceText(definition);
  return main ? (KINDS[name] ?? USUAL) : (STATUS[name] ?? CHANGE_ONLY);
}
