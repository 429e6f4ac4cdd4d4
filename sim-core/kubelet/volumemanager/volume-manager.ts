import type { Container, Pod, Volume } from 'kubernetes-types/core/v1';
import { formatGoDuration } from '../../apimachinery/duration.ts';
import { formatTime } from '../../apimachinery/object.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import type { Klog } from '../../client-go/util/klog.ts';
import type { Clock, Timer } from '../../clock/clock.ts';
import type { Context } from '../../clock/context.ts';
import type { Rand } from '../../clock/rand.ts';
import type { Mount } from '../../cri/runtime-service.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { FileError } from '../../node/file-system.ts';
import type { Allocatable } from '../field-path.ts';
import { expand } from '../kuberuntime/container-config.ts';
import { StartError } from '../kuberuntime/errors.ts';
import { nameOf, uidOf } from '../types.ts';
import { writeAtomically } from './atomic-writer.ts';
import { checkHostPath } from './host-path.ts';
import { MountError } from './mount-error.ts';
import type { ObjectCache } from './object-cache.ts';
import { claimOf, mountClaim } from './persistent-volume.ts';
import { projectionOf } from './projection.ts';
import { ownEmptyDir, ownProjected } from './ownership.ts';
import { TokenManager } from './token-manager.ts';

/** The reconciler looks for work this often. */
const RECONCILE_MS = 100;
/** First and longest wait between two tries to mount a volume. */
const RETRY = { initial: 500, max: 122_000 };
/** A pod is looked at again at least this often: what its volumes are made of may have changed. */
const RESYNC_MS = 60_000;

type RecordPodEvent = (pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string) => void;

export interface VolumeManagerConfig {
  readonly hostIP: string;
  readonly allocatable: Allocatable;
}

interface MountedPod {
  readonly pod: Pod;
  readonly context: Context;
  /** Where each volume lies on the machine, by its name. */
  readonly paths: ReadonlyMap<string, string>;
  /** When files are made anew. */
  refresh: Timer | undefined;
}

/**
 * Makes the volumes of pods ready before their containers start, and keeps their files as new as the
 * objects that they are made of.
 *
 * Models pkg/kubelet/volumemanager.
 */
export class VolumeManager {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #files: FileSystem;
  readonly #objects: ObjectCache;
  readonly #tokens: TokenManager;
  readonly #recordPod: RecordPodEvent;
  readonly #config: VolumeManagerConfig;
  readonly #mounted = new Map<string, MountedPod>();
  /** The pod as it is now: labels and annotations may be in a volume. */
  readonly #current: (uid: string) => Pod | undefined;
  readonly #log: Klog;

  constructor(
    client: RestClient,
    clock: Clock,
    rand: Rand,
    files: FileSystem,
    objects: ObjectCache,
    hooks: {
      readonly record: RecordPodEvent;
      readonly current: (uid: string) => Pod | undefined;
      readonly log: Klog;
    },
    config: VolumeManagerConfig,
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#rand = rand;
    this.#files = files;
    this.#objects = objects;
    this.#tokens = new TokenManager(client, clock);
    this.#recordPod = hooks.record;
    this.#current = hooks.current;
    this.#log = hooks.log;
    this.#config = config;
  }

  /** Resolves when all volumes are mounted, or when `context` is cancelled. */
  async waitForMount(pod: Pod, podIP: string, context: Context): Promise<void> {
    if (this.#mounted.has(uidOf(pod))) return;
    await this.#clock.sleep(RECONCILE_MS, { context });
    const paths = new Map<string, string>();
    let refreshAt = Infinity;
    for (const volume of pod.spec!.volumes ?? []) {
      for (let delay = RETRY.initial; !context.cancelled; delay = Math.min(delay * 2, RETRY.max)) {
        try {
          const mounted = await this.#mount(pod, volume, podIP, context);
          paths.set(volume.name, mounted.path);
          refreshAt = Math.min(refreshAt, mounted.refreshAt ?? Infinity);
          break;
        } catch (error) {
          if (!(error instanceof MountError)) throw error;
          this.#recordPod(pod, 'Warning', 'FailedMount', failureText(volume, error));
          this.#logFailure(pod, volume, error, delay);
          await this.#clock.sleep(delay, { context, periodic: true });
        }
      }
    }
    if (context.cancelled) return;
    const mounted: MountedPod = { pod, context, paths, refresh: undefined };
    this.#mounted.set(uidOf(pod), mounted);
    this.#refreshAt(mounted, refreshAt);
    context.onCancel(() => mounted.refresh?.cancel());
  }

  /** Resolves when nothing of the pod is mounted any more. */
  async waitForUnmount(pod: Pod): Promise<void> {
    const mounted = this.#mounted.get(uidOf(pod));
    if (mounted === undefined) return;
    this.#mounted.delete(uidOf(pod));
    mounted.refresh?.cancel();
    this.#tokens.forget(pod);
    if (mounted.paths.size > 0) await this.#clock.sleep(RECONCILE_MS);
    const directory = podDirectory(pod);
    if (this.#files.exists(directory)) this.#files.remove(directory, { recursive: true });
  }

  /** An object that volumes may be made of, or the pod itself, has changed: its files follow at the next look. */
  contentChanged(uid: string): void {
    const mounted = this.#mounted.get(uid);
    if (mounted === undefined || !(mounted.pod.spec!.volumes ?? []).some(isProjected)) return;
    this.#refreshAt(mounted, this.#clock.now() + Math.ceil(this.#rand.float() * RESYNC_MS));
  }

  stop(): void {
    for (const { refresh } of this.#mounted.values()) refresh?.cancel();
  }

  /** The mounts of a container. Throws a StartError. Models kubelet_pods.go makeMounts. */
  mountsOf(pod: Pod, container: Container, envs: Readonly<Record<string, string>>): Mount[] {
    const paths = this.#mounted.get(uidOf(pod))?.paths;
    return (container.volumeMounts ?? []).map((mount, index) => {
      const { name, mountPath, subPathExpr } = mount;
      const volume = paths?.get(name);
      if (volume === undefined) {
        throw new StartError(
          'CreateContainerConfigError',
          `cannot find volume ${JSON.stringify(name)} to mount into container ${JSON.stringify(container.name)}`,
        );
      }
      const subPath = subPathExpr === undefined ? (mount.subPath ?? '') : expand(subPathExpr, envs);
      const containerPath = mountPath.startsWith('/') ? mountPath.replace(/(?<=.)\/$/, '') : `/${mountPath}`;
      const isReadOnly = mount.readOnly ?? false;
      const ofVolume = (pod.spec!.volumes ?? []).find((own) => own.name === name)!;
      return {
        hostPath: subPath === '' ? volume : this.#subPath(pod, container, ofVolume, volume, subPath, index),
        containerPath,
        readonly: isReadOnly || isProjected(ofVolume),
      };
    });
  }

  /** Makes what a subPath names and gives its place. Models pkg/volume/util/subpath. */
  #subPath(
    pod: Pod,
    container: Container,
    volume: Volume,
    path: string,
    subPath: string,
    index: number,
  ): string {
    const target = `${path}/${subPath}`;
    if (subPath.split('/').includes('..')) {
      throw new StartError(
        'CreateContainerConfigError',
        `failed to prepare subPath for volumeMount ${JSON.stringify(volume.name)} of container ${JSON.stringify(container.name)}`,
      );
    }
    try {
      if (!this.#files.exists(target)) {
        this.#files.makeDirectory(target, { parents: true });
        return target;
      }
      const real = this.#files.realPath(target);
      if (!isProjected(volume) || this.#files.stat(real).type !== 'file') return real;
      // A bind mount holds on to the file as it is now: later changes of the object do not reach it.
      const directory = `${podDirectory(pod)}/volume-subpaths/${volume.name}/${container.name}`;
      this.#files.makeDirectory(directory, { parents: true });
      this.#files.write(`${directory}/${index}`, this.#files.read(real));
      return `${directory}/${index}`;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new StartError(
        'CreateContainerConfigError',
        `failed to prepare subPath for volumeMount ${JSON.stringify(volume.name)} of container ${JSON.stringify(container.name)}`,
      );
    }
  }

  #refreshAt(mounted: MountedPod, instant: number): void {
    if (instant === Infinity || mounted.context.cancelled) return;
    mounted.refresh?.cancel();
    const delay = Math.max(0, instant - this.#clock.now());
    mounted.refresh = this.#clock.schedule(delay, () => void this.#refresh(mounted), { periodic: true });
  }

  async #refresh(mounted: MountedPod): Promise<void> {
    mounted.refresh = undefined;
    const pod = this.#current(uidOf(mounted.pod));
    if (pod === undefined) return;
    let refreshAt = Infinity;
    for (const volume of (pod.spec!.volumes ?? []).filter(isProjected)) {
      try {
        const fresh = await this.#mount(pod, volume, pod.status?.podIP ?? '', mounted.context);
        refreshAt = Math.min(refreshAt, fresh.refreshAt ?? Infinity);
      } catch (error) {
        if (!(error instanceof MountError)) throw error;
        this.#recordPod(pod, 'Warning', 'FailedMount', failureText(volume, error));
        refreshAt = Math.min(refreshAt, this.#clock.now() + RESYNC_MS);
      }
      if (!this.#mounted.has(uidOf(pod))) return;
    }
    // A change that came meanwhile has set a timer of its own.
    if (mounted.refresh === undefined) this.#refreshAt(mounted, refreshAt);
  }

  /** Models pkg/volume/util/nestedpendingoperations: the journal tells it also while no event can be written. */
  #logFailure(pod: Pod, volume: Volume, { operation, message }: MountError, delay: number): void {
    const uid = uidOf(pod);
    const unique = `kubernetes.io/${pluginOf(volume)}/${uid}-${volume.name}`;
    const until = formatTime(this.#clock.now() + delay)
      .replace('T', ' ')
      .replace('Z', ' +0000 UTC');
    this.#log(
      'E',
      'nestedpendingoperations.go:348',
      `Operation for "{volumeName:${unique} podName:${uid} nodeName:}" failed. No retries permitted until ${until} (durationBeforeRetry ${formatGoDuration(delay)}). Error: ${operation} for volume "${volume.name}" (UniqueName: "${unique}") pod "${nameOf(pod)}" (UID: "${uid}") : ${message}`,
    );
  }

  /** Gives the volume's place on the machine, and when its files have to be made anew. */
  async #mount(
    pod: Pod,
    volume: Volume,
    podIP: string,
    context: Context,
  ): Promise<{ readonly path: string; readonly refreshAt: number | undefined }> {
    const { hostPath, nfs, emptyDir } = volume;
    if (hostPath !== undefined) {
      checkHostPath(this.#files, hostPath.path, hostPath.type ?? '');
      return { path: hostPath.path, refreshAt: undefined };
    }
    const claim = claimOf(pod, volume);
    if (claim !== undefined) {
      const path = await mountClaim(this.#client, this.#files, pod, volume, claim);
      return { path, refreshAt: undefined };
    }
    if (nfs !== undefined) {
      const path = `/var/lib/kubelet/nfs/${nfs.server}${nfs.path}`;
      this.#files.makeDirectory(path, { parents: true });
      return { path, refreshAt: undefined };
    }
    const path = volumePath(pod, volume);
    if (emptyDir !== undefined) {
      if (!this.#files.exists(path)) {
        this.#files.makeDirectory(path, { parents: true });
        ownEmptyDir(this.#files, pod, path);
      }
      return { path, refreshAt: undefined };
    }
    const projection = await projectionOf(
      pod,
      volume,
      { objects: this.#objects, tokens: this.#tokens, podIP, ...this.#config },
      context,
    );
    if (projection === undefined) {
      throw new MountError(`no volume plugin matched`);
    }
    if (!context.cancelled) {
      this.#files.makeDirectory(path, { parents: true });
      writeAtomically(
        this.#files,
        path,
        projection.files.map((file) => ownProjected(pod, file)),
        this.#clock.now(),
      );
    }
    return { path, refreshAt: projection.refreshAt };
  }
}

function failureText(volume: Volume, { message, operation }: MountError): string {
  return operation.startsWith('MountVolume')
    ? `${operation} for volume ${JSON.stringify(volume.name)} : ${message}`
    : `${operation}: ${message}`;
}

/** Volumes whose files are made from what the apiserver has. */
function isProjected({ configMap, secret, downwardAPI, projected }: Volume): boolean {
  return (configMap ?? secret ?? downwardAPI ?? projected) !== undefined;
}

const PLUGINS: readonly (readonly [keyof Volume, string])[] = [
  ['configMap', 'configmap'],
  ['secret', 'secret'],
  ['projected', 'projected'],
  ['downwardAPI', 'downward-api'],
  ['emptyDir', 'empty-dir'],
  ['hostPath', 'host-path'],
  ['nfs', 'nfs'],
];

function pluginOf(volume: Volume): string {
  return PLUGINS.find(([field]) => volume[field] !== undefined)?.[1] ?? 'csi';
}

export function podDirectory(pod: Pod): string {
  return `/var/lib/kubelet/pods/${uidOf(pod)}`;
}

/** "/var/lib/kubelet/pods/<uid>/volumes/kubernetes.io~secret/<name>". */
function volumePath(pod: Pod, volume: Volume): string {
  return `${podDirectory(pod)}/volumes/kubernetes.io~${pluginOf(volume)}/${volume.name}`;
}
