import type { KubeObject } from '../../../apimachinery/object.ts';
import type { HttpResponse } from '../../../apimachinery/http.ts';
import { encodeMessage, REMOTE_COMMAND_PROTOCOL } from '../../../apimachinery/remotecommand.ts';
import { StatusError } from '../../../apimachinery/status.ts';
import { errorOfResponse } from '../../../client-go/rest/response-error.ts';
import type { InputStream } from '../../../node/program.ts';
import type { FlagSet } from '../../cobra/flags.ts';
import type { Invocation } from '../../invocation.ts';
import { objectPath } from '../../resource/helper.ts';
import { inRawMode } from '../../util/raw-terminal.ts';
import { printRemoteCommand } from '../../util/remote-command.ts';
import { MAPPINGS } from '../create/mappings.ts';

/** A container of a pod. */
export interface ContainerPlace {
  readonly namespace: string;
  readonly name: string;
  readonly container: string;
}

const CHANNEL_OF_STDIN = 0;

interface StreamOptions {
  /** What the command reads; missing: it has no input. */
  readonly stdin?: InputStream;
  readonly tty?: boolean;
  readonly output: { stdout(text: string): void; stderr(text: string): void };
}

/** What a command in a container reads, and whether at a terminal. Models pkg/cmd/exec StreamOptions.SetupTTY. */
export function terminalOf({ io }: Invocation, flags: FlagSet): Pick<StreamOptions, 'stdin' | 'tty'> {
  if (flags.bool('tty') && !io.stdin.isTerminal && flags.bool('stdin'))
    io.stderr('Unable to use a TTY - input is not a terminal or the right kind of file\n');
  if (!flags.bool('stdin')) {
    if (flags.bool('tty'))
      io.stderr('Unable to use a TTY - input is not a terminal or the right kind of file\n');
    return {};
  }
  return { stdin: io.stdin, tty: flags.bool('tty') && io.stdin.isTerminal };
}

/** What is said when a session at a terminal has ended. Models pkg/cmd/attach reattachMessage. */
export function sayFarewell(
  { io }: Invocation,
  { spec = {} }: KubeObject,
  { name, container }: ContainerPlace,
  isTerminal: boolean | undefined,
): void {
  const { restartPolicy, ephemeralContainers = [] } = spec as {
    restartPolicy?: string;
    ephemeralContainers?: readonly { name: string }[];
  };
  if (isTerminal !== true || restartPolicy !== 'Always') return;
  const again = `kubectl attach ${name} -c ${container} -i -t`;
  io.stdout(
    ephemeralContainers.some((one) => one.name === container)
      ? `Session ended, the ephemeral container will not be restarted but may be reattached using '${again}' if it is still running\n`
      : `Session ended, resume using '${again}' command when the pod is running\n`,
  );
}

/** Runs a command in a container; resolves to its exit code. */
export function execute(
  invocation: Invocation,
  place: ContainerPlace,
  command: readonly string[],
  options: StreamOptions,
): Promise<number> {
  const words = command.map((word) => ['command', word] as const);
  return stream(invocation, place, 'exec', words, options);
}

/** Shows what a container says from now on, until it ends or the reader goes away. */
export function attachTo(
  invocation: Invocation,
  place: ContainerPlace,
  options: StreamOptions,
): Promise<number> {
  return stream(invocation, place, 'attach', [], options);
}

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-protocol': REMOTE_COMMAND_PROTOCOL,
};

/** Models k8s.io/client-go/tools/remotecommand. */
async function stream(
  { factory, environment }: Invocation,
  { namespace, name, container }: ContainerPlace,
  what: 'exec' | 'attach',
  words: readonly (readonly [string, string])[],
  { stdin, tty = false, output }: StreamOptions,
): Promise<number> {
  const query = [
    ...words,
    ['container', container],
    ...(tty ? [] : [['stderr', 'true']]),
    ...(stdin === undefined ? [] : [['stdin', 'true']]),
    ['stdout', 'true'],
    ...(tty ? [['tty', 'true']] : []),
  ]
    .map(([key, value]) => `${key}=${encodeURIComponent(value!).replaceAll('%20', '+')}`)
    .join('&');
  const path = `${objectPath(MAPPINGS.pod, namespace, name, {}, what)}?${query}`;
  const messages = stdin && messagesOf(stdin, tty && what === 'attach');
  return inRawMode(tty ? stdin : undefined, async () => {
    const response = await factory
      .client()
      .raw({ method: 'POST', path, headers: UPGRADE, ...(messages !== undefined && { messages }) });
    if (response.status >= 400) throw upgradeError(response);
    const { body } = response;
    const detach = typeof body === 'string' ? () => {} : environment.context.onCancel(() => body.cancel());
    const exit = await printRemoteCommand(response, output);
    detach();
    return environment.context.cancelled ? 130 : exit;
  });
}

const SCREEN = JSON.stringify({ Width: 80, Height: 24 });

/** What a command in a container reads, as messages; with `redraws` it is told to show its prompt again. */
async function* messagesOf(stdin: InputStream, redraws: boolean): AsyncGenerator<string> {
  if (redraws) yield encodeMessage('resize', SCREEN);
  for (let text = await stdin.read(); text !== undefined; text = await stdin.read())
    yield encodeMessage('stdin', text);
  yield encodeMessage('close', String.fromCharCode(CHANNEL_OF_STDIN));
}

/** A refusal to stream: a Status stands for itself, a plain text not. Models remotecommand's upgrade errors. */
function upgradeError(response: HttpResponse): Error {
  const error = errorOfResponse(response);
  const text = typeof response.body === 'string' ? response.body.trim() : '';
  const isStatus = text.startsWith('{') || text === '';
  return isStatus && error instanceof StatusError && error.status.details?.causes === undefined
    ? error
    : new Error(`unable to upgrade connection: ${isStatus ? error.message : text}`);
}

/** All that a container says until it ends: nothing is lost of what came before an attach. */
export async function showLog(
  { factory, io, environment }: Invocation,
  namespace: string,
  name: string,
  container: string,
): Promise<void> {
  const path = objectPath(MAPPINGS.pod, namespace, name, { container, follow: 'true' }, 'log');
  const { status, body } = await factory.client().raw({ method: 'GET', path });
  if (status >= 400) return;
  if (typeof body === 'string') return io.stdout(body);
  const detach = environment.context.onCancel(() => body.cancel());
  for await (const piece of body) io.stdout(piece);
  detach();
}

/**
 * The container of a pod that a command means: the named one, the pod's default or its first.
 * Says so on stderr if there was a choice. Throws an Error with kubectl's words.
 * Models pkg/cmd/util/podcmd FindOrDefaultContainerByName.
 */
export function containerOf(
  { io }: Invocation,
  pod: KubeObject,
  wanted: string,
  quiet: boolean,
): ContainerPlace {
  const {
    containers = [],
    initContainers = [],
    ephemeralContainers = [],
  } = pod.spec as Record<string, readonly { readonly name: string }[] | undefined>;
  const { name = '', namespace = '', annotations } = pod.metadata;
  const shown = [
    ...containers.map((one) => one.name),
    ...initContainers.map((one) => `${one.name} (init)`),
    ...ephemeralContainers.map((one) => `${one.name} (ephem)`),
  ].join(', ');
  const all = [...containers, ...initContainers, ...ephemeralContainers];
  if (wanted !== '') {
    if (!all.some((one) => one.name === wanted))
      throw new Error(`container ${wanted} is not valid for pod ${name} out of: ${shown}`);
    return { namespace, name, container: wanted };
  }
  const annotated = annotations?.['kubectl.kubernetes.io/default-container'];
  if (annotated !== undefined && all.some((one) => one.name === annotated))
    return { namespace, name, container: annotated };
  const container = containers[0]!.name;
  if (all.length > 1 && !quiet)
    io.stderr(`Defaulted container ${JSON.stringify(container)} out of: ${shown}\n`);
  return { namespace, name, container };
}
