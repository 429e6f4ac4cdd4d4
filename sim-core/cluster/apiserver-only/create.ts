import { builtinParts } from '../../apiserver/registry/builtin.ts';
import { ApiServer } from '../../apiserver/server/apiserver.ts';
import { kubeApiServerConfig } from '../../apiserver/server/kube-apiserver.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Rand } from '../../clock/rand.ts';
import type { EtcdClient } from '../../etcd/clientv3/client.ts';
import { MemoryClient } from '../../etcd/clientv3/memory.ts';
import { EtcdServer } from '../../etcd/server/etcd-server.ts';
import { Pem, PEM_FILE } from '../../crypto/x509/pem.ts';
import { simulatedMachine } from '../../node/simulated-machine.ts';
import type { BootConfig } from '../checkpoint.ts';
import type { Cluster, ClusterConfig, Credentials } from '../cluster.ts';
import { layFoundation } from '../foundation.ts';
import {
  API_SERVER_PORT,
  CONTROL_PLANE,
  KUBERNETES_SERVICE_ADDRESS,
  PKI_DIRECTORY,
  SERVICE_SUBNET,
} from '../kubeadm/constants.ts';
import { CLUSTER_CA, writePair } from '../kubeadm/files.ts';
import { kubeconfigFile } from '../kubeadm/kubeconfig.ts';
import { KUBECONFIG_FILE } from '../../kubectl/clientcmd/kubeconfig-file.ts';
import { RunningCluster } from '../running-cluster.ts';

/** A kube-apiserver on an empty etcd, with nothing but what it makes for itself; its administrator is in system:masters. */
export async function createApiserverOnly(
  config: BootConfig & Pick<ClusterConfig, 'advertisePort' | 'etcd' | 'compactionInterval'>,
): Promise<Cluster> {
  const foundation = layFoundation(config);
  const { clock, machines, network, services } = foundation;
  const machine = simulatedMachine(clock, { ...CONTROL_PLANE, memoryKiB: 4_018_540, cpus: 2, network });
  machines.set(machine.hostname, machine);

  const { pki, rand, tracer } = services;
  const now = clock.now();
  const authority = pki.authority(CLUSTER_CA, now);
  const serving = pki.issue(CLUSTER_CA, {
    subject: { commonName: 'kube-apiserver' },
    usages: ['server auth'],
    sans: [machine.hostname, machine.address, KUBERNETES_SERVICE_ADDRESS, ...(config.certSANs ?? [])],
    now,
  });
  const admin = pki.issue(CLUSTER_CA, {
    subject: { commonName: 'kubernetes-admin', organizations: ['system:masters'] },
    usages: ['client auth'],
    now,
  });
  const clientCA = authority.certificateFile.pool;
  machine.files.makeDirectory(PKI_DIRECTORY, { parents: true });
  writePair(machine.files, `${PKI_DIRECTORY}/ca`, authority);
  writePair(machine.files, `${PKI_DIRECTORY}/apiserver`, serving);
  const accountKey = pki.serviceAccountKey();
  machine.files.writeAs(`${PKI_DIRECTORY}/sa.key`, PEM_FILE, Pem.of(accountKey), { mode: 0o600 });
  machine.files.makeDirectory('/root/.kube');
  machine.files.writeAs(
    '/root/.kube/config',
    KUBECONFIG_FILE,
    kubeconfigFile('kubernetes-admin', authority, { certificate: admin }),
    { mode: 0o600 },
  );

  const etcd = config.etcd ?? memoryEtcd(clock, rand, machine.hostname);
  const server = new ApiServer(
    { clock, rand, etcd, tracer },
    kubeApiServerConfig({ clock, rand }, builtinParts, {
      settings: {
        serviceClusterIPRange: SERVICE_SUBNET,
        serviceNodePortRange: [30000, 32767],
        advertiseAddress: machine.address,
        securePort: config.advertisePort ?? API_SERVER_PORT,
        allowPrivileged: true,
        serviceAccountIssuer: 'https://kubernetes.default.svc.cluster.local',
      },
      clientCA,
      compactionInterval: services.compactionInterval,
      clusterAuthentication: { clientCA: machine.files.read(`${PKI_DIRECTORY}/ca.crt`) },
      authorizationModes: ['Node', 'RBAC'],
      anonymousAuth: true,
      serviceAccountKeys: { signer: accountKey, verifiers: [] },
      bootstrapTokens: true,
    }),
  );
  const tls = { keyPair: serving, clientAuth: 'request', clientCAs: clientCA } as const;
  machine.network.listen('0.0.0.0', API_SERVER_PORT, { handler: server.handle, tls });
  const started = server.start();
  if (config.etcd === undefined) await clock.until(started);
  return new RunningCluster(foundation, {
    etcd,
    credentials: new Map<string, Credentials>([
      ['kubernetes-admin', { certificate: admin.identity }],
      ['anonymous', {}],
    ]),
    home: machine.hostname,
    apiserver: { address: machine.address, port: API_SERVER_PORT },
  });
}

function memoryEtcd(clock: Clock, rand: Rand, name: string): EtcdClient {
  const server = new EtcdServer({ clock, rand: rand.fork('etcd') }, { name });
  server.start();
  return new MemoryClient(server);
}
