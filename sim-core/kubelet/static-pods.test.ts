import { beforeEach, describe, expect, test } from 'vitest';
import type { ClusterTraceEvent } from '../apimachinery/trace.ts';
import { ConnectionError } from '../apimachinery/http.ts';
import { RestClient } from '../client-go/rest/client.ts';
import { Context } from '../clock/context.ts';
import { Rand } from '../clock/rand.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { Containerd } from '../cri/containerd/containerd.ts';
import { PAUSE } from '../cri/containerd/image.ts';
import { ImageStore } from '../cri/containerd/image-store.ts';
import { PodNetwork } from '../cri/containerd/pod-network.ts';
import { simulatedMachine } from '../node/simulated-machine.ts';
import type { Machine } from '../node/machine.ts';
import { settle } from '../testing/settle.ts';
import { Kubelet } from './kubelet.ts';

const DIRECTORY = '/etc/kubernetes/manifests';
let clock: VirtualClock;
let machine: Machine;
let runtime: Containerd;
let context: Context;
let logs: string[];
let calls: string[];

const manifest = (name: string, args: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: kube-system}
spec:
  hostNetwork: true
  terminationGracePeriodSeconds: 1
  containers:
  - {name: main, image: "busybox:1.36", command: [sleep, "${args}"]}
`;

/** Argument of every sleep that runs, with its name's process. */
const sleeping = () =>
  machine.processes
    .list()
    .filter(({ command }) => command[0] === 'sleep')
    .map(({ command }) => command[1]);

beforeEach(() => {
  clock = new VirtualClock({ start: Date.UTC(2026, 10, 23, 9), settle });
  machine = simulatedMachine(clock, {
    hostname: 'controlplane',
    address: '172.30.1.2',
    memoryKiB: 2_000_000,
    cpus: 1,
  });
  machine.files.makeDirectory(DIRECTORY, { parents: true });
  logs = [];
  calls = [];
  const images = new ImageStore(clock, { images: [PAUSE], present: [] });
  runtime = new Containerd(clock, new Rand(1), machine, images, new PodNetwork());
  context = new Context();
  const kubelet = new Kubelet(
    {
      clock,
      rand: new Rand(2),
      machine,
      pid: 843,
      client: new RestClient({
        host: 'https://172.30.1.2:6443',
        userAgent: 'kubelet',
        transport: async () => {
          throw new ConnectionError('refused', 'dial tcp 172.30.1.2:6443: connect: connection refused');
        },
      }),
      runtime,
      images,
      tracer: {
        emit: (event) => {
          if (event.type === 'cri') calls.push((event as ClusterTraceEvent & { type: 'cri' }).call);
        },
      },
      log: (_severity, _where, line) => logs.push(line),
    },
    {
      nodeName: 'controlplane',
      staticPodPath: DIRECTORY,
      taints: [],
      ids: { machineID: 'm', systemUUID: 's', bootID: 'b' },
      resumed: false,
      dns: { servers: ['10.96.0.10'], domain: 'cluster.local', resolvConf: '/etc/resolv.conf' },
    },
    context,
  );
  void kubelet.run();
});

describe('static pods run without an apiserver', () => {
  test('a file becomes a container that shows in the process table', async () => {
    machine.files.write(`${DIRECTORY}/a.yaml`, manifest('a', '1000'));
    await clock.advance(3000);
    expect(sleeping()).toEqual(['1000']);
    expect(calls).toEqual(['RunPodSandbox', 'PullImage', 'CreateContainer', 'StartContainer']);
    const [container] = await runtime.listContainers();
    expect(container).toMatchObject({
      state: 'CONTAINER_RUNNING',
      image: 'docker.io/library/busybox:1.36',
      labels: { 'io.kubernetes.pod.name': 'a-controlplane', 'io.kubernetes.container.name': 'main' },
    });
  });

  test('a file that a link leads to is read anew after twenty seconds, though its directory stays as it is', async () => {
    machine.files.makeDirectory('/srv');
    machine.files.write('/srv/a.yaml', manifest('a', '1000'));
    machine.files.link('/srv/a.yaml', `${DIRECTORY}/a.yaml`);
    await clock.advance(60_000);
    expect(sleeping()).toEqual(['1000']);
    machine.files.write('/srv/a.yaml', manifest('a', '2000'));
    await clock.advance(24_000);
    expect(sleeping()).toEqual(['2000']);
  });

  test('what cannot be read is complained of every time that the directory is read', async () => {
    machine.files.write(`${DIRECTORY}/a.yaml`, 'kind: Pod');
    await clock.advance(1000);
    logs = [];
    await clock.advance(60_000);
    expect(logs.filter((line) => line.includes('Could not process manifest file'))).toHaveLength(3);
  });

  test('a volume that cannot be mounted is told of in the log, and waited for', async () => {
    const volumes = (type: string) =>
      `${manifest('a', '1000')}  volumes:\n  - {name: log, hostPath: {path: /srv/log/a.log, type: ${type}}}\n`;
    machine.files.write(`${DIRECTORY}/a.yaml`, volumes('FileOrCreate'));
    await clock.advance(3000);
    expect(sleeping()).toEqual([]);
    expect(logs.filter((line) => line.includes('MountVolume'))[1]).toMatch(
      /^Operation for "\{volumeName:kubernetes\.io\/host-path\/(\w+)-log podName:\1 nodeName:\}" failed\. No retries permitted until 2026-11-23 09:00:\d\d \+0000 UTC \(durationBeforeRetry 1s\)\. Error: MountVolume\.SetUp failed for volume "log" \(UniqueName: "kubernetes\.io\/host-path\/\1-log"\) pod "a-controlplane" \(UID: "\1"\) : open \/srv\/log\/a\.log: no such file or directory$/,
    );
    machine.files.makeDirectory('/srv/log', { parents: true });
    await clock.advance(10_000);
    expect(sleeping()).toEqual(['1000']);
    expect(machine.files.read('/srv/log/a.log')).toBe('');
  });

  test('a changed file replaces the container once the old one has stopped', async () => {
    machine.files.write(`${DIRECTORY}/a.yaml`, manifest('a', '1000'));
    await clock.advance(3000);
    machine.files.write(`${DIRECTORY}/a.yaml`, manifest('a', '2000'));
    await clock.advance(500);
    expect(sleeping()).toEqual(['1000']);
    await clock.advance(4000);
    expect(sleeping()).toEqual(['2000']);
  });

  test('a file that is moved away and back stops and starts its container', async () => {
    machine.files.write(`${DIRECTORY}/a.yaml`, manifest('a', '1000'));
    await clock.advance(3000);
    machine.files.rename(`${DIRECTORY}/a.yaml`, '/root/a.yaml');
    await clock.advance(3000);
    expect(sleeping()).toEqual([]);
    expect(await runtime.listPodSandbox()).toEqual([]);
    machine.files.rename('/root/a.yaml', `${DIRECTORY}/a.yaml`);
    await clock.advance(3000);
    expect(sleeping()).toEqual(['1000']);
  });

  test('a file that comes back while its pod still ends is started again', async () => {
    machine.files.write(`${DIRECTORY}/a.yaml`, manifest('a', '1000'));
    await clock.advance(3000);
    machine.files.rename(`${DIRECTORY}/a.yaml`, '/root/a.yaml');
    await clock.advance(300);
    machine.files.rename('/root/a.yaml', `${DIRECTORY}/a.yaml`);
    await clock.advance(5000);
    expect(sleeping()).toEqual(['1000']);
  });

  test('names that begin with a dot are left alone, all others are read', async () => {
    machine.files.write(`${DIRECTORY}/.a.yaml`, manifest('a', '1000'));
    machine.files.write(`${DIRECTORY}/b.yaml.bak`, manifest('b', '2000'));
    await clock.advance(3000);
    expect(sleeping()).toEqual(['2000']);
  });

  test('a file that is no pod stops what ran from it and says why', async () => {
    machine.files.write(`${DIRECTORY}/a.yaml`, manifest('a', '1000'));
    await clock.advance(3000);
    machine.files.write(`${DIRECTORY}/a.yaml`, manifest('a', '1000').replace('apiVersion', 'apiVersio'));
    // The watch only complains; what reads the whole directory every 20 seconds takes the pod away.
    await clock.advance(1000);
    expect(sleeping()).toEqual(['1000']);
    await clock.advance(24_000);
    expect(sleeping()).toEqual([]);
    expect(logs.join('\n')).toContain(
      `err="${DIRECTORY}/a.yaml: couldn't parse as pod(Object 'apiVersion' is missing in '{\\"apiVersio\\":\\"v1\\"`,
    );
  });

  test('of two files for one pod the last counts when all are read, and the one that was written in between', async () => {
    machine.files.write(`${DIRECTORY}/a.yaml`, manifest('a', '1000'));
    await clock.advance(3000);
    machine.files.write(`${DIRECTORY}/a.yaml.bak`, manifest('a', '2000'));
    await clock.advance(25_000);
    expect(sleeping()).toEqual(['2000']);
    machine.files.write(`${DIRECTORY}/a.yaml`, manifest('a', '3000'));
    await clock.advance(5000);
    expect(sleeping()).toEqual(['3000']);
    await clock.advance(25_000);
    expect(sleeping()).toEqual(['2000']);
    machine.files.remove(`${DIRECTORY}/a.yaml.bak`);
    await clock.advance(45_000);
    expect(sleeping()).toEqual(['3000']);
  });

  test('a directory among the files is left alone and said', async () => {
    machine.files.makeDirectory(`${DIRECTORY}/old`);
    machine.files.write(`${DIRECTORY}/old/a.yaml`, manifest('a', '1000'));
    await clock.advance(25_000);
    expect(sleeping()).toEqual([]);
    expect(logs.join('\n')).toContain('not recursing into manifest path');
  });

  test('a process that is killed is started again, later each time', async () => {
    machine.files.write(`${DIRECTORY}/a.yaml`, manifest('a', '1000'));
    await clock.advance(3000);
    const kill = () => {
      const process = machine.processes.list().find(({ command }) => command[0] === 'sleep')!;
      machine.processes.end(process.pid);
    };
    kill();
    await clock.advance(2000);
    expect(sleeping()).toEqual(['1000']);
    kill();
    await clock.advance(5000);
    expect(sleeping()).toEqual([]);
    await clock.advance(12_000);
    expect(sleeping()).toEqual(['1000']);
    const [newest] = await runtime.listContainers();
    expect(newest!.metadata.attempt).toBe(2);
  });

  test('a kubelet that stops leaves containers running and reads no more files', async () => {
    machine.files.write(`${DIRECTORY}/a.yaml`, manifest('a', '1000'));
    await clock.advance(3000);
    context.cancel();
    machine.files.remove(`${DIRECTORY}/a.yaml`);
    await clock.advance(60_000);
    expect(sleeping()).toEqual(['1000']);
  });

  test('an image that does not exist is asked for again and again, with pauses', async () => {
    machine.files.write(`${DIRECTORY}/a.yaml`, manifest('a', '1000').replace('busybox:1.36', 'nginx:nope'));
    await clock.advance(60_000);
    const pulls = calls.filter((call) => call === 'PullImage').length;
    expect(pulls).toBeGreaterThan(1);
    expect(pulls).toBeLessThan(5);
  });
});
