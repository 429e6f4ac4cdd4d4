import type { Pod } from 'kubernetes-types/core/v1';
import type { HttpRequest, HttpResponse } from '../../apimachinery/http.ts';
import type { Clock } from '../../clock/clock.ts';
import type { ContainerStatus, RuntimeService } from '../../cri/runtime-service.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { runtimePodStatus } from '../kuberuntime/pod-status.ts';
import { allContainersOf, nameOf, namespaceOf, podText, uidOf } from '../types.ts';
import { ByteLimit } from './byte-limit.ts';
import { LogStream } from './log-stream.ts';
import type { LogOptions } from './log-options.ts';
import { parseLogOptions, selectLines } from './log-options.ts';
import { servePortForward } from './port-forward.ts';
import { parseStreamOptions, serveAttach, serveExec } from './streaming.ts';

/** The pods of the node, static ones under their own uid. */
export interface PodLister {
  list(): readonly Pod[];
  /** Why a container does not run, in the words of its status. */
  waitingReason(pod: Pod, container: string): string;
}

/**
 * What a kubelet answers at its port 10250: logs of containers, the node's pods, health.
 *
 * Models pkg/kubelet/server/server.go.
 */
export class KubeletServer {
  readonly #clock: Clock;
  readonly #files: FileSystem;
  readonly #runtime: RuntimeService;
  readonly #pods: PodLister;

  constructor(clock: Clock, files: FileSystem, runtime: RuntimeService, pods: PodLister) {
    this.#clock = clock;
    this.#files = files;
    this.#runtime = runtime;
    this.#pods = pods;
  }

  async handle(request: HttpRequest): Promise<HttpResponse> {
    const [place, query = ''] = request.path.split('?') as [string, string | undefined];
    const logs = /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(place);
    if (logs !== null) {
      const [namespace, name, container] = logs.slice(1).map(decodeURIComponent) as [string, string, string];
      return this.#containerLogs(namespace, name, container, parseLogOptions(query, this.#clock.now()));
    }
    const streaming = /^\/(exec|run|attach|portForward)\/([^/]+)\/([^/]+)(?:\/([^/]+))?$/.exec(place);
    if (streaming !== null) {
      const [what, namespace, name, container = ''] = streaming.slice(1);
      return this.#stream(request, query, { what: what!, namespace: namespace!, name: name!, container });
    }
    if (place === '/pods') {
      const items = this.#pods.list();
      return answer(200, JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items }));
    }
    return place === '/healthz' || place === '/healthz/ping'
      ? answer(200, 'ok')
      : answer(404, '404 page not found\n');
  }

  /** exec, run and attach at a container, and the way to the ports of a pod. */
  async #stream(
    request: HttpRequest,
    query: string,
    at: {
      readonly what: string;
      readonly namespace: string;
      readonly name: string;
      readonly container: string;
    },
  ): Promise<HttpResponse> {
    const pod = this.#pods.list().find((own) => nameOf(own) === at.name && namespaceOf(own) === at.namespace);
    if (pod === undefined) return answer(404, `pod does not exist`);
    const { containers, sandboxes } = await runtimePodStatus(this.#runtime, uidOf(pod));
    if (at.what === 'portForward') {
      const [sandbox] = sandboxes;
      return sandbox === undefined
        ? answer(500, `not found (${podText(pod)})`)
        : servePortForward(this.#runtime, sandbox.id);
    }
    const instance = containers.find(({ metadata }) => metadata.name === at.container);
    if (instance === undefined) return answer(500, `container not found (${JSON.stringify(at.container)})`);
    const options = parseStreamOptions(query);
    return at.what === 'attach'
      ? serveAttach(this.#runtime, instance.id, request, options)
      : serveExec(this.#runtime, instance.id, request, options);
  }

  async #containerLogs(
    namespace: string,
    name: string,
    container: string,
    options: LogOptions,
  ): Promise<HttpResponse> {
    const pod = this.#pods.list().find((own) => nameOf(own) === name && namespaceOf(own) === namespace);
    if (pod === undefined) return answer(404, `pod "${name}" not found\n`);
    const known = allContainersOf(pod).some((own) => own.name === container);
    if (!known) return answer(404, `container "${container}" not found in pod "${name}"\n`);
    const { containers } = await runtimePodStatus(this.#runtime, uidOf(pod));
    const [newest, older] = containers.filter(({ metadata }) => metadata.name === container);
    const instance = options.previous ? (newest?.state === 'CONTAINER_EXITED' ? newest : older) : newest;
    if (options.previous && instance === undefined) {
      return answer(400, `previous terminated container "${container}" in pod "${name}" not found`);
    }
    if (instance === undefined || instance.state === 'CONTAINER_CREATED') {
      const reason = this.#pods.waitingReason(pod, container);
      return answer(400, `container "${container}" in pod "${name}" is waiting to start: ${reason}`);
    }
    return this.#readLog(instance, options);
  }

  #readLog(instance: ContainerStatus, options: LogOptions): HttpResponse {
    const { logPath } = instance;
    const read = () => (this.#files.exists(logPath) ? this.#files.read(logPath) : '');
    const log = read();
    const limit = new ByteLimit(options.limitBytes);
    const text = limit.take(selectLines(log, options).join(''));
    if (!options.follow || limit.reached || instance.state !== 'CONTAINER_RUNNING') return answer(200, text);
    let seen = log.length;
    const stops: (() => void)[] = [];
    const stream = new LogStream(() => {
      for (const stop of stops) stop();
    });
    if (text !== '') stream.push(text);
    const forward = () => {
      const whole = read();
      if (whole.length <= seen) return;
      const more = selectLines(whole.slice(seen), { ...options, tailLines: undefined }).join('');
      seen = whole.length;
      stream.push(limit.take(more));
      if (limit.reached) stream.end();
    };
    stops.push(
      this.#files.watch(logPath, forward),
      this.#runtime.containerEvents(({ type, containerId }) => {
        if (containerId !== instance.id || type !== 'CONTAINER_STOPPED_EVENT') return;
        forward();
        stream.end();
      }),
    );
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: stream };
  }
}

function answer(status: number, body: string): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
