import type { KeyToPath, Pod, Volume, VolumeProjection } from 'kubernetes-types/core/v1';
import type { Context } from '../../clock/context.ts';
import type { Allocatable } from '../field-path.ts';
import { podField, resourceField } from '../field-path.ts';
import { namespaceOf } from '../types.ts';
import type { ProjectedFile } from './atomic-writer.ts';
import { MountError } from './mount-error.ts';
import type { ObjectCache } from './object-cache.ts';
import { dataOf } from './object-data.ts';
import { fsGroupOf, fsUserOf } from './ownership.ts';
import type { TokenManager } from './token-manager.ts';

export interface ProjectionSources {
  readonly objects: ObjectCache;
  readonly tokens: TokenManager;
  readonly allocatable: Allocatable;
  readonly podIP: string;
  readonly hostIP: string;
}

export interface Projection {
  readonly files: readonly ProjectedFile[];
  /** When the files are to be made anew at the latest; undefined if never. */
  readonly refreshAt: number | undefined;
}

const DEFAULT_MODE = 0o644;

/**
 * The files of a configMap, secret, downwardAPI or projected volume; undefined for other volumes.
 * Rejects with a MountError if something that they need is missing.
 *
 * Models pkg/volume/{configmap,secret,downwardapi,projected}.
 */
export async function projectionOf(
  pod: Pod,
  volume: Volume,
  sources: ProjectionSources,
  context: Context,
): Promise<Projection | undefined> {
  const { configMap, secret, downwardAPI, projected } = volume;
  const wrap = (defaultMode: number | undefined, parts: readonly VolumeProjection[]) =>
    project(pod, parts, defaultMode ?? DEFAULT_MODE, sources, context);
  if (configMap !== undefined) return wrap(configMap.defaultMode, [{ configMap }]);
  if (secret !== undefined) {
    const { secretName, ...rest } = secret;
    return wrap(secret.defaultMode, [
      { secret: { ...rest, ...(secretName !== undefined && { name: secretName }) } },
    ]);
  }
  if (downwardAPI !== undefined) return wrap(downwardAPI.defaultMode, [{ downwardAPI }]);
  if (projected !== undefined) return wrap(projected.defaultMode, projected.sources ?? []);
  return undefined;
}

async function project(
  pod: Pod,
  parts: readonly VolumeProjection[],
  defaultMode: number,
  sources: ProjectionSources,
  context: Context,
): Promise<Projection> {
  const files = new Map<string, ProjectedFile>();
  const add = (path: string, text: string, mode?: number, user = 0) =>
    files.set(path, {
      path,
      text,
      mode: mode ?? defaultMode,
      ...(user !== 0 && { owner: String(user), group: 'root' }),
    });
  let refreshAt: number | undefined;
  // The token first, as upstream asks: its failure is then the one that is told.
  for (const { serviceAccountToken } of parts) {
    if (serviceAccountToken === undefined) continue;
    const { path, audience, expirationSeconds } = serviceAccountToken;
    const token = await sources.tokens.token(pod, audience || undefined, expirationSeconds);
    refreshAt = Math.min(refreshAt ?? Infinity, token.refreshAt);
    // Readable by everybody, unless it is known who has to read it.
    const user = fsUserOf(pod);
    const isOwned = user !== undefined || fsGroupOf(pod) !== undefined;
    add(path, token.text, isOwned ? 0o600 : undefined, user);
  }
  for (const { configMap, secret, downwardAPI } of parts) {
    if (configMap !== undefined) {
      await addObject('configMaps', configMap.name, configMap.items, configMap.optional);
    }
    if (secret !== undefined) await addObject('secrets', secret.name, secret.items, secret.optional);
    for (const { path, fieldRef, resourceFieldRef, mode } of downwardAPI?.items ?? []) {
      if (fieldRef !== undefined) add(path, podField(pod, fieldRef.fieldPath, sources), mode);
      else if (resourceFieldRef !== undefined) {
        add(path, resourceField(pod, undefined, resourceFieldRef, sources.allocatable), mode);
      }
    }
  }
  return { files: [...files.values()], refreshAt };

  async function addObject(
    kind: 'configMaps' | 'secrets',
    name: string | undefined,
    items: readonly KeyToPath[] | undefined,
    optional: boolean | undefined,
  ): Promise<void> {
    const found = await sources.objects.get(kind, namespaceOf(pod), name ?? '', context);
    if (found === undefined) {
      if (optional === true || context.cancelled) return;
      throw new MountError(
        `${kind === 'configMaps' ? 'configmap' : 'secret'} ${JSON.stringify(name ?? '')} not found`,
      );
    }
    const data = dataOf(found, kind);
    if (items === undefined || items.length === 0) {
      for (const [key, text] of Object.entries(data)) add(key, text);
      return;
    }
    for (const { key, path, mode } of items) {
      const text = data[key];
      if (text !== undefined) add(path, text, mode);
      else if (optional !== true) {
        throw new MountError(
          kind === 'configMaps'
            ? `configmap references non-existent config key: ${key}`
            : `references non-existent secret key: ${key}`,
        );
      }
    }
  }
}
