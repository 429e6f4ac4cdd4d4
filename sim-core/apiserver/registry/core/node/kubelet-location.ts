import type { Node } from 'kubernetes-types/core/v1';
import type { HttpRequest, HttpResponse } from '../../../../apimachinery/http.ts';
import { ConnectionError } from '../../../../apimachinery/http.ts';
import { notFoundError, unknownError } from '../../../../apimachinery/status.ts';
import type { SubresourceContext } from '../../rest/subresource.ts';

const DEFAULT_PORT = 10250;
/** --kubelet-preferred-address-types. */
const PREFERRED = ['InternalIP', 'ExternalIP', 'Hostname'];
const NODES = { group: '', resource: 'nodes' };

/** Asks one kubelet; `path` begins with "/". Rejects with 500 and Go's words if it does not answer. */
export type AskKubelet = (
  path: string,
  request: Pick<HttpRequest, 'method' | 'headers' | 'body' | 'messages'>,
) => Promise<HttpResponse>;

/**
 * Finds the kubelet of a node. Rejects with 404 for a node that is not there; as upstream reads it on behalf of
 * the request, the text names the request's resource.
 *
 * Models pkg/kubelet/client/kubelet_client.go NodeConnectionInfoGetter with the streaming transport.
 */
export async function kubeletOf(
  nodeName: string,
  { services, store }: SubresourceContext,
): Promise<AskKubelet> {
  const found = await services.reader.get(NODES, '', nodeName);
  if (found === undefined) throw notFoundError(store.definition, nodeName);
  const host = addressOf(found as unknown as Node);
  const port = kubeletPortOf(found as unknown as Node);
  return async (path, request) => {
    // Streams are upgrades, asked for with POST (util/proxy/upgradeaware.go dial); all else goes through net/http.
    const isUpgrade = request.method === 'POST';
    const what = isUpgrade ? 'error dialing backend' : `Get "https://${host}:${port}${path}"`;
    const fail = (message: string) => unknownError(`${what}: ${message}`);
    const transport = services.kubeletTransport?.(host, port);
    if (transport === undefined) throw fail(`dial tcp ${host}:${port}: connect: connection refused`);
    try {
      return await transport({ ...request, path });
    } catch (error) {
      if (error instanceof ConnectionError) throw fail(error.message);
      throw error;
    }
  };
}

/** Where a node is reached. Throws a 500 if it has no address. */
export function addressOf({ status }: Node): string {
  const addresses = status?.addresses ?? [];
  const host = PREFERRED.flatMap((type) => addresses.filter((address) => address.type === type))[0]?.address;
  if (host === undefined) throw unknownError(`no preferred addresses found; known addresses: []`);
  return host;
}

export const kubeletPortOf = ({ status }: Node): number =>
  status?.daemonEndpoints?.kubeletEndpoint?.Port || DEFAULT_PORT;
