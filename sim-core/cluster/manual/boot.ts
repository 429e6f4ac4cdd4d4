import { toYaml } from '../../apimachinery/json/yaml-writer.ts';
import { simulatedMachine } from '../../node/simulated-machine.ts';
import type { BootConfig, Checkpoint } from '../checkpoint.ts';
import type { Credentials } from '../cluster.ts';
import { layFoundation } from '../foundation.ts';
import { API_SERVER_PORT } from '../kubeadm/constants.ts';
import { CLUSTER_CA } from '../kubeadm/files.ts';
import { kubeconfigFile } from '../kubeadm/kubeconfig.ts';
import { encodeBase64 } from '../../crypto/encoding/base64.ts';
import { PEM_FILE } from '../../crypto/x509/pem.ts';
import { KUBECONFIG_FILE } from '../../kubectl/clientcmd/kubeconfig-file.ts';
import { saveCluster } from '../save.ts';
import { DATA_DIRECTORY, SERVER } from './constants.ts';
import { installUnits } from './install.ts';
import { unitFile, unitPath, UNITS } from './units.ts';

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

/** Boots one machine whose control plane was installed by hand, as units of systemd. */
export async function bootManualCluster({ seed, start, settle }: BootConfig): Promise<Checkpoint> {
  const foundation = layFoundation({ seed, start: start - AGE_MS, settle });
  const { clock, machines, network, services } = foundation;
  const machine = simulatedMachine(clock, { ...SERVER, memoryKiB: 2_009_240, cpus: 2, network });
  machines.set(machine.hostname, machine);
  const { files } = machine;
  const { pki, rand } = services;
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
  const server = pki.issue(CLUSTER_CA, {
    subject: { commonName: 'kubernetes' },
    usages: ['client auth', 'server auth'],
    sans: [
      '127.0.0.1',
      SERVER.address,
      'kubernetes',
      'kubernetes.default',
      'server.kubernetes.local',
      SERVER.hostname,
    ],
    now,
  });
  const accounts = pki.issue(CLUSTER_CA, {
    subject: { commonName: 'service-accounts' },
    usages: ['client auth', 'server auth'],
    now,
  });
  for (const [name, pair] of [
    ['ca', authority],
    ['kube-api-server', server],
    ['service-accounts', accounts],
  ] as const) {
    files.writeAs(`${DATA_DIRECTORY}/${name}.crt`, PEM_FILE, pair.certificateFile);
    files.writeAs(`${DATA_DIRECTORY}/${name}.key`, PEM_FILE, pair.keyFile, { mode: 0o600 });
  }
  files.write(
    `${DATA_DIRECTORY}/encryption-config.yaml`,
    encryptionConfig(rand.fork('encryption').bytes(32)),
    {
      mode: 0o600,
    },
  );
  const credentials = new Map<string, Credentials>([['anonymous', {}]]);
  for (const { user, groups, path } of CLIENTS) {
    const certificate = pki.issue(CLUSTER_CA, {
      subject: { commonName: user, organizations: groups },
      usages: ['client auth', 'server auth'],
      now,
    });
    credentials.set(user, { certificate: certificate.identity });
    files.writeAs(path, KUBECONFIG_FILE, kubeconfigFile(user, authority, { certificate }, URL), {
      mode: 0o600,
    });
  }
  files.write('/etc/kubernetes/config/kube-scheduler.yaml', SCHEDULER_CONFIG);

  for (const unit of UNITS) files.write(unitPath(unit), unitFile(unit));
  installUnits(services, machine);
  for (const { name } of UNITS) machine.services.start(name);
  await clock.advanceTo(start);
  return saveCluster(foundation, seed, credentials);
}

function encryptionConfig(key: Uint8Array): string {
  return toYaml({
    kind: 'EncryptionConfiguration',
    apiVersion: 'apiserver.config.k8s.io/v1',
    resources: [
      {
        resources: ['secrets'],
        providers: [{ aescbc: { keys: [{ name: 'key1', secret: encodeBase64(key) }] } }, { identity: {} }],
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
