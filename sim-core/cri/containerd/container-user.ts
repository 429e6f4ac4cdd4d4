import type { ContainerConfig, ContainerUser } from '../runtime-service.ts';
import type { Image } from './image.ts';

/** The user of an image that names one of its own without a number. */
const DAEMON_UID = 999;

const uidOf = ({ runAs }: Image): number => runAs?.uid ?? (runAs?.name === undefined ? 0 : DAEMON_UID);

/** The image's own user has this number: then it has a name, and a group of its own. */
export function isOfImage(uid: number, image: Image): boolean {
  return uid === uidOf(image);
}

/**
 * Whom a container runs as. A user that the image does not know is in the group root, unless it is told otherwise.
 *
 * Models containerd's oci.WithUser and WithAdditionalGIDs, as the CRI plugin calls them.
 */
export function containerUser(
  { runAsUser, runAsGroup, supplementalGroups = [] }: ContainerConfig['security'],
  image: Image,
): ContainerUser {
  const uid = runAsUser ?? uidOf(image);
  const gid = runAsGroup ?? (isOfImage(uid, image) ? uid : 0);
  return { uid, gid, groups: [...new Set([gid, ...supplementalGroups])].sort((a, b) => a - b) };
}
