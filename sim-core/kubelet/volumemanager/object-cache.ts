import type { ConfigMap, Pod, Secret } from 'kubernetes-types/core/v1';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import { SharedInformer } from '../../client-go/tools/cache/shared-informer.ts';
import type { Clock } from '../../clock/clock.ts';
import { Context } from '../../clock/context.ts';
import type { Rand } from '../../clock/rand.ts';
import { allContainersOf, namespaceOf, uidOf } from '../types.ts';

type Kind = 'configMaps' | 'secrets';
type Data = ConfigMap | Secret;

interface Entry {
  readonly informer: SharedInformer<Data>;
  readonly context: Context;
  readonly users: Set<string>;
}

/**
 * The config maps and secrets that pods of this node name: each is watched as long as a pod needs it,
 * and no other, since that is all that a kubelet may read.
 *
 * Models pkg/kubelet/util/manager watchBasedManager.
 */
export class ObjectCache {
  readonly #client: RestClient;
  readonly #clock: Clock;
  readonly #rand: Rand;
  readonly #entries = new Map<string, Entry>();
  readonly #changed: (uid: string) => void;

  /** `changed` is called with the uid of each pod that names an object which changed. */
  constructor(client: RestClient, clock: Clock, rand: Rand, changed: (uid: string) => void) {
    this.#changed = changed;
    this.#client = client;
    this.#clock = clock;
    this.#rand = rand;
  }

  register(pod: Pod): void {
    for (const { kind, name } of referencesOf(pod)) {
      const key = `${kind}/${namespaceOf(pod)}/${name}`;
      let entry = this.#entries.get(key);
      if (entry === undefined) {
        const informer = new SharedInformer<Data>(this.#client, this.#clock, this.#rand.fork(key), {
          resource: RESOURCES[kind],
          namespace: namespaceOf(pod),
          fieldSelector: `metadata.name=${name}`,
        });
        const users = new Set<string>();
        const tell = () => {
          for (const uid of users) this.#changed(uid);
        };
        informer.addHandler({
          onAdd: tell,
          onUpdate: (old, fresh) => {
            if (old.metadata?.resourceVersion !== fresh.metadata?.resourceVersion) tell();
          },
          onDelete: tell,
        });
        entry = { informer, context: new Context(), users };
        this.#entries.set(key, entry);
        void informer.run(entry.context);
      }
      entry.users.add(uidOf(pod));
    }
  }

  unregister(pod: Pod): void {
    for (const { kind, name } of referencesOf(pod)) {
      const key = `${kind}/${namespaceOf(pod)}/${name}`;
      const entry = this.#entries.get(key);
      if (entry === undefined) continue;
      entry.users.delete(uidOf(pod));
      if (entry.users.size > 0) continue;
      entry.context.cancel();
      this.#entries.delete(key);
    }
  }

  /** The object, or undefined if there is none; waits for the first answer of the apiserver. */
  async get(kind: Kind, namespace: string, name: string, context: Context): Promise<Data | undefined> {
    const entry = this.#entries.get(`${kind}/${namespace}/${name}`);
    if (entry === undefined) return undefined;
    await entry.informer.synced(context);
    return entry.informer.lister.get(namespace, name);
  }

  stop(): void {
    for (const { context } of this.#entries.values()) context.cancel();
    this.#entries.clear();
  }
}

/** Every config map and secret that a pod names: in volumes and in environments. */
function referencesOf(pod: Pod): { kind: Kind; name: string }[] {
  const found: { kind: Kind; name: string | undefined }[] = [];
  const spec = pod.spec!;
  for (const volume of spec.volumes ?? []) {
    for (const source of [volume, ...(volume.projected?.sources ?? [])]) {
      const configMap = source.configMap;
      if (configMap !== undefined) found.push({ kind: 'configMaps', name: configMap.name });
      const secret = source.secret as { secretName?: string; name?: string } | undefined;
      if (secret !== undefined) found.push({ kind: 'secrets', name: secret.secretName ?? secret.name });
    }
  }
  for (const container of allContainersOf(pod)) {
    for (const { configMapRef, secretRef } of container.envFrom ?? []) {
      if (configMapRef !== undefined) found.push({ kind: 'configMaps', name: configMapRef.name });
      if (secretRef !== undefined) found.push({ kind: 'secrets', name: secretRef.name });
    }
    for (const { valueFrom } of container.env ?? []) {
      if (valueFrom?.configMapKeyRef)
        found.push({ kind: 'configMaps', name: valueFrom.configMapKeyRef.name });
      if (valueFrom?.secretKeyRef) found.push({ kind: 'secrets', name: valueFrom.secretKeyRef.name });
    }
  }
  for (const { name } of spec.imagePullSecrets ?? []) found.push({ kind: 'secrets', name });
  const unique = new Map<string, { kind: Kind; name: string }>();
  for (const { kind, name } of found) if (name !== undefined) unique.set(`${kind}/${name}`, { kind, name });
  return [...unique.values()];
}
