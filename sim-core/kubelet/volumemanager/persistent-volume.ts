import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from 'kubernetes-types/core/v1';
import { ConnectionError } from '../../apimachinery/http.ts';
import { StatusError } from '../../apimachinery/status.ts';
import { ephemeralClaimName } from '../../client-go/component-helpers/storage/ephemeral.ts';
import type { RestClient } from '../../client-go/rest/client.ts';
import type { FileSystem } from '../../node/file-system.ts';
import { namespaceOf } from '../types.ts';
import { checkHostPath } from './host-path.ts';
import { MountError } from './mount-error.ts';

const CLAIMS = {
  group: '',
  version: 'v1',
  resource: 'persistentvolumeclaims',
  kind: 'PersistentVolumeClaim',
} as const;
const VOLUMES = {
  group: '',
  version: 'v1',
  resource: 'persistentvolumes',
  kind: 'PersistentVolume',
} as const;

/** The claim that a volume of a pod names, also that of an ephemeral volume; undefined for other volumes. */
export function claimOf(pod: Pod, volume: Volume): string | undefined {
  const { persistentVolumeClaim, ephemeral } = volume;
  return persistentVolumeClaim?.claimName ?? (ephemeral && ephemeralClaimName(pod, volume));
}

/**
 * Where the volume behind a claim lies on the machine. Rejects with a MountError.
 *
 * Models desired_state_of_world_populator getPVCExtractPV and the plugins hostpath, local, nfs and csi.
 */
export async function mountClaim(
  client: RestClient,
  files: FileSystem,
  pod: Pod,
  volume: Volume,
  claimName: string,
): Promise<string> {
  const namespace = namespaceOf(pod);
  const populatorFailed = (message: string) =>
    new MountError(
      `unmounted volumes=[${volume.name}], unattached volumes=[], failed to process volumes=[${volume.name}]: error processing PVC ${namespace}/${claimName}: ${message}`,
      'Unable to attach or mount volumes',
    );
  const claim = await ask(client.get<PersistentVolumeClaim>(CLAIMS, claimName, { namespace }), (message) =>
    populatorFailed(`failed to fetch PVC from API server: ${message}`),
  );
  const volumeName = claim.spec?.volumeName ?? '';
  if (claim.status?.phase !== 'Bound' || volumeName === '') throw populatorFailed('PVC is not bound');
  if (claim.metadata?.deletionTimestamp !== undefined) throw populatorFailed('PVC is being deleted');
  const found = await ask(client.get<PersistentVolume>(VOLUMES, volumeName), (message) =>
    populatorFailed(`failed to fetch PV ${volumeName} from API server: ${message}`),
  );
  return mountSource(files, found);
}

function mountSource(files: FileSystem, { metadata, spec }: PersistentVolume): string {
  const { hostPath, local, nfs, csi } = spec!;
  if (hostPath !== undefined) {
    checkHostPath(files, hostPath.path, hostPath.type ?? '');
    if (!files.exists(hostPath.path)) files.makeDirectory(hostPath.path, { parents: true });
    return hostPath.path;
  }
  if (local !== undefined) {
    if (files.exists(local.path)) return local.path;
    throw new MountError(
      `path ${JSON.stringify(local.path)} does not exist`,
      'MountVolume.NewMounter initialization failed',
    );
  }
  if (nfs !== undefined) {
    const path = `/var/lib/kubelet/nfs/${nfs.server}${nfs.path}`;
    files.makeDirectory(path, { parents: true });
    return path;
  }
  if (csi !== undefined) {
    throw new MountError(
      `kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name ${csi.driver} not found in the list of registered CSI drivers`,
      'MountVolume.MountDevice failed',
    );
  }
  throw new MountError(`no volume plugin matched for volume ${metadata?.name ?? ''}`);
}

async function ask<T>(answer: Promise<T>, failed: (message: string) => MountError): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StatusError || error instanceof ConnectionError) throw failed(error.message);
    throw error;
  }
}
