import type { PostStartHook } from './hook.ts';
import { ensureObject } from './hook.ts';

const NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'default'];

const RESOURCE = { group: '', resource: 'namespaces' };
const INTERVAL = 60_000;

/** The four namespaces that every cluster has. Models pkg/controlplane/controller/systemnamespaces. */
export const systemNamespaces: PostStartHook = {
  name: 'start-system-namespaces-controller',
  keeps: { every: INTERVAL, resources: [RESOURCE] },
  async run(services) {
    for (const name of NAMESPACES) {
      await ensureObject(services, RESOURCE, {
        kind: 'Namespace',
        apiVersion: 'v1',
        metadata: { name },
      });
    }
  },
};
