import { NodeGraph } from '../authorization/node/graph.ts';
import { NodeAuthorizer } from '../authorization/node/node-authorizer.ts';
import type { BuiltinParts } from '../server/kube-apiserver.ts';
import { builtinResources } from './resources.ts';

/** What every kube-apiserver is made of: all kinds, plugins, default roles. */
export const builtinParts: BuiltinParts = {
  resources: builtinResources,
  admissionPlugins: async (services, selection) =>
    (await import(/* webpackChunkName: 'write' */ '../admission/plugins.ts')).admissionPlugins(
      services,
      selection,
    ),
  bootstrapObjects: async () => (await import('./bootstrap-objects.ts')).BOOTSTRAP_OBJECTS,
  nodeAuthorizer: (reader) => new NodeAuthorizer(new NodeGraph(reader)),
};
