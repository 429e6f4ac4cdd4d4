import { badRequestError } from '../../../../apimachinery/status.ts';
import { checks } from '../../checks.ts';
import { lazyUpdate } from '../../lazy-strategy.ts';
import type { Subresource, VirtualResource } from '../../rest/subresource.ts';
import { defaultPod } from './defaults.ts';

/** POST /api/v1/namespaces/{namespace}/pods/{name}/binding. */
export const bindingSubresource: Subresource = {
  handler: 'object',
  name: 'binding',
  kind: { group: '', version: 'v1', kind: 'Binding', schema: 'io.k8s.api.core.v1.Binding' },
  keepsSystemFields: true,
  needs: [checks.podProgress],
  async create(object, context) {
    if (object.metadata.name !== context.name) {
      throw badRequestError('name in URL does not match name in Binding object');
    }
    return checks.podProgress.loaded.bind(object, context, context.name);
  },
};

/** POST /api/v1/namespaces/{namespace}/bindings: the older way. Models LegacyBindingREST. */
export const legacyBinding: VirtualResource = {
  needs: [checks.podProgress],
  create: (object, context) => checks.podProgress.loaded.bind(object, context, object.metadata.name ?? ''),
};

/** POST …/pods/{name}/eviction. */
export const evictionSubresource: Subresource = {
  handler: 'object',
  name: 'eviction',
  kind: {
    group: 'policy',
    version: 'v1',
    kind: 'Eviction',
    schema: 'io.k8s.api.policy.v1.Eviction',
    otherVersions: ['v1beta1'],
  },
  needs: [checks.connections],
  create: (object, context) => checks.connections.loaded.evict(object, context),
};

/** …/pods/{name}/resize. */
export const resizeSubresource: Subresource = {
  handler: 'update',
  name: 'resize',
  strategy: lazyUpdate(checks.connections, ({ podResizeStrategy }) => podResizeStrategy, {
    fillDefaults: defaultPod,
  }),
};
