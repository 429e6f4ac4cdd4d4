import type { PostStartHook } from './hook.ts';
import { ensureObject } from './hook.ts';

const NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'default'];

/** The four namespaces that every cluster has. Models pkg/controlplane/controller/systemnamespaces. */
export const systemNamespaces: PostStartHook = {
  name: 'start-system-namespaces-controller',
  async run(services) {
    for (const name of NAMESPACES) {
      await ensureObject(
        services,
        { group: '', resource: 'namespaces' },
        {
          kind: 'Namespace',
          apiVersion: 'v1',
          metadata: { name },
        },
      );
    }
  },
};
