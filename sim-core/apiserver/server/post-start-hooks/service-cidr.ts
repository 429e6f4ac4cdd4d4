import type { PostStartHook } from './hook.ts';
import { ensureObject } from './hook.ts';

/** The range of the server's own flag as an object. Models defaultservicecidr/default_servicecidr_controller.go. */
export const serviceCIDR: PostStartHook = {
  name: 'start-kubernetes-service-cidr-controller',
  async run(services) {
    await ensureObject(
      services,
      { group: 'networking.k8s.io', resource: 'servicecidrs' },
      {
        kind: 'ServiceCIDR',
        apiVersion: 'networking.k8s.io/v1',
        metadata: { name: 'kubernetes' },
        spec: { cidrs: [services.settings.serviceClusterIPRange] },
      },
    );
  },
};
