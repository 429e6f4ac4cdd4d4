import { API_SERVICES } from '../../aggregator/aggregator.ts';
import { localServices } from '../../aggregator/local-services.ts';
import type { ApiGroup } from '../config.ts';
import type { PostStartHook } from './hook.ts';
import { ensureObject } from './hook.ts';

/** An APIService for each version of a group that the server answers itself. Models autoregister_controller.go. */
export const autoregistration = (groups: readonly ApiGroup[]): PostStartHook => ({
  name: 'kube-apiserver-autoregistration',
  async run(services) {
    for (const object of localServices(groups)) await ensureObject(services, API_SERVICES, object);
  },
});
