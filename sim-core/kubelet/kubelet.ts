import type { Container, Node, Pod, Service, Taint } from 'kubernetes-types/core/v1';
import type { Tracer } from '../apimachinery/trace.ts';
import { RESOURCES } from '../client-go/kubernetes/resources.ts';
import type { RestClient } from '../client-go/rest/client.ts';
import { SharedInformer } from '../client-go/tools/cache/shared-informer.ts';
import type { Clock } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { Rand } from '../clock/rand.ts';
import type { ImageService, RuntimeService } from '../cri/runtime-service.ts';
import type { Machine } from '../node/machine.ts';
import { usedMemoryKiB } from '../node/process-table.ts';
import { AllocationManager } from './allocation/allocation-manager.ts';
import { apiserverSource } from './config/apiserver.ts';
import { FileSource } from './config/file.ts';
import type { PodUpdate } from './config/pod-config.ts';
import { PodConfig } from './config/pod-config.ts';
import { EvictionManager } from './eviction/eviction-manager.ts';
import { ImageManager } from './images/image-manager.ts';
import { KubeletEvents } from './kubelet-events.ts';
import { NodeStatusUpdater } from './kubelet-node-status.ts';
import { runContainerOptions } from './kubelet-pods.ts';
import { instrumentedImages, instrumentedRuntime } from './kuberuntime/instrumented-services.ts';
import { findContainer } from './kuberuntime/pod-status.ts';
import { ReasonCache } from './kuberuntime/reason-cache.ts';
import { RuntimeManager } from './kuberuntime/runtime-manager.ts';
import { ActiveDeadlines } from './lifecycle/active-deadline.ts';
import { HookRunner } from './lifecycle/hook-runner.ts';
import { admitPod } from './lifecycle/predicate.ts';
import type { Klog } from '../client-go/util/klog.ts';
import { ContainerLogLinks } from './logs/container-log-links.ts';
import { ContainerLogManager } from './logs/container-log-manager.ts';
import type { ClusterDns } from './network/dns.ts';
import { podDns } from './network/dns.ts';
import { hostnameOf } from './network/etc-hosts.ts';
import { NodeLease } from './node-lease.ts';
import type { NodeFacts } from './nodestatus/setters.ts';
import { KUBELET_PORT, nodeResources } from './nodestatus/setters.ts';
import { removeUnknownPods } from './pod-cleanups.ts';
import { PodLifecycleEventGenerator } from './pleg/pleg.ts';
import { MirrorClient } from './pod/mirror-client.ts';
import { PodManager } from './pod/pod-manager.ts';
import { KubeletPodSyncer } from './pod-syncer.ts';
import { PodWorkers } from './pod-workers.ts';
import { Prober } from './prober/prober.ts';
import type { ProbeType } from './prober/prober.ts';
import { ProberManager } from './prober/prober-manager.ts';
import { containerId } from './status/container-statuses.ts';
import { generateConditions } from './status/generate.ts';
import { qosClassOf } from './status/qos.ts';
import { StatusManager } from './status/status-manager.ts';
import { KubeletServer } from './server/server.ts';
import { isDeleting, isFinished, isMirrorPod, isStaticPod, uidOf } from './types.ts';
import { ObjectCache } from './volumemanager/object-cache.ts';
import { VolumeManager } from './volumemanager/volume-manager.ts';

export interface KubeletConfig {
  readonly nodeName: string;
  /** staticPodPath: "/etc/kubernetes/manifests"; "" for none. */
  readonly staticPodPath: string;
  /** --register-with-taints. */
  readonly taints: readonly Taint[];
  readonly ids: NodeFacts['ids'];
  readonly dns: ClusterDns;
  /** The process ran before and goes on: the node is registered, and what it was to be told of, it was. */
  readonly resumed: boolean;
}

export interface KubeletDependencies {
  readonly clock: Clock;
  readonly rand: Rand;
  readonly machine: Machine;
  readonly pid: number;
  /** A client with this node's identity. */
  readonly client: RestClient;
  readonly runtime: RuntimeService;
  readonly images: ImageService;
  readonly tracer: Tracer;
  readonly log: Klog;
}

/** fileCheckFrequency. */
const FILE_CHECK_FREQUENCY_MS = 20_000;
/** healthzPort. */
const HEALTHZ_PORT = 10248;
/** How long a pod that is evicted may take: immediateEvictionGracePeriodSeconds. */
const EVICTION_GRACE_SECONDS = 1;

/**
 * The agent of one node: makes its containers match its pods and tells the apiserver how it goes.
 *
 * Models pkg/kubelet/kubelet.go.
 */
export class Kubelet {
  readonly #deps: KubeletDependencies;
  readonly #config: KubeletConfig;
  readonly #context: Context;
  readonly #runtime: RuntimeService;
  readonly #events: KubeletEvents;
  readonly #pods = new PodManager();
  readonly #podConfig: PodConfig;
  readonly #logLinks: ContainerLogLinks;
  readonly #syncer: KubeletPodSyncer;
  readonly #workers: PodWorkers;
  readonly #statuses: StatusManager;
  readonly #reasons = new ReasonCache();
  readonly #runtimeManager: RuntimeManager;
  readonly #objects: ObjectCache;
  readonly #volumes: VolumeManager;
  readonly #probes: ProberManager;
  readonly #mirrors: MirrorClient;
  readonly #nodeStatus: NodeStatusUpdater;
  readonly #nodeInformer: SharedInformer<Node>;
  readonly #serviceInformer: SharedInformer<Service>;
  readonly #allocations = new AllocationManager();
  readonly #deadlines: ActiveDeadlines;
  readonly #eviction: EvictionManager;
  #isRecalling: boolean;

  /** Stops, leaving containers as they are, when `context` is cancelled. */
  constructor(deps: KubeletDependencies, config: KubeletConfig, context: Context) {
    this.#deps = deps;
    this.#config = config;
    this.#context = context;
    this.#isRecalling = config.resumed;
    const { clock, rand, client, tracer, machine, log } = deps;
    const { nodeName } = config;
    this.#runtime = instrumentedRuntime(deps.runtime, tracer, nodeName);
    const images = instrumentedImages(deps.images, tracer, nodeName);
    const events = new KubeletEvents(client, clock, rand.fork('events'), context, nodeName);
    this.#events = events;
    this.#logLinks = new ContainerLogLinks(machine.files);
    this.#podConfig = new PodConfig((update) => this.#handle(update));
    this.#statuses = new StatusManager(client, clock, this.#pods);
    this.#objects = new ObjectCache(client, clock, rand.fork('objects'), (uid) =>
      this.#volumes.contentChanged(uid),
    );
    this.#volumes = new VolumeManager(
      client,
      clock,
      rand.fork('volumes'),
      machine.files,
      this.#objects,
      { record: events.pod, current: (uid) => this.#pods.byUid(uid), log },
      { hostIP: machine.address, allocatable: nodeResources(machine).allocatable },
    );
    this.#probes = new ProberManager(clock, new Prober(clock, machine.network, deps.runtime), {
      observe: (uid) => this.#observeForProbe(uid),
      changed: (pod, container, id, type) => this.#probeChanged(pod, container, id, type),
      record: events.container,
    });
    this.#runtimeManager = new RuntimeManager(
      clock,
      this.#runtime,
      new ImageManager(clock, images, events.container),
      new HookRunner(clock, this.#runtime, machine.network),
      {
        hostIP: machine.address,
        memoryCapacity: machine.memoryKiB * 1024,
        hostnameOf,
        dnsOf: (pod) => podDns(pod, config.dns, machine.files),
        imageStatus: (image) => images.imageStatus(image),
        logBegan: (...of) => this.#logLinks.add(...of),
        containerEnvironment: (pod, container, podIP) =>
          runContainerOptions(pod, container, podIP, {
            machine,
            objects: this.#objects,
            volumes: this.#volumes,
            services: this.#serviceInformer,
            clusterDomain: config.dns.domain,
            context,
          }),
      },
      events,
      this.#reasons,
    );
    this.#nodeInformer = new SharedInformer<Node>(client, clock, rand.fork('node'), {
      resource: RESOURCES.nodes,
      fieldSelector: `metadata.name=${nodeName}`,
      resumeFrom: client.config.resumeFrom,
    });
    this.#serviceInformer = new SharedInformer<Service>(client, clock, rand.fork('services'), {
      resource: RESOURCES.services,
      resumeFrom: client.config.resumeFrom,
    });
    this.#eviction = new EvictionManager(clock, deps.runtime, {
      memory: () => ({
        capacity: machine.memoryKiB * 1024,
        used: usedMemoryKiB(machine.processes.list()) * 1024,
      }),
      pods: () => this.#activePods(),
      evict: (pod, reason, message) => this.#evict(pod, reason, message),
      pressureChanged: () => void this.#nodeStatus.update(),
      record: (reason, message) => events.node('Warning', reason, message),
    });
    this.#nodeStatus = new NodeStatusUpdater(
      client,
      clock,
      machine,
      deps.runtime,
      images,
      {
        known: () => this.#nodeInformer.lister.get('', nodeName),
        memoryPressure: () => this.#eviction.memoryPressure,
        event: (reason) => events.node('Normal', reason, `Node ${nodeName} status is now: ${reason}`),
        log,
      },
      { nodeName, taints: config.taints, ids: config.ids },
    );
    this.#mirrors = new MirrorClient(client, () => {
      const uid = this.#nodeStatus.uid;
      return uid === undefined ? undefined : { name: nodeName, uid };
    });
    this.#deadlines = new ActiveDeadlines(clock, (uid) => this.#workers.sync(uid));
    this.#syncer = new KubeletPodSyncer({
      clock,
      machine,
      runtime: this.#runtime,
      runtimeManager: this.#runtimeManager,
      statuses: this.#statuses,
      pods: this.#pods,
      probes: this.#probes,
      volumes: this.#volumes,
      objects: this.#objects,
      mirrors: this.#mirrors,
      reasons: this.#reasons,
      allocations: this.#allocations,
      deadlines: this.#deadlines,
      node: () => this.#nodeInformer.lister.get('', nodeName),
      record: events.pod,
      again: (uid) => this.#workers.sync(uid),
    });
    this.#workers = new PodWorkers(clock, rand.fork('pod-workers'), this.#syncer, log, context);
  }

  /** Starts everything; resolves when the node is registered and its sources are followed. */
  async run(): Promise<void> {
    const { clock, machine, client, rand, log, runtime, pid } = this.#deps;
    const { nodeName, staticPodPath, resumed } = this.#config;
    const context = this.#context;
    const pleg = new PodLifecycleEventGenerator(clock, runtime, (uid) => this.#podLifecycle(uid));
    const server = new KubeletServer(clock, machine.files, this.#runtime, {
      list: () => this.#pods.list(),
      waitingReason: (pod, container) => this.#waitingReason(pod, container),
    });
    const logs = new ContainerLogManager(clock, machine.files, runtime, '/var/log/pods');
    const stops = [
      machine.network.listen('0.0.0.0', KUBELET_PORT, { handler: (request) => server.handle(request) }, pid),
      machine.network.listen(
        '127.0.0.1',
        HEALTHZ_PORT,
        { handler: (request) => server.handle(request) },
        pid,
      ),
      runtime.containerEvents(({ type, containerId, podSandbox }) => {
        if (type === 'CONTAINER_DELETED_EVENT') this.#logLinks.remove(containerId);
        const pod = this.#pods.byUid(podSandbox.uid);
        if (pod !== undefined) this.#probes.podChanged(pod);
      }),
      machine.processes.onResize(() => this.#eviction.memoryChanged()),
    ];
    context.onCancel(() => {
      for (const stop of stops) stop();
      pleg.stop();
      logs.stop();
      this.#probes.stop();
      this.#objects.stop();
      this.#volumes.stop();
      this.#deadlines.stop();
      this.#eviction.stop();
    });
    this.#statuses.run(context);
    if (!resumed) {
      await this.#sayBegin();
      this.#events.node('Normal', 'Starting', 'Starting kubelet.');
      this.#events.node('Normal', 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods');
    }
    if (staticPodPath !== '') {
      const reading = new FileSource(clock, machine.files, this.#podConfig, log, {
        directory: staticPodPath,
        nodeName,
        checkFrequency: FILE_CHECK_FREQUENCY_MS,
      }).run(context);
      // Before all static pods are known, none that runs is one too many.
      if (reading !== undefined) await reading;
    }

    await this.#nodeStatus.register(context, { resumed });
    if (context.cancelled) return;
    // The node's range of pod addresses comes later, from the controller manager.
    this.#nodeInformer.addHandler({
      onUpdate: (old, node) => {
        if (old.spec?.podCIDR !== node.spec?.podCIDR) void this.#podCidrChanged();
      },
    });
    void this.#nodeInformer.run(context);
    void this.#serviceInformer.run(context);
    const source = apiserverSource(client, clock, rand.fork('pods'), this.#podConfig, nodeName);
    void source.run(context);
    void new NodeLease(client, clock, nodeName, () => this.#nodeStatus.uid, log).run(context, { resumed });
    void this.#nodeStatus.run(context);
    if (resumed) await this.#recall(source);
    // The mirror pods had to wait for the node.
    else for (const pod of this.#pods.list()) if (isStaticPod(pod)) this.#workers.update(pod);
    await source.synced(context);
    if (context.cancelled) return;
    this.#statuses.mirrorsKnown();
    for (const pod of this.#pods.list()) if (isStaticPod(pod)) this.#workers.sync(uidOf(pod));
    await removeUnknownPods(this.#runtime, (uid) => this.#pods.byUid(uid) !== undefined);
  }

  /** What the log tells of the start of a kubelet. */
  async #sayBegin(): Promise<void> {
    const { log, runtime } = this.#deps;
    const { staticPodPath } = this.#config;
    log('I', 'kubelet.go:496', '"Attempting to sync node with API server"');
    if (staticPodPath !== '') log('I', 'kubelet.go:397', `"Adding static pod path" path="${staticPodPath}"`);
    log('I', 'kubelet.go:408', '"Adding apiserver pod source"');
    const { runtimeName, runtimeVersion } = await runtime.version();
    log(
      'I',
      'kuberuntime_manager.go:308',
      `"Container runtime initialized" containerRuntime="${runtimeName}" version="${runtimeVersion}" apiVersion="v1"`,
    );
    log('I', 'server.go:1291', '"Started kubelet"');
    log('I', 'server.go:193', `"Starting to listen" address="0.0.0.0" port=${KUBELET_PORT}`);
    log('I', 'kubelet.go:2637', '"Starting kubelet main sync loop"');
  }

  /** Takes what the apiserver says of the pods for what this process knew of them, and goes on. */
  async #recall(source: SharedInformer<Pod>): Promise<void> {
    await source.synced(this.#context);
    this.#isRecalling = false;
    for (const pod of this.#pods.list()) {
      this.#probes.recall((this.#pods.mirrorOf(pod) ?? pod).status?.containerStatuses ?? []);
      this.#workers.update(pod);
    }
  }

  /** Hands a pod to its worker: at once, but in a process that goes on only when all its pods are known again. */
  #work(pod: Pod): void {
    if (!this.#isRecalling) this.#workers.update(pod);
  }

  /** Models kubelet.go HandlePodAdditions, …Updates, …Removes and …Reconcile. */
  #handle({ operation, pod }: PodUpdate): void {
    if (operation === 'remove') {
      this.#pods.remove(pod);
      if (isMirrorPod(pod)) return this.#mirrorChanged(pod);
      this.#objects.unregister(pod);
      this.#allocations.remove(uidOf(pod));
      this.#workers.remove(pod);
      return;
    }
    this.#pods.set(pod);
    if (isMirrorPod(pod)) {
      if (operation === 'reconcile') {
        const owner = this.#pods.podOfMirror(pod);
        if (owner !== undefined) this.#statuses.reconcile(owner);
        return;
      }
      return this.#mirrorChanged(pod);
    }
    if (operation === 'reconcile') {
      this.#statuses.reconcile(pod);
      if ((pod.spec?.readinessGates ?? []).length > 0) this.#workers.sync(uidOf(pod));
      return;
    }
    if (operation === 'add' && !this.#admit(pod)) return;
    if (operation === 'update') this.#volumes.contentChanged(uidOf(pod));
    this.#objects.register(pod);
    this.#work(pod);
  }

  /** False if the pod was turned away. Models rejectPod. */
  #admit(pod: Pod): boolean {
    if (isFinished(pod.status) || isDeleting(pod)) return true;
    const { machine } = this.#deps;
    const node = this.#nodeInformer.lister.get('', this.#config.nodeName) ?? {
      metadata: { name: this.#config.nodeName },
      status: { allocatable: nodeResources(machine).allocatable },
    };
    const others = {
      atMost: this.#pods.size - 1,
      list: () =>
        this.#activePods()
          .filter((other) => other !== pod)
          .map((other) => this.#allocations.allocatedPod(other)),
    };
    const rejection = isStaticPod(pod) ? undefined : admitPod(pod, node, others);
    if (rejection === undefined) {
      this.#allocations.add(pod);
      return true;
    }
    const { reason, message } = rejection;
    this.#events.pod(pod, 'Warning', reason, message);
    this.#statuses.set(pod, {
      phase: 'Failed',
      reason,
      message: `Pod was rejected: ${message}`,
      qosClass: pod.status?.qosClass ?? qosClassOf(pod),
    });
    return false;
  }

  /** Pods that may still have running containers. */
  #activePods(): Pod[] {
    return this.#pods.list().filter((pod) => {
      const status = this.#statuses.status(uidOf(pod)) ?? pod.status;
      return !isFinished(status) && !this.#workers.isTerminated(uidOf(pod));
    });
  }

  #mirrorChanged(mirror: Pod): void {
    const owner = this.#pods.podOfMirror(mirror);
    if (owner === undefined) void this.#mirrors.deleteQuietly(mirror);
    else {
      this.#statuses.mirrorChanged(owner);
      this.#work(owner);
    }
  }

  #evict(pod: Pod, reason: string, message: string): void {
    this.#events.pod(pod, 'Warning', reason, message);
    this.#syncer.fail(uidOf(pod), { reason, message });
    this.#workers.kill(uidOf(pod), EVICTION_GRACE_SECONDS);
  }

  #podLifecycle(uid: string): void {
    this.#workers.sync(uid);
    void this.#runtimeManager.pruneContainers(uid);
  }

  async #podCidrChanged(): Promise<void> {
    await this.#nodeStatus.update();
    for (const pod of this.#pods.list()) this.#workers.sync(uidOf(pod));
  }

  async #observeForProbe(uid: string) {
    const pod = this.#pods.byUid(uid);
    if (pod === undefined) return undefined;
    const runtime = await this.#runtimeManager.podStatus(uid);
    const ip = runtime.sandboxes[0]?.ip ?? '';
    return {
      pod,
      container: (name: string) => findContainer(runtime, name),
      podIP: ip === '' ? this.#deps.machine.address : ip,
    };
  }

  #probeChanged(pod: Pod, container: Container, id: string, type: ProbeType): void {
    const current = this.#pods.byUid(uidOf(pod));
    if (current === undefined) return;
    if (type !== 'liveness') void this.#updateReadiness(current, container, id);
    if (type !== 'readiness') this.#workers.sync(uidOf(pod));
  }

  async #updateReadiness(pod: Pod, container: Container, id: string): Promise<void> {
    const runtime = await this.#runtimeManager.podStatus(uidOf(pod));
    const instance = findContainer(runtime, container.name);
    if (instance?.id !== id || instance.state !== 'CONTAINER_RUNNING') return;
    this.#statuses.setContainer(
      pod,
      containerId(id),
      (status) => {
        status.started = this.#probes.isStarted(container, instance);
        status.ready = this.#probes.isReady(container, instance);
      },
      (status) => generateConditions(pod, status, true),
    );
  }

  #waitingReason(pod: Pod, container: string): string {
    const status = this.#statuses.status(uidOf(pod));
    const own = [
      ...(status?.containerStatuses ?? []),
      ...(status?.initContainerStatuses ?? []),
      ...(status?.ephemeralContainerStatuses ?? []),
    ].find(({ name }) => name === container);
    const reason = own?.state?.waiting?.reason ?? 'ContainerCreating';
    if (reason === 'ImagePullBackOff') return 'trying and failing to pull image';
    if (reason === 'ErrImagePull') return "image can't be pulled";
    return reason;
  }
}
