import { defaultAdmissionPlugins } from '../admission/plugins.ts';
import { NodeGraph } from '../authorization/node/graph.ts';
import { NodeAuthorizer } from '../authorization/node/node-authorizer.ts';
import { bootstrapPolicy } from '../authorization/rbac/bootstrap-policy.ts';
import type { BuiltinParts } from '../server/kube-apiserver.ts';
import { flowControlObjects } from './flowcontrol/bootstrap.ts';
import { builtinResources } from './resources.ts';
import { systemPriorityClasses } from './scheduling/bootstrap.ts';

/** What every kube-apiserver is made of: all kinds, plugins, default roles. */
export const builtinParts: BuiltinParts = {
  resources: builtinResources,
  admissionPlugins: defaultAdmissionPlugins,
  bootstrapObjects: [...bootstrapPolicy(), ...systemPriorityClasses(), ...flowControlObjects()],
  nodeAuthorizer: (reader) => new NodeAuthorizer(new NodeGraph(reader)),
};
