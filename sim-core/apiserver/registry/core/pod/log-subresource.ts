import { LazyModule } from '../../../../clock/lazy-module.ts';
import type { Subresource } from '../../rest/subresource.ts';

const module = new LazyModule(() => import('./log.ts'));

/** GET …/pods/{name}/log. Models pkg/registry/core/pod/rest/log.go. */
export const logSubresource: Subresource = {
  handler: 'connect',
  name: 'log',
  methods: ['GET'],
  produces: ['text/plain', 'application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'],
  async connect(request, _path, context) {
    const { podLog } = await module.load(context.services.clock);
    return podLog(request, context);
  },
};
