import { coreResources } from './core/resources.ts';
import { rbacResources } from './rbac/resources.ts';
import type { ResourceDefinition } from './rest/resource.ts';

/** Every built-in resource of a kube-apiserver. A row is all that the generic parts know of a kind. */
export const builtinResources: readonly ResourceDefinition[] = [...coreResources, ...rbacResources];
