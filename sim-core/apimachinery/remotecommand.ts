/**
 * Messages of exec and attach after the upgrade: the first character is the channel, the rest its text.
 * Models the subprotocol v5.channel.k8s.io of k8s.io/apimachinery/pkg/util/remotecommand.
 */
const CHANNELS = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;
export type Channel = keyof typeof CHANNELS;

export const REMOTE_COMMAND_PROTOCOL = 'v5.channel.k8s.io';
/** What port-forward speaks inside of SPDY, and SPDY inside of a WebSocket. */
export const PORT_FORWARD_PROTOCOL = 'portforward.k8s.io';
export const TUNNELED_PORT_FORWARD_PROTOCOL = `SPDY/3.1+${PORT_FORWARD_PROTOCOL}`;

const NAMES = new Map<number, Channel>(
  Object.entries(CHANNELS).map(([name, number]) => [number, name as Channel]),
);

export function encodeMessage(channel: Channel, text: string): string {
  return String.fromCharCode(CHANNELS[channel]) + text;
}

/** Undefined for a channel that does not exist. */
export function decodeMessage(
  message: string,
): { readonly channel: Channel; readonly text: string } | undefined {
  const channel = NAMES.get(message.charCodeAt(0));
  return channel === undefined ? undefined : { channel, text: message.slice(1) };
}

/** How a command ended, as the error channel says it: a Status object. */
export interface CommandStatus {
  readonly metadata: Record<string, never>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes: readonly { readonly reason: string; readonly message: string }[] };
  readonly code?: number;
}

/** Models k8s.io/kubelet/pkg/cri/streaming/remotecommand ServeExec. */
export function exitStatus(exitCode: number): CommandStatus {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: error executing command [], exit code ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

export function internalStatus(message: string): CommandStatus {
  return {
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${message}`,
    reason: 'InternalError',
    details: { causes: [{ reason: '', message }] },
    code: 500,
  };
}
