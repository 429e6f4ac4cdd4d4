import type { PersistentVolumeClaim } from 'kubernetes-types/core/v1';
import type { StorageClass } from 'kubernetes-types/storage/v1';
import { CLASS_ANNOTATION } from './class.ts';

const IS_DEFAULT = 'storageclass.kubernetes.io/is-default-class';

type Meta = { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };

const isDefaultClass = ({ metadata }: Meta): boolean => metadata?.annotations?.[IS_DEFAULT] === 'true';

/** Whether a claim says anything of a class, be it that it wants none. Models PersistentVolumeClaimHasClass. */
export function hasClass({
  metadata,
  spec,
}: Meta & { readonly spec?: Pick<NonNullable<PersistentVolumeClaim['spec']>, 'storageClassName'> }): boolean {
  return metadata?.annotations?.[CLASS_ANNOTATION] !== undefined || spec?.storageClassName !== undefined;
}

/** The default class, of several the newest; undefined if there is none. Models GetDefaultClass. */
export function defaultClass<T extends StorageClass>(classes: readonly T[]): T | undefined {
  return classes.filter(isDefaultClass).sort(byAge)[0];
}

/** Newest first, then by name. */
function byAge(a: StorageClass, b: StorageClass): number {
  const age = ({ metadata }: StorageClass) => Date.parse(metadata?.creationTimestamp ?? '');
  return age(b) - age(a) || (a.metadata!.name! < b.metadata!.name! ? -1 : 1);
}
