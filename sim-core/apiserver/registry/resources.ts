import { apiextensionsResources } from '../apiextensions/customresourcedefinition/row.ts';
import { admissionRegistrationResources } from './admissionregistration/resources.ts';
import { apiregistrationResources } from './apiregistration/resources.ts';
import { appsResources } from './apps/resources.ts';
import { authenticationResources } from './authentication/resources.ts';
import { authorizationResources } from './authorization/resources.ts';
import { autoscalingResources } from './autoscaling/resources.ts';
import { batchResources } from './batch/resources.ts';
import { certificatesResources } from './certificates/resources.ts';
import { coordinationResources } from './coordination/resources.ts';
import { coreResources } from './core/resources.ts';
import { discoveryResources } from './discovery/resources.ts';
import { eventsResources } from './events/resources.ts';
import { flowControlResources } from './flowcontrol/resources.ts';
import { networkingResources } from './networking/resources.ts';
import { nodeResources } from './node/resources.ts';
import { policyResources } from './policy/resources.ts';
import { rbacResources } from './rbac/resources.ts';
import { resourceResources } from './resource/resources.ts';
import type { ResourceDefinition } from './rest/resource.ts';
import { schedulingResources } from './scheduling/resources.ts';
import { storageResources } from './storage/resources.ts';

/** Every built-in resource of a kube-apiserver. A row is all that the generic parts know of a kind. */
export const builtinResources: readonly ResourceDefinition[] = [
  ...coreResources,
  ...apiregistrationResources,
  ...eventsResources,
  ...appsResources,
  ...authenticationResources,
  ...authorizationResources,
  ...autoscalingResources,
  ...batchResources,
  ...certificatesResources,
  ...networkingResources,
  ...policyResources,
  ...rbacResources,
  ...storageResources,
  ...schedulingResources,
  ...coordinationResources,
  ...nodeResources,
  ...discoveryResources,
  ...flowControlResources,
  ...resourceResources,
  ...admissionRegistrationResources,
  ...apiextensionsResources,
];
