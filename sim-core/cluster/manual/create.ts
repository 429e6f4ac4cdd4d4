import type { Program } from '../../node/program.ts';
import { simulatedMachine } from '../../node/simulated-machine.ts';
import type { Cluster, ClusterConfig, Credentials } from '../cluster.ts';
import { etcdProgram } from '../components/etcd.ts';
import { kubeApiserverProgram } from '../components/kube-apiserver.ts';
import { kubeControllerManagerProgram } from '../components/kube-controller-manager.ts';
import { kubeSchedulerProgram } from '../components/kube-scheduler.ts';
import { PROCESS_SIZES } from '../components/process-sizes.ts';
import { layFoundation } from '../foundation.ts';
import { API_SERVER_PORT } from '../kubeadm/constants.ts';
import { CLUSTER_CA } from '../kubeadm/files.ts';
import { toYaml } from '../../kubectl/printers/yaml-printer.ts';
import { kubeconfigText } from '../kubeadm/kubeconfig.ts';
import { RunningCluster } from '../running-cluster.ts';
import { DATA_DIRECTORY, SERVER } from './constants.ts';
import type { UnitName } from './units.ts';
import { argvOf, unitFile, UNITS } from './units.ts';

const AGE_MS = 12 * 60_000;
const URL = `https://${SERVER.address}:${API_SERVER_PORT}`;

/** Kubeconfig files below the data directory, and whose they are. */
const CLIENTS: readonly {
  readonly user: string;
  readonly groups: readonly string[];
  readonly path: string;
}[] = [
  { user: 'admin', groups: ['system:masters'], path: '/root/.kube/config' },
  {
    user: 'system:kube-controller-manager',
    groups: ['system:kube-controller-manager'],
    path: `${DATA_DIRECTORY}/kube-controller-manager.kubeconfig`,
  },
  {
    user: 'system:kube-scheduler',
    groups: ['system:system:kube-scheduler'],
    path: `${DATA_DIRECTORY}/kube-scheduler.kubeconfig`,
  },
];

/** One machine whose control plane was installed by hand, as units of systemd. */
export async function createManualCluster(config: Required<ClusterConfig>): Promise<Cluster> {
  const foundation = layFoundation(config, AGE_MS);
  const { clock, machines, network, services } = foundation;
  const machine = simulatedMachine(clock, { ...SERVER, memoryKiB: 2_009_240, cpus: 2, network });
  machines.set(machine.hostname, machine);
  const { files } = machine;
  const { pki } = services;
  const now = clock.now();

  for (const directory of [
    DATA_DIRECTORY,
    '/var/lib/etcd',
    '/etc/kubernetes/config',
    '/root/.kube',
    '/var/log',
  ]) {
    files.makeDirectory(directory, { parents: true });
  }
  const authority = pki.authority(CLUSTER_CA, now);
  const server = pki.issue(
    CLUSTER_CA,
    {
      commonName: 'kubernetes',
      names: [
        '127.0.0.1',
        SERVER.address,
        'kubernetes',
        'kubernetes.default',
        'server.kubernetes.local',
        SERVER.hostname,
      ],
    },
    now,
  );
  const accounts = pki.issue(CLUSTER_CA, { commonName: 'service-accounts' }, now);
  for (const [name, pair] of [
    ['ca', authority],
    ['kube-api-server', server],
    ['service-accounts', accounts],
  ] as const) {
    files.write(`${DATA_DIRECTORY}/${name}.crt`, pair.certificate);
    files.write(`${DATA_DIRECTORY}/${name}.key`, pair.key, { mode: 0o600 });
  }
  files.write(`${DATA_DIRECTORY}/encryption-config.yaml`, encryptionConfig(pki.keyPair().publicKey), {
    mode: 0o600,
  });
  const credentials = new Map<string, Credentials>([['anonymous', {}]]);
  for (const { user, groups, path } of CLIENTS) {
    const certificate = pki.issue(CLUSTER_CA, { commonName: user, organizations: groups }, now);
    credentials.set(user, { certificate: certificate.identity });
    files.write(path, kubeconfigText(user, authority.certificate, { certificate }, URL), { mode: 0o600 });
  }
  files.write('/etc/kubernetes/config/kube-scheduler.yaml', SCHEDULER_CONFIG);

  const programs: Readonly<Record<UnitName, Program>> = {
    etcd: etcdProgram(services),
    'kube-apiserver': kubeApiserverProgram(services),
    'kube-controller-manager': kubeControllerManagerProgram(services),
    'kube-scheduler': kubeSchedulerProgram(services),
  };
  for (const unit of UNITS) {
    const path = `/etc/systemd/system/${unit.name}.service`;
    files.write(path, unitFile(unit));
    machine.services.load(
      {
        name: `${unit.name}.service`,
        description: unit.description,
        path,
        command: argvOf(unit),
        program: programs[unit.name],
        restart: 'on-failure',
        restartDelay: 5000,
        ...PROCESS_SIZES[unit.name],
      },
      { enabled: true },
    );
    machine.services.start(unit.name);
  }
  await clock.advanceTo(config.start);
  const etcd = [...services.dataDirectories.values()][0];
  if (etcd === undefined) throw new Error('the cluster came up without an etcd');
  return new RunningCluster(foundation, {
    etcd,
    credentials,
    home: SERVER.hostname,
    apiserver: { address: SERVER.address, port: API_SERVER_PORT },
  });
}

function encryptionConfig(secret: string): string {
  return toYaml({
    kind: 'EncryptionConfiguration',
    apiVersion: 'apiserver.config.k8s.io/v1',
    resources: [
      {
        resources: ['secrets'],
        providers: [
          { aescbc: { keys: [{ name: 'key1', secret: `${secret.split('\n')[1]!.slice(0, 43)}=` }] } },
          { identity: {} },
        ],
      },
    ],
  });
}

const SCHEDULER_CONFIG = toYaml({
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  clientConnection: { kubeconfig: `${DATA_DIRECTORY}/kube-scheduler.kubeconfig` },
  leaderElection: { leaderElect: true },
});
