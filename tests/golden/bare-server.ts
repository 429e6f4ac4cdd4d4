import { builtinParts } from '../../sim-core/apiserver/registry/builtin.ts';
import { ApiServer } from '../../sim-core/apiserver/server/apiserver.ts';
import { kubeApiServerConfig } from '../../sim-core/apiserver/server/kube-apiserver.ts';
import { Rand } from '../../sim-core/clock/rand.ts';
import { VirtualClock } from '../../sim-core/clock/virtual-clock.ts';
import { curve } from '../../sim-core/crypto/keys/curve.ts';
import { Pki } from '../../sim-core/cluster/pki.ts';
import { MemoryClient } from '../../sim-core/etcd/clientv3/memory.ts';
import { EtcdServer } from '../../sim-core/etcd/server/etcd-server.ts';
import { settle } from '../../sim-core/testing/settle.ts';
import type { Target } from './replay.ts';

const START = Date.UTC(2026, 10, 23, 17, 0, 0);

/** A kube-apiserver on an empty etcd: no controllers, no nodes, nothing of kubeadm's. */
export async function newBareServer(): Promise<Target & { readonly port: number }> {
  const clock = new VirtualClock({ start: START, settle });
  const rand = new Rand('golden');
  const etcd = new EtcdServer({ clock, rand: rand.fork('etcd') }, { name: 'controlplane' });
  etcd.start();
  const parts = { clock, rand, etcd: new MemoryClient(etcd), tracer: { emit: () => {} } };
  const settings = {
    serviceClusterIPRange: '10.96.0.0/12',
    serviceNodePortRange: [30000, 32767],
    advertiseAddress: '172.30.1.2',
    securePort: 6443,
    allowPrivileged: true,
    serviceAccountIssuer: 'https://kubernetes.default.svc.cluster.local',
  } as const;
  await curve.fetch();
  const pki = new Pki(rand.fork('pki'));
  const admin = pki.issue('kubernetes', {
    subject: { commonName: 'kubernetes-admin', organizations: ['system:masters'] },
    usages: ['client auth'],
    now: START,
  });
  const server = new ApiServer(
    parts,
    kubeApiServerConfig(parts, builtinParts, {
      settings,
      clientCA: pki.authority('kubernetes', START).certificateFile.pool,
      authorizationModes: ['Node', 'RBAC'],
      anonymousAuth: true,
      serviceAccountKeys: { signer: pki.serviceAccountKey(), verifiers: [] },
      bootstrapTokens: true,
    }),
  );
  await clock.until(server.start());
  return { clock, handle: server.handle, admin: admin.identity, port: settings.securePort };
}
