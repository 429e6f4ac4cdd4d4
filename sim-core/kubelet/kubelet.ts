import type { Container, Node, Pod, Taint } from 'kubernetes-types/core/v1';
import { ConnectionError } from '../apimachinery/http.ts';
import { StatusError } from '../apimachinery/status.ts';
import type { Tracer } from '../apimachinery/trace.ts';
import { RESOURCES } from '../client-go/kubernetes/resources.ts';
import type { RestClient } from '../client-go/rest/client.ts';
import { SharedInformer } from '../client-go/tools/cache/shared-informer.ts';
import { EventNames } from '../client-go/tools/record/event-names.ts';
import type { EventType } from '../client-go/tools/record/event-recorder.ts';
import { EventRecorder, subjectOf } from '../client-go/tools/record/event-recorder.ts';
import { EventSink } from '../client-go/tools/record/event-sink.ts';
import type { Clock } from '../clock/clock.ts';
import type { Context } from '../clock/context.ts';
import type { Rand } from '../clock/rand.ts';
import type { ImageService, RuntimeService } from '../cri/runtime-service.ts';
import type { Machine } from '../node/machine.ts';
import { apiserverSource } from './config/apiserver.ts';
import { FileSource } from './config/file.ts';
import type { PodUpdate } from './config/pod-config.ts';
import { PodConfig } from './config/pod-config.ts';
import type { MasterService } from './container-environment.ts';
import { containerEnvironment } from './container-environment.ts';
import { ImageManager } from './images/image-manager.ts';
import { NodeStatusUpdater } from './kubelet-node-status.ts';
import { BACK_OFF_PERIOD_MS, SyncError } from './kuberuntime/errors.ts';
import { instrumentedImages, instrumentedRuntime } from './kuberuntime/instrumented-services.ts';
import { findContainer } from './kuberuntime/pod-status.ts';
import { ReasonCache } from './kuberuntime/reason-cache.ts';
import { RuntimeManager } from './kuberuntime/runtime-manager.ts';
import { NodeLease } from './node-lease.ts';
import type { NodeFacts } from './nodestatus/setters.ts';
import { KUBELET_PORT, runtimeProblem } from './nodestatus/setters.ts';
import { removeUnknownPods } from './pod-cleanups.ts';
import { PodLifecycleEventGenerator } from './pleg/pleg.ts';
import { MirrorClient, isMirrorPodOf } from './pod/mirror-client.ts';
import { PodManager } from './pod/pod-manager.ts';
import type { PodSyncer } from './pod-workers.ts';
import { PodWorkers } from './pod-workers.ts';
import type { ProbeType } from './prober/prober.ts';
import { ProberManager } from './prober/prober-manager.ts';
import { apiPodStatus } from './status/api-pod-status.ts';
import { containerId } from './status/container-statuses.ts';
import { generateConditions } from './status/generate.ts';
import { StatusManager } from './status/status-manager.ts';
import { KubeletServer } from './server/server.ts';
import { isDeleting, isFinished, isMirrorPod, isStaticPod, uidOf } from './types.ts';
import { ObjectCache } from './volumemanager/object-cache.ts';
import { VolumeManager } from './volumemanager/volume-manager.ts';

export interface KubeletConfig {
  readonly nodeName: string;
  /** staticPodPath: "/etc/kubernetes/manifests". */
  readonly staticPodPath: string;
  /** --register-with-taints. */
  readonly taints: readonly Taint[];
  readonly ids: NodeFacts['ids'];
  /** Where pods find the apiserver. */
  readonly master: MasterService;
  /** The process ran before and goes on: the node is registered, and what it was to be told of, it was. */
  readonly resumed: boolean;
}

export interface KubeletDependencies {
  readonly clock: Clock;
  readonly rand: Rand;
  readonly machine: Machine;
  /** A client with this node's identity. */
  readonly client: RestClient;
  readonly runtime: RuntimeService;
  readonly images: ImageService;
  readonly tracer: Tracer;
  /** Takes a line of the kubelet's log. */
  readonly log: (message: string) => void;
}

/** fileCheckFrequency. */
const FILE_CHECK_FREQUENCY_MS = 20_000;

/**
 * The agent of one node: makes its containers match its pods and tells the apiserver how it goes.
 *
 * Models pkg/kubelet/kubelet.go.
 */
export class Kubelet implements PodSyncer {
  readonly #deps: KubeletDependencies;
  readonly #config: KubeletConfig;
  readonly #context: Context;
  readonly #runtime: RuntimeService;
  readonly #recorder: EventRecorder;
  readonly #pods = new PodManager();
  readonly #podConfig: PodConfig;
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
  #isRecalling: boolean;

  /** Stops, leaving containers as they are, when `context` is cancelled. */
  constructor(deps: KubeletDependencies, config: KubeletConfig, context: Context) {
    this.#deps = deps;
    this.#config = config;
    this.#context = context;
    this.#isRecalling = config.resumed;
    const { clock, rand, client, tracer, machine } = deps;
    const { nodeName } = config;
    this.#runtime = instrumentedRuntime(deps.runtime, tracer, nodeName);
    const images = instrumentedImages(deps.images, tracer, nodeName);
    this.#recorder = new EventRecorder(
      new EventSink(client, clock, context),
      clock,
      new EventNames(clock, rand.fork('events')),
      { component: 'kubelet', host: nodeName },
    );
    const recordPod = this.#recordPod.bind(this);
    const recordContainer = this.#recordContainer.bind(this);
    this.#podConfig = new PodConfig((update) => this.#handle(update));
    this.#workers = new PodWorkers(clock, rand.fork('pod-workers'), this, context);
    this.#statuses = new StatusManager(client, clock, this.#pods);
    this.#objects = new ObjectCache(client, clock, rand.fork('objects'));
    this.#volumes = new VolumeManager(client, clock, machine.files, this.#objects, recordPod);
    this.#probes = new ProberManager(clock, machine.network, {
      observe: (uid) => this.#observeForProbe(uid),
      changed: (pod, container, id, type) => this.#probeChanged(pod, container, id, type),
      record: recordContainer,
    });
    this.#runtimeManager = new RuntimeManager(
      clock,
      this.#runtime,
      new ImageManager(clock, images, recordContainer),
      {
        hostIP: machine.address,
        containerEnvironment: (pod, container, podIP) =>
          containerEnvironment(
            pod,
            container,
            { podIP, hostIP: machine.address },
            this.#objects,
            config.master,
            context,
          ),
        containerStopping: () => {},
      },
      { container: recordContainer, pod: recordPod },
      this.#reasons,
    );
    this.#nodeInformer = new SharedInformer<Node>(client, clock, rand.fork('node'), {
      resource: RESOURCES.nodes,
      fieldSelector: `metadata.name=${nodeName}`,
      resumeFrom: client.config.resumeFrom,
    });
    this.#nodeStatus = new NodeStatusUpdater(
      client,
      clock,
      machine,
      deps.runtime,
      images,
      () => this.#nodeInformer.lister.get('', nodeName),
      { nodeName, taints: config.taints, ids: config.ids },
    );
    this.#mirrors = new MirrorClient(client, () => {
      const uid = this.#nodeStatus.uid;
      return uid === undefined ? undefined : { name: nodeName, uid };
    });
  }

  /** Starts everything; resolves when the node is registered and its sources are followed. */
  async run(): Promise<void> {
    const { clock, machine, client, rand, log } = this.#deps;
    const { nodeName, staticPodPath, resumed } = this.#config;
    const context = this.#context;
    const pleg = new PodLifecycleEventGenerator(clock, this.#deps.runtime, (uid) => this.#podLifecycle(uid));
    const server = new KubeletServer(clock, machine.files, this.#deps.runtime, {
      list: () => this.#pods.list(),
      waitingReason: (pod, container) => this.#waitingReason(pod, container),
    });
    const stops = [
      machine.network.listen(machine.address, KUBELET_PORT, { handler: (request) => server.handle(request) }),
      machine.network.listen('127.0.0.1', HEALTHZ_PORT, { handler: (request) => server.handle(request) }),
    ];
    context.onCancel(() => {
      for (const stop of stops) stop();
      pleg.stop();
      this.#probes.stop();
      this.#objects.stop();
    });
    this.#statuses.run(context);
    new FileSource(clock, machine.files, this.#podConfig, log, {
      directory: staticPodPath,
      nodeName,
      checkFrequency: FILE_CHECK_FREQUENCY_MS,
    }).run(context);

    await this.#nodeStatus.register(context, { resumed });
    if (context.cancelled) return;
    // The node's range of pod addresses comes later, from the controller manager.
    this.#nodeInformer.addHandler({
      onUpdate: (old, node) => {
        if (old.spec?.podCIDR !== node.spec?.podCIDR) void this.#podCidrChanged();
      },
    });
    void this.#nodeInformer.run(context);
    const source = apiserverSource(client, clock, rand.fork('pods'), this.#podConfig, nodeName);
    void source.run(context);
    void new NodeLease(client, clock, nodeName, () => this.#nodeStatus.uid).run(context, { resumed });
    void this.#nodeStatus.run(context);
    if (!resumed) this.#recordNode('Normal', 'Starting', 'Starting kubelet.');
    if (resumed) await this.#recall(source);
    // The mirror pods had to wait for the node.
    else for (const pod of this.#pods.list()) if (isStaticPod(pod)) this.#workers.update(pod);
    await source.synced(context);
    if (context.cancelled) return;
    await removeUnknownPods(this.#runtime, (uid) => this.#pods.byUid(uid) !== undefined);
  }

  /** Takes what the apiserver says of the pods for what this process knew of them, and goes on. */
  async #recall(source: SharedInformer<Pod>): Promise<void> {
    await source.synced(this.#context);
    this.#isRecalling = false;
    for (const pod of this.#pods.list()) {
      this.#probes.recall(this.#apiPod(pod).status?.containerStatuses ?? []);
      this.#workers.update(pod);
    }
  }

  /** The pod as the apiserver knows it. */
  #apiPod(pod: Pod): Pod {
    return this.#pods.mirrorOf(pod) ?? pod;
  }

  /** Models kubelet.go HandlePodAdditions, …Updates, …Removes and …Reconcile. */
  #handle({ operation, pod }: PodUpdate): void {
    if (operation === 'remove') {
      this.#pods.remove(pod);
      if (isMirrorPod(pod)) return this.#mirrorChanged(pod);
      this.#objects.unregister(pod);
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
    this.#objects.register(pod);
    this.#work(pod);
  }

  /** Hands a pod to its worker: at once, but in a process that goes on only when all its pods are known again. */
  #work(pod: Pod): void {
    if (!this.#isRecalling) this.#workers.update(pod);
  }

  #mirrorChanged(mirror: Pod): void {
    const owner = this.#pods.podOfMirror(mirror);
    if (owner === undefined) void this.#deleteMirror(mirror);
    else {
      this.#statuses.mirrorChanged(owner);
      this.#work(owner);
    }
  }

  /** Models kubelet.go SyncPod. */
  async syncPod(pod: Pod, context: Context): Promise<boolean> {
    const runtime = await this.#runtimeManager.podStatus(uidOf(pod));
    const status = apiPodStatus(pod, this.#sources(pod, runtime, false));
    this.#statuses.set(pod, status);
    if (isFinished(status)) return true;

    if (pod.spec?.hostNetwork !== true) {
      const network = (await this.#runtime.status()).find(({ type }) => type === 'NetworkReady');
      if (network !== undefined && !network.status) {
        const message = `network is not ready: ${runtimeProblem(network)}`;
        this.#recordPod(pod, 'Warning', 'NetworkNotReady', message);
        throw new SyncError(message, NETWORK_RETRY_MS);
      }
    }
    if (isStaticPod(pod)) await this.#ensureMirror(pod);
    await this.#volumes.waitForMount(pod, context);
    if (context.cancelled) return false;
    this.#probes.addPod(pod);
    await this.#runtimeManager.syncPod(pod, runtime, this.#probes, context);
    return false;
  }

  /** Models kubelet.go SyncTerminatingPod. */
  async syncTerminatingPod(pod: Pod, gracePeriodSeconds: number | undefined): Promise<void> {
    const uid = uidOf(pod);
    const before = await this.#runtimeManager.podStatus(uid);
    this.#statuses.set(pod, apiPodStatus(pod, this.#sources(pod, before, false)));
    this.#probes.stopLivenessAndStartup(pod);
    await this.#runtimeManager.killPod(pod, before, gracePeriodSeconds);
    this.#probes.removePod(pod);
    const after = await this.#runtimeManager.podStatus(uid);
    if (after.containers.some(({ state }) => state === 'CONTAINER_RUNNING')) {
      throw new SyncError(`the pod ${uid} still has running containers`, BACK_OFF_PERIOD_MS);
    }
    this.#statuses.set(pod, apiPodStatus(pod, this.#sources(pod, after, false)));
  }

  /** Models kubelet.go SyncTerminatedPod. */
  async syncTerminatedPod(pod: Pod, removed: boolean): Promise<void> {
    const uid = uidOf(pod);
    const runtime = await this.#runtimeManager.podStatus(uid);
    this.#statuses.set(pod, apiPodStatus(pod, this.#sources(pod, runtime, true)));
    await this.#volumes.waitForUnmount(pod);
    this.#statuses.terminate(pod);
    if (removed || isDeleting(pod)) await this.#runtimeManager.removePod(uid);
    if (!removed) return;
    this.#statuses.remove(uid);
    const mirror = this.#pods.mirrorOf(pod);
    if (mirror !== undefined && this.#pods.podOfMirror(mirror) === undefined)
      await this.#deleteMirror(mirror);
  }

  #sources(pod: Pod, runtime: Parameters<typeof apiPodStatus>[1]['runtime'], podIsTerminal: boolean) {
    return {
      runtime,
      reasons: this.#reasons,
      probes: this.#probes,
      hostIP: this.#deps.machine.address,
      known: this.#statuses.status(uidOf(pod)) ?? this.#apiPod(pod).status,
      podIsTerminal,
    };
  }

  /** Makes the mirror pod of a static pod, again if it is deleted or stands for an older file. */
  async #ensureMirror(pod: Pod): Promise<void> {
    const mirror = this.#pods.mirrorOf(pod);
    try {
      if (mirror !== undefined && (isDeleting(mirror) || !isMirrorPodOf(mirror, pod))) {
        await this.#mirrors.delete(mirror);
        // It is made again when the watch says that the old one is gone.
        return;
      }
      if (mirror === undefined) await this.#mirrors.create(pod);
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof ConnectionError)) throw error;
      // The container must run whether the apiserver answers or not: it may be the apiserver.
      this.#deps.clock.schedule(BACK_OFF_PERIOD_MS, () => this.#workers.sync(uidOf(pod)), { periodic: true });
    }
  }

  async #deleteMirror(mirror: Pod): Promise<void> {
    try {
      await this.#mirrors.delete(mirror);
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof ConnectionError)) throw error;
    }
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
      container: (name: string) => findContainer(runtime, name),
      podIP: ip === '' ? this.#deps.machine.address : ip,
    };
  }

  #probeChanged(pod: Pod, container: Container, id: string, type: ProbeType): void {
    const current = this.#pods.byUid(uidOf(pod));
    if (current === undefined) return;
    if (type === 'readiness' || type === 'startup') {
      this.#statuses.setContainer(
        current,
        containerId(id),
        (status) => {
          status.started = this.#probes.isStarted(container, id);
          status.ready = this.#probes.isReady(container, id);
        },
        (status) => generateConditions(current, status, true),
      );
    }
    if (type !== 'readiness') this.#workers.sync(uidOf(pod));
  }

  #waitingReason(pod: Pod, container: string): string {
    const status = this.#statuses.status(uidOf(pod));
    const own = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].find(
      ({ name }) => name === container,
    );
    const reason = own?.state?.waiting?.reason ?? 'ContainerCreating';
    if (reason === 'ImagePullBackOff') return 'trying and failing to pull image';
    if (reason === 'ErrImagePull') return "image can't be pulled";
    return reason;
  }

  #recordContainer(pod: Pod, container: Container, type: EventType, reason: string, message: string): void {
    const isInit = pod.spec!.initContainers?.some(({ name }) => name === container.name) ?? false;
    const path = `spec.${isInit ? 'initContainers' : 'containers'}{${container.name}}`;
    this.#recorder.event(subjectOf(this.#eventPod(pod), RESOURCES.pods, path), type, reason, message);
  }

  #recordPod(pod: Pod, type: EventType, reason: string, message: string): void {
    this.#recorder.event(subjectOf(this.#eventPod(pod), RESOURCES.pods), type, reason, message);
  }

  #recordNode(type: EventType, reason: string, message: string): void {
    const { nodeName } = this.#config;
    const uid = this.#nodeStatus.uid ?? nodeName;
    this.#recorder.event(
      subjectOf({ metadata: { name: nodeName, uid } }, RESOURCES.nodes),
      type,
      reason,
      message,
    );
  }

  /** Events name the pod as it came from its source: a static pod by its own uid. */
  #eventPod(pod: Pod) {
    const { name, namespace, uid, resourceVersion } = pod.metadata!;
    return {
      metadata: {
        ...(name !== undefined && { name }),
        ...(namespace !== undefined && { namespace }),
        ...(uid !== undefined && { uid }),
        ...(resourceVersion !== undefined && { resourceVersion }),
      },
    };
  }
}

/** healthzPort. */
const HEALTHZ_PORT = 10248;
/** A pod that waits for the network looks again this often. */
const NETWORK_RETRY_MS = 1000;
