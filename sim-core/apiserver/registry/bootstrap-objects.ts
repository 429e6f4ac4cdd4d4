import type { KubeObject } from '../../apimachinery/object.ts';
import { bootstrapPolicy } from '../authorization/rbac/bootstrap-policy.ts';
import { flowControlObjects } from './flowcontrol/bootstrap.ts';
import { systemPriorityClasses } from './scheduling/bootstrap.ts';

/** Default roles and bindings, priority classes and flow schemas: fetched by a server that starts for the first time. */
export const BOOTSTRAP_OBJECTS: readonly KubeObject[] = [
  ...bootstrapPolicy(),
  ...systemPriorityClasses(),
  ...flowControlObjects(),
];
