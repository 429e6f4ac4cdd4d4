import type { Pod } from 'kubernetes-types/core/v1';
import type { FileSystem } from '../../node/file-system.ts';
import { allContainersOf } from '../types.ts';
import type { ProjectedFile } from './atomic-writer.ts';

const EMPTY_DIR_MODE = 0o777;
/** What is made below belongs to the directory's group. */
const SETGID = 0o2000;
const READ_WRITE = 0o660;
const READ_ONLY = 0o440;
const SEARCH = 0o110;

/** Everybody may use the directory of an emptyDir, and the pod's fsGroup has it. Models pkg/volume/emptydir and SetVolumeOwnership. */
export function ownEmptyDir(files: FileSystem, pod: Pod, path: string): void {
  const group = fsGroupOf(pod);
  const shared = group === undefined ? 0 : READ_WRITE | SEARCH | SETGID;
  files.changeMode(path, EMPTY_DIR_MODE | shared);
  if (group !== undefined) files.changeOwner(path, { group });
}

/** The file as it is written for this pod: its fsGroup may read it. Models SetVolumeOwnership for what is read only. */
export function ownProjected(pod: Pod, file: ProjectedFile): ProjectedFile {
  const group = fsGroupOf(pod);
  return group === undefined ? file : { ...file, mode: file.mode | READ_ONLY, group };
}

/** The user of all containers, if they have one and the same; undefined otherwise. Models FsUserFrom. */
export function fsUserOf(pod: Pod): number | undefined {
  const ofPod = pod.spec?.securityContext?.runAsUser;
  const users = new Set(
    allContainersOf(pod).map(({ securityContext }) => securityContext?.runAsUser ?? ofPod),
  );
  return users.size === 1 ? [...users][0] : undefined;
}

export function fsGroupOf(pod: Pod): string | undefined {
  const group = pod.spec?.securityContext?.fsGroup;
  return group === undefined ? undefined : group === 0 ? 'root' : String(group);
}
