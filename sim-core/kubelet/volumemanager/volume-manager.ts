import type { Pod, Volume } from 'kubernetes-types/core/v1';
import { ConnectionError } from '../../apimachinery/http.ts';
import { StatusError } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Context } from '../../clock/context.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { nameOf, namespaceOf, uidOf } from '../types.ts';
import type { ObjectCache } from './object-cache.ts';

/** The reconciler looks for work this often. */
const RECONCILE_MS = 100;
/** First and longest wait between two tries to mount a volume. */
const RETRY = { initial: 500, max: 122_000 };

class MountError extends Error {}

/**
 * Makes the volumes of pods ready before their containers start.
 *
 * Models pkg/kubelet/volumemanager.
 */
export class VolumeManager {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #files: FileSystem;
  readonly #objects: ObjectCache;
  readonly #recordPod: (pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string) => void;
  /** Pods whose volumes are mounted. */
  readonly #mounted = new Set<string>();

  constructor(
    client: RestClient,
    clock: Clock,
    files: FileSystem,
    objects: ObjectCache,
    recordPod: (pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string) => void,
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#files = files;
    this.#objects = objects;
    this.#recordPod = recordPod;
  }

  /** Resolves when all volumes are mounted, or when `context` is cancelled. */
  async waitForMount(pod: Pod, context: Context): Promise<void> {
    if (this.#mounted.has(uidOf(pod))) return;
    await this.#clock.sleep(RECONCILE_MS, { context });
    for (const volume of pod.spec!.volumes ?? []) {
      for (let delay = RETRY.initial; !context.cancelled; delay = Math.min(delay * 2, RETRY.max)) {
        try {
          await this.#mount(pod, volume, context);
          break;
        } catch (error) {
          if (!(error instanceof MountError)) throw error;
          this.#recordPod(
            pod,
            'Warning',
            'FailedMount',
            `MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${error.message}`,
          );
          await this.#clock.sleep(delay, { context, periodic: true });
        }
      }
    }
    if (!context.cancelled) this.#mounted.add(uidOf(pod));
  }

  /** Resolves when nothing of the pod is mounted any more. */
  async waitForUnmount(pod: Pod): Promise<void> {
    if (!this.#mounted.delete(uidOf(pod))) return;
    if ((pod.spec!.volumes ?? []).length > 0) await this.#clock.sleep(RECONCILE_MS);
  }

  /** Where a volume lies on the machine. */
  static hostPathOf(pod: Pod, volume: Volume): string {
    if (volume.hostPath !== undefined) return volume.hostPath.path;
    const plugin = ['configMap', 'secret', 'projected', 'emptyDir', 'downwardAPI'].find(
      (name) => volume[name as keyof Volume] !== undefined,
    );
    const directory =
      plugin === 'emptyDir'
        ? 'empty-dir'
        : plugin === 'downwardAPI'
          ? 'downward-api'
          : (plugin ?? 'csi').toLowerCase();
    return `/var/lib/kubelet/pods/${uidOf(pod)}/volumes/kubernetes.io~${directory}/${volume.name}`;
  }

  async #mount(pod: Pod, volume: Volume, context: Context): Promise<void> {
    if (volume.hostPath !== undefined)
      return this.#checkHostPath(volume.hostPath.path, volume.hostPath.type ?? '');
    const { configMap, secret } = volume;
    if (configMap !== undefined && configMap.optional !== true) {
      await this.#need('configMaps', pod, configMap.name ?? '', context);
    }
    if (secret !== undefined && secret.optional !== true) {
      await this.#need('secrets', pod, secret.secretName ?? '', context);
    }
    if (volume.persistentVolumeClaim !== undefined) {
      throw new MountError(
        `no volume plugin matched for claim ${JSON.stringify(volume.persistentVolumeClaim.claimName)}`,
      );
    }
    // References are checked in the order in which they stand; the token is made first, as upstream does.
    for (const { serviceAccountToken } of volume.projected?.sources ?? []) {
      if (serviceAccountToken === undefined) continue;
      await this.#requestToken(
        pod,
        serviceAccountToken.expirationSeconds ?? 3600,
        serviceAccountToken.audience,
      );
    }
    for (const source of volume.projected?.sources ?? []) {
      if (source.configMap !== undefined && source.configMap.optional !== true) {
        await this.#need('configMaps', pod, source.configMap.name ?? '', context);
      }
      if (source.secret !== undefined && source.secret.optional !== true) {
        await this.#need('secrets', pod, source.secret.name ?? '', context);
      }
    }
  }

  async #need(kind: 'configMaps' | 'secrets', pod: Pod, name: string, context: Context): Promise<void> {
    const found = await this.#objects.get(kind, namespaceOf(pod), name, context);
    if (found === undefined && !context.cancelled) {
      throw new MountError(
        `${kind === 'configMaps' ? 'configmap' : 'secret'} ${JSON.stringify(name)} not found`,
      );
    }
  }

  async #requestToken(pod: Pod, expirationSeconds: number, audience: string | undefined): Promise<void> {
    const account = pod.spec!.serviceAccountName ?? 'default';
    try {
      await this.#client.create(
        RESOURCES.serviceAccounts,
        {
          kind: 'TokenRequest',
          apiVersion: 'authentication.k8s.io/v1',
          metadata: {},
          spec: {
            audiences: audience === undefined ? null : [audience],
            expirationSeconds,
            boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: nameOf(pod), uid: uidOf(pod) },
          },
        },
        { namespace: namespaceOf(pod), name: account, subresource: 'token' },
      );
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof ConnectionError)) throw error;
      throw new MountError(`failed to fetch token: ${error.message}`);
    }
  }

  /** Models pkg/volume/hostpath checkType. */
  #checkHostPath(path: string, type: string): void {
    const exists = this.#files.exists(path);
    const kind = exists ? this.#files.stat(this.#files.realPath(path)).type : undefined;
    switch (type) {
      case 'DirectoryOrCreate':
        if (!exists) this.#files.makeDirectory(path, { parents: true });
        else if (kind !== 'directory')
          throw new MountError(`hostPath type check failed: ${path} is not a directory`);
        return;
      case 'FileOrCreate':
        if (!exists) this.#files.write(path, '');
        else if (kind !== 'file') throw new MountError(`hostPath type check failed: ${path} is not a file`);
        return;
      case 'Directory':
        if (kind !== 'directory')
          throw new MountError(`hostPath type check failed: ${path} is not a directory`);
        return;
      case 'File':
        if (kind !== 'file') throw new MountError(`hostPath type check failed: ${path} is not a file`);
        return;
      default:
    }
  }
}
