import type { KubeObject } from '../apimachinery/object.ts';
import type { Cluster, ClusterConfig } from '../cluster/cluster.ts';
import { createCluster } from '../cluster/create-cluster.ts';
import { settle } from './settle.ts';

/** A whole cluster with a terminal, for tests of what its parts do together. */
export interface Lab {
  readonly cluster: Cluster;
  /** Runs a command line and gives what it printed, errors included. */
  sh(line: string, stdin?: string): Promise<string>;
  /** Applies a manifest. */
  apply(manifest: object): Promise<void>;
  /** GETs an object, which is the server's own, or a list. Throws for a status of 400 or more. */
  get(path: string): Promise<KubeObject>;
  /** Sends an object. Throws for a status of 400 or more. */
  send(method: 'POST' | 'PUT', path: string, object: object): Promise<KubeObject>;
  /** Lets simulated seconds pass. */
  pass(seconds: number): Promise<void>;
  /** Events about an object: "Normal Completed Job completed". */
  eventsOf(name: string): Promise<string[]>;
}

export async function openLab(config: Partial<ClusterConfig> = {}): Promise<Lab> {
  const cluster = await createCluster({ shape: 'kubeadm', seed: 1, settle, ...config });
  const shell = cluster.openShell();
  const admin = cluster.credentials.get('kubernetes-admin')!;
  const request = async (method: string, path: string, body = ''): Promise<KubeObject> => {
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    const response = await cluster.clock.until(cluster.request({ method, path, headers, body, ...admin }));
    if (response.status >= 400) {
      throw new Error(`${method} ${path}: ${response.status} ${String(response.body)}`);
    }
    return (response.json ?? JSON.parse(response.body as string)) as KubeObject;
  };
  const lab: Lab = {
    cluster,
    async sh(line, stdin) {
      const work = shell.run(line, stdin === undefined ? undefined : { stdin });
      const { stdout, stderr } = await cluster.clock.until(work);
      return `${stdout}${stderr}`;
    },
    async apply(manifest) {
      const output = await lab.sh('kubectl apply -f -', JSON.stringify(manifest));
      if (!/(created|configured|unchanged)\n$/.test(output)) throw new Error(output);
    },
    get: (path) => request('GET', path),
    send: (method, path, object) => request(method, path, JSON.stringify(object)),
    pass: (seconds) => cluster.clock.advance(seconds * 1000),
    async eventsOf(name) {
      const list = await lab.get('/api/v1/events');
      return (list['items'] as KubeObject[])
        .filter((event) => event['involvedObject'].name === name)
        .map((event) => `${event['type']} ${event['reason']} ${event['message']}`);
    },
  };
  return lab;
}
