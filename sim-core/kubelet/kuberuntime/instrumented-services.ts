import type { Tracer } from '../../apimachinery/trace.ts';
import type { ImageService, PodSandboxMetadata, RuntimeService } from '../../cri/runtime-service.ts';

/**
 * The runtime with a trace event for every call that changes something.
 *
 * Models kuberuntime/instrumented_services.go.
 */
export function instrumentedRuntime(runtime: RuntimeService, tracer: Tracer, node: string): RuntimeService {
  const sandboxes = new Map<string, PodSandboxMetadata>();
  const containers = new Map<
    string,
    { readonly pod: PodSandboxMetadata | undefined; readonly name: string }
  >();
  const emit = (
    call: string,
    pod: PodSandboxMetadata | undefined,
    container: string | undefined,
    detail: string | undefined,
  ) =>
    tracer.emit({
      type: 'cri',
      node,
      call,
      ...(pod !== undefined && { pod: { namespace: pod.namespace, name: pod.name } }),
      ...(container !== undefined && { container }),
      ...(detail !== undefined && { detail }),
    });
  const ofContainer = (call: string, id: string) => {
    const known = containers.get(id);
    emit(call, known?.pod, known?.name, id);
  };
  return {
    version: () => runtime.version(),
    status: () => runtime.status(),
    updateRuntimeConfig: (config) => runtime.updateRuntimeConfig(config),
    async runPodSandbox(config) {
      emit('RunPodSandbox', config.metadata, undefined, undefined);
      const id = await runtime.runPodSandbox(config);
      sandboxes.set(id, config.metadata);
      return id;
    },
    stopPodSandbox(id) {
      emit('StopPodSandbox', sandboxes.get(id), undefined, id);
      return runtime.stopPodSandbox(id);
    },
    async removePodSandbox(id) {
      emit('RemovePodSandbox', sandboxes.get(id), undefined, id);
      await runtime.removePodSandbox(id);
      sandboxes.delete(id);
    },
    podSandboxStatus: (id) => runtime.podSandboxStatus(id),
    listPodSandbox: (filter) => runtime.listPodSandbox(filter),
    async createContainer(podSandboxId, config) {
      const pod = sandboxes.get(podSandboxId);
      emit('CreateContainer', pod, config.metadata.name, config.image);
      const id = await runtime.createContainer(podSandboxId, config);
      containers.set(id, { pod, name: config.metadata.name });
      return id;
    },
    startContainer(id) {
      ofContainer('StartContainer', id);
      return runtime.startContainer(id);
    },
    stopContainer(id, timeout) {
      ofContainer('StopContainer', id);
      return runtime.stopContainer(id, timeout);
    },
    async removeContainer(id) {
      ofContainer('RemoveContainer', id);
      await runtime.removeContainer(id);
      containers.delete(id);
    },
    updateContainerResources(id, resources) {
      ofContainer('UpdateContainerResources', id);
      return runtime.updateContainerResources(id, resources);
    },
    exec(id, command, streams, context) {
      ofContainer('Exec', id);
      return runtime.exec(id, command, streams, context);
    },
    attach(id, streams, context) {
      ofContainer('Attach', id);
      return runtime.attach(id, streams, context);
    },
    portForward(id, port, request) {
      emit('PortForward', sandboxes.get(id), undefined, String(port));
      return runtime.portForward(id, port, request);
    },
    reopenContainerLog: (id) => runtime.reopenContainerLog(id),
    listContainerStats: (filter) => runtime.listContainerStats(filter),
    containerStatus: (id) => runtime.containerStatus(id),
    listContainers: (filter) => runtime.listContainers(filter),
    containerEvents: (listener) => runtime.containerEvents(listener),
  };
}

/** The image service with a trace event for every pull. */
export function instrumentedImages(images: ImageService, tracer: Tracer, node: string): ImageService {
  return {
    listImages: () => images.listImages(),
    imageStatus: (image) => images.imageStatus(image),
    pullImage(image) {
      tracer.emit({ type: 'cri', node, call: 'PullImage', detail: image });
      return images.pullImage(image);
    },
    removeImage: (image) => images.removeImage(image),
  };
}
