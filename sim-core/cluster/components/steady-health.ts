import type { EtcdClient } from '../../etcd/clientv3/client.ts';
import { EtcdError, prefixEnd } from '../../etcd/clientv3/client.ts';
import type { Listener } from '../../node/network.ts';
import type { ProgramEnvironment } from '../../node/program.ts';

const PATHS = ['/livez', '/readyz', '/healthz'];
/** ClusterRoles and their bindings: they say whether a probe may ask at all. */
const PREFIX = '/registry/clusterrole';

/**
 * When the health of a kube-apiserver may change once it is well: when its etcd goes, when it is told to
 * stop, and when somebody changes who may ask. Until then a probe hears what it heard before.
 */
export function steadyHealth(
  { machine, terminated, killed }: ProgramEnvironment,
  etcd: EtcdClient,
  endpoint: { readonly host: string; readonly port: number },
): NonNullable<Listener['onceChanged']> {
  const waiting = new Set<() => void>();
  const tell = () => {
    for (const changed of [...waiting]) changed();
  };
  terminated.onCancel(tell);
  let follows = false;
  const follow = async () => {
    follows = true;
    try {
      for await (const { events } of etcd.watch({
        key: PREFIX,
        rangeEnd: prefixEnd(PREFIX),
        context: killed,
      })) {
        if (events.length > 0) tell();
      }
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      // What happened in the meantime is compacted: whoever waits has to ask.
      tell();
    }
    follows = false;
  };
  return (path, changed) => {
    if (!PATHS.includes(path)) return undefined;
    if (!follows) void follow();
    const unwatch = machine.network.onceListenerChanged(endpoint.host, endpoint.port, changed);
    waiting.add(changed);
    return () => {
      waiting.delete(changed);
      unwatch();
    };
  };
}
