import type { VirtualClock } from '../../clock/virtual-clock.ts';
import { simulatedMachine } from '../../node/simulated-machine.ts';
import type { BootConfig, Checkpoint } from '../checkpoint.ts';
import type { Credentials } from '../cluster.ts';
import { layFoundation } from '../foundation.ts';
import { saveCluster } from '../save.ts';
import { CONTROL_PLANE, IMAGES, workerMachine } from './constants.ts';
import { CONTROL_PLANE_IMAGES, kubeadmInit, kubeadmJoin } from './bootstrap.ts';
import { installNode } from './node.ts';
import { writeMachineIds } from './machine-ids.ts';

const MINUTE = 60_000;
const SECOND = 1000;
/** How long before the lab's start the cluster began: the oldest node is then 12 minutes old. */
const CLUSTER_AGE = 12 * MINUTE + 30 * SECOND;
/** How long before the lab's start the first worker joined, and how long the next one waited for it. */
const FIRST_WORKER_AGE = 9 * MINUTE + 41 * SECOND;
const WORKER_INTERVAL = 3 * SECOND;
const LAB_WORKERS = 2;

/** Memory and processors of the machines. */
const CONTROL_PLANE_SIZE = { memoryKiB: 4_018_540, cpus: 2 };
const WORKER_SIZE = { memoryKiB: 2_009_240, cpus: 2 };

/** A Pod to begin with. */
const POD_MANIFEST = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: nginx
    image: nginx:1.27
`;

/** Boots the cluster that `kubeadm init` and a `kubeadm join` for each worker make, and lets it live until `config.start`. */
export async function bootKubeadmCluster(config: BootConfig): Promise<Checkpoint> {
  const { seed, start, certSANs = [] } = config;
  const workers = Array.from({ length: config.workers ?? LAB_WORKERS }, (_, index) => workerMachine(index));
  const foundation = layFoundation({ ...config, start: start - CLUSTER_AGE });
  const { clock, machines, network, services } = foundation;
  for (const host of [CONTROL_PLANE, ...workers]) {
    const isControlPlane = host === CONTROL_PLANE;
    const size = isControlPlane ? CONTROL_PLANE_SIZE : WORKER_SIZE;
    const machine = simulatedMachine(clock, { ...host, ...size, network });
    machines.set(host.hostname, machine);
    writeMachineIds(machine.files, services.rand);
    installNode(foundation, machine, { images: isControlPlane ? CONTROL_PLANE_IMAGES : [IMAGES.pause] });
  }
  const controlPlane = machines.get(CONTROL_PLANE.hostname)!;
  controlPlane.files.write('/root/pod.yaml', POD_MANIFEST);

  const issued = await clock.until(kubeadmInit(services, controlPlane, certSANs), CLUSTER_AGE);
  for (const [index, { hostname }] of workers.entries()) {
    await passTime(clock, start - FIRST_WORKER_AGE + index * WORKER_INTERVAL);
    kubeadmJoin(services, machines.get(hostname)!);
  }
  await passTime(clock, start);

  const credentials = new Map<string, Credentials>([['anonymous', {}]]);
  for (const [user, { identity }] of issued) credentials.set(user, { certificate: identity });
  return saveCluster(foundation, seed, credentials);
}

/** How long the cluster gets to calm down, and how far the clock then goes at a time. */
const CALM_MS = 6000;
const LEAP_MS = 45_000;

/**
 * Lets the cluster live until `instant`. Once it is calm, nothing would happen but heartbeats: it sleeps
 * through them, in pieces that are shorter than the time after which a silent node counts as lost.
 */
async function passTime(clock: VirtualClock, instant: number): Promise<void> {
  await clock.advanceTo(Math.min(clock.now() + CALM_MS, instant));
  while (clock.now() < instant) await clock.leapTo(Math.min(clock.now() + LEAP_MS, instant));
}
