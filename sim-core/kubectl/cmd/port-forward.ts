import { unsignedComplaint } from '../../apimachinery/go-numbers.ts';
import { ConnectionError, type HttpRequest, type PortForward } from '../../apimachinery/http.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { TUNNELED_PORT_FORWARD_PROTOCOL } from '../../apimachinery/remotecommand.ts';
import type { CommandDefinition } from '../cobra/command.ts';
import type { Invocation } from '../invocation.ts';
import { objectPath } from '../resource/helper.ts';
import { MAPPINGS } from './create/mappings.ts';
import { attachablePod } from '../polymorphichelpers/attachable-pod.ts';
import { usageError } from '../util/errors.ts';
import { untilCancelled } from '../util/until-cancelled.ts';
import { freePort } from './proxy.ts';

interface ForwardedPort {
  readonly local: number;
  readonly remote: number;
}
interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
}
interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
}

/** Models pkg/cmd/portforward. */
export const portForward: CommandDefinition = {
  name: 'port-forward',
  use: 'TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  short: 'Forward one or more local ports to a pod',
  flags: [
    { name: 'address', type: 'stringSlice', default: 'localhost' },
    { name: 'pod-running-timeout', type: 'duration', default: '1m0s' },
  ],
  async run(invocation, { args, flags }) {
    const { commandPath, environment, io } = invocation;
    const [argument, ...ports] = args;
    if (argument === undefined || ports.length === 0) {
      throw usageError(commandPath, 'TYPE/NAME and list of ports are required for port-forward');
    }
    const { object, pod } = await attachablePod(invocation, argument, flags.duration('pod-running-timeout'));
    const forwarded = ports.map((text) => parsePort(text, object, pod));
    const { phase = '' } = (pod.status ?? {}) as { phase?: string };
    if (phase !== 'Running') {
      throw new Error(`unable to forward port because pod is not running. Current status=${phase}`);
    }
    const forward = await connect(invocation, pod);
    const { network } = environment.machine;
    const stops: (() => void)[] = [];
    let lose = () => {};
    const lost = new Promise<'lost'>((resolve) => (lose = () => resolve('lost')));
    for (const { local, remote } of forwarded) {
      const port = local || freePort((candidate) => network.find('127.0.0.1', candidate) !== undefined);
      for (const address of flags
        .list('address')
        .map((name) => (name === 'localhost' ? '127.0.0.1' : name))) {
        const handler = (request: HttpRequest) => {
          io.stdout(`Handling connection for ${port}\n`);
          return forward(remote, request).catch((error: unknown) => {
            report(invocation, port, remote, error);
            lose();
            throw new ConnectionError('reset', 'EOF');
          });
        };
        try {
          stops.push(network.listen(address, port, { handler }));
        } catch {
          io.stderr(
            `Unable to listen on port ${port}: Listeners failed to create with the following errors: [unable to create listener: Error listen tcp4 ${address}:${port}: bind: address already in use]\n`,
          );
          continue;
        }
        io.stdout(`Forwarding from ${address}:${port} -> ${remote}\n`);
        if (address === '127.0.0.1') io.stdout(`Forwarding from [::1]:${port} -> ${remote}\n`);
      }
    }
    if (stops.length === 0) {
      const list = forwarded.map(({ local, remote }) => `{${local} ${remote}}`).join(' ');
      throw new Error(`unable to listen on any of the requested ports: [${list}]`);
    }
    const end = await Promise.race([untilCancelled(environment.context), lost]);
    for (const stop of stops) stop();
    if (end === 'lost') throw new Error('lost connection to pod');
    return 130;
  },
};

/** Opens the way to the pod's ports, by way of the apiserver and the kubelet. */
async function connect({ factory }: Invocation, pod: KubeObject): Promise<PortForward> {
  const { name = '', namespace = '' } = pod.metadata;
  const { forward, body } = await factory.client().raw({
    method: 'GET',
    path: objectPath(MAPPINGS.pod, namespace, name, {}, 'portforward'),
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-protocol': TUNNELED_PORT_FORWARD_PROTOCOL,
    },
  });
  if (forward !== undefined) return forward;
  const text = typeof body === 'string' ? body.trim() : '';
  throw new Error(`error upgrading connection: ${messageOf(text)}`);
}

/** Of a Status, what it says. */
function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** What could not be forwarded; the connection to the pod ends with it. */
function report({ factory }: Invocation, local: number, remote: number, error: unknown): void {
  if (!(error instanceof ConnectionError)) throw error;
  factory.log.error(
    'portforward.go:522',
    'Unhandled Error',
    `an error occurred forwarding ${local} -> ${remote}: ${error.message}`,
  );
}

/** "8080:80", ":80", "80" or the name of a port; a service's ports become those of the pod. */
function parsePort(text: string, object: KubeObject, pod: KubeObject): ForwardedPort {
  const parts = text.split(':');
  if (parts.length > 2) throw new Error(`invalid port format '${text}'`);
  const [localText, remoteText] = parts.length === 2 ? parts : [parts[0]!, parts[0]!];
  const remote =
    object.kind === 'Service' ? servicePort(object, pod, remoteText!) : podPort(pod, remoteText!);
  if (remote === 0) throw new Error('remote port must be > 0');
  if (parts.length === 1 && !/^\d+$/.test(localText!)) {
    return { local: object.kind === 'Service' ? portOf(object, localText!) : remote, remote };
  }
  const complaint = localText === '' ? undefined : unsignedComplaint(localText!, PORT_BITS);
  if (complaint !== undefined) throw new Error(`error parsing local port '${localText}': ${complaint}`);
  return { local: Number(localText), remote };
}

const PORT_BITS = 16;
const isPort = (text: string): boolean => unsignedComplaint(text, PORT_BITS) === undefined;

function podPort(pod: KubeObject, text: string): number {
  if (isPort(text)) return Number(text);
  const { containers } = pod.spec as { containers: { ports?: ContainerPort[] }[] };
  const found = containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === text);
  if (found !== undefined) return found.containerPort;
  throw new Error(`Pod '${pod.metadata.name}' does not have a named port '${text}'`);
}

function portOf(service: KubeObject, text: string): number {
  if (isPort(text)) return Number(text);
  const { ports = [] } = service.spec as { ports?: ServicePort[] };
  const found = ports.find(({ name }) => name === text);
  if (found !== undefined) return found.port;
  throw new Error(`Service '${service.metadata.name}' does not have a named port '${text}'`);
}

function servicePort(service: KubeObject, pod: KubeObject, text: string): number {
  const port = portOf(service, text);
  const { ports = [], clusterIP } = service.spec as { ports?: ServicePort[]; clusterIP?: string };
  const found = ports.find((one) => one.port === port);
  if (found === undefined)
    throw new Error(`Service ${service.metadata.name} does not have a service port ${port}`);
  if (clusterIP === 'None') return port;
  return podPort(pod, String(found.targetPort ?? port));
}
