import type { Container, HTTPGetAction, Probe } from 'kubernetes-types/core/v1';
import { ConnectionError } from '../../apimachinery/http.ts';
import { KUBERNETES_VERSION } from '../../version.ts';
import type { MachineNetwork } from '../../node/network.ts';

export type ProbeType = 'startup' | 'liveness' | 'readiness';

export interface ProbeOutcome {
  readonly ok: boolean;
  /** What went wrong, as the event says it. */
  readonly output: string;
}

/** "v1.36" of "v1.36.4": how the prober's user agent names its version. */
const USER_AGENT = `kube-probe/${KUBERNETES_VERSION.slice(1).split('.').slice(0, 2).join('.')}`;

/** Asks a container once how it is. Models pkg/kubelet/prober/prober.go runProbe. */
export async function runProbe(
  network: MachineNetwork,
  container: Container,
  probe: Probe,
  podIP: string,
): Promise<ProbeOutcome> {
  if (probe.httpGet !== undefined) return httpProbe(network, container, probe.httpGet, podIP);
  const port = probe.tcpSocket?.port ?? probe.grpc?.port;
  if (port !== undefined) {
    const host = probe.tcpSocket?.host ?? podIP;
    return attempt(async () => {
      network.connect(host, portOf(container, port));
      return { ok: true, output: '' };
    });
  }
  // A command in the container: files of containers are not simulated, so its program's health decides.
  return { ok: true, output: '' };
}

async function httpProbe(
  network: MachineNetwork,
  container: Container,
  { host, path, port, scheme, httpHeaders }: HTTPGetAction,
  podIP: string,
): Promise<ProbeOutcome> {
  const address = host ?? podIP;
  const number = portOf(container, port);
  const url = `${(scheme ?? 'HTTP').toLowerCase()}://${address}:${number}${path ?? '/'}`;
  return attempt(
    async () => {
      const response = await network.request(address, number, {
        method: 'GET',
        path: path ?? '/',
        headers: {
          'user-agent': USER_AGENT,
          accept: '*/*',
          ...Object.fromEntries((httpHeaders ?? []).map(({ name, value }) => [name.toLowerCase(), value])),
        },
        body: '',
        remoteAddress: address,
      });
      return response.status >= 200 && response.status < 400
        ? { ok: true, output: '' }
        : { ok: false, output: `HTTP probe failed with statuscode: ${response.status}` };
    },
    `Get ${JSON.stringify(url)}: `,
  );
}

async function attempt(probe: () => Promise<ProbeOutcome>, prefix = ''): Promise<ProbeOutcome> {
  try {
    return await probe();
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    return { ok: false, output: `${prefix}${error.message}` };
  }
}

/** A port by number or by the name that the container gives it. */
function portOf(container: Container, port: string | number): number {
  if (typeof port === 'number') return port;
  const named = (container.ports ?? []).find(({ name }) => name === port);
  return named?.containerPort ?? Number(port);
}
