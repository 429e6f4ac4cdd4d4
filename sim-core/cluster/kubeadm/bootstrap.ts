import type { Node } from 'kubernetes-types/core/v1';
import { ConnectionError } from '../../apimachinery/http.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { parseApiVersion } from '../../apimachinery/object.ts';
import { StatusError, isReason } from '../../apimachinery/status.ts';
import { RESOURCES } from '../../client-go/kubernetes/resources.ts';
import { RestClient } from '../../client-go/rest/client.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Machine } from '../../node/machine.ts';
import { KUBERNETES_VERSION } from '../../version.ts';
import type { ComponentServices } from '../components/services.ts';
import { IMAGES } from './constants.ts';
import { CLUSTER_CA, writeControlPlaneFiles, writeKubeletFiles } from './files.ts';
import { API_SERVER_URL } from './kubeconfig.ts';
import {
  bootstrapTokenObjects,
  CLUSTER_ADMINS,
  CONTROL_PLANE_MARK,
  dnsObjects,
  proxyObjects,
  uploadConfigObjects,
} from './objects.ts';
import type { IssuedCertificate } from '../pki.ts';

const POLL_MS = 500;

/** Images that `kubeadm config images pull` brings to the control plane's machine before init. */
export const CONTROL_PLANE_IMAGES: readonly string[] = Object.values(IMAGES);

/**
 * Makes `machine` the control plane, as `kubeadm init` does; resolves when its node is marked and the
 * addons are there. Gives the certificates of the kubeconfigs by user.
 *
 * Models cmd/kubeadm/app/cmd/init.go and its phases.
 */
export async function kubeadmInit(
  services: ComponentServices,
  machine: Machine,
  certSANs: readonly string[],
): Promise<ReadonlyMap<string, IssuedCertificate>> {
  const { clock, pki } = services;
  const issued = writeControlPlaneFiles(machine.files, pki, machine, clock.now(), certSANs);
  writeKubeletFiles(machine.files, pki, machine, clock.now());
  machine.services.start('containerd');
  machine.services.start('kubelet');

  const client = (user: string) => adminClient(services, machine, issued.get(user)!);
  const superAdmin = client('kubernetes-super-admin');
  await waitFor(clock, async () => (await superAdmin.raw({ method: 'GET', path: '/livez' })).status === 200);
  await create(clock, superAdmin, [CLUSTER_ADMINS]);
  const admin = client('kubernetes-admin');
  await create(clock, admin, uploadConfigObjects());
  await waitFor(clock, async () => {
    await markControlPlane(admin, machine.hostname);
    return true;
  });
  await create(clock, admin, bootstrapTokenObjects(pki.authority(CLUSTER_CA, clock.now())));
  await create(clock, admin, dnsObjects());
  await create(clock, admin, proxyObjects());
  return issued;
}

/** Makes `machine` a worker, as `kubeadm join` does. Its kubelet registers the node. */
export function kubeadmJoin({ clock, pki }: ComponentServices, machine: Machine): void {
  writeKubeletFiles(machine.files, pki, machine, clock.now());
  machine.services.start('containerd');
  machine.services.start('kubelet');
}

function adminClient(
  { clients, pki, clock }: ComponentServices,
  machine: Machine,
  issued: IssuedCertificate,
): RestClient {
  const rootCAs = pki.authority(CLUSTER_CA, clock.now()).certificateFile.pool;
  return new RestClient({
    host: API_SERVER_URL,
    transport: clients.transport(machine, API_SERVER_URL, { rootCAs, keyPair: issued }),
    userAgent: `kubeadm/${KUBERNETES_VERSION} (linux/amd64) kubernetes/$Format`,
  });
}

async function markControlPlane(client: RestClient, name: string): Promise<void> {
  const { labels, taint } = CONTROL_PLANE_MARK;
  const node = await client.get<Node>(RESOURCES.nodes, name);
  const taints = [...(node.spec?.taints ?? []).filter(({ key }) => key !== taint.key), taint];
  await client.patch(RESOURCES.nodes, name, 'strategic', { metadata: { labels }, spec: { taints } });
}

/** Creates objects one after another; waits where the server is not ready for one yet. */
async function create(clock: Clock, client: RestClient, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    const { namespace } = object.metadata;
    await waitFor(clock, async () => {
      try {
        await client.create({ ...resourceOf(object) }, object, { namespace });
      } catch (error) {
        if (!isReason(error, 'AlreadyExists')) throw error;
      }
      return true;
    });
  }
}

async function waitFor(clock: Clock, attempt: () => Promise<boolean>): Promise<void> {
  for (;;) {
    try {
      if (await attempt()) return;
    } catch (error) {
      const passes =
        error instanceof ConnectionError ||
        (error instanceof StatusError && ['NotFound', 'Forbidden', 'Conflict'].includes(error.reason));
      if (!passes) throw error;
    }
    await clock.sleep(POLL_MS);
  }
}

/** The resource of an object of kubeadm's, by the plain plural of its kind. */
function resourceOf(object: KubeObject) {
  const { group, version } = parseApiVersion(object.apiVersion!);
  return { group, version, resource: `${object.kind!.toLowerCase()}s` };
}
