import type { HttpRequest, HttpResponse } from '../../apimachinery/http.ts';
import type { CommandStatus } from '../../apimachinery/remotecommand.ts';
import {
  decodeMessage,
  encodeMessage,
  exitStatus,
  internalStatus,
  REMOTE_COMMAND_PROTOCOL,
} from '../../apimachinery/remotecommand.ts';
import { Context } from '../../clock/context.ts';
import type { ExecStreams, RuntimeService } from '../../cri/runtime-service.ts';
import { CriError } from '../../cri/runtime-service.ts';
import type { InputStream } from '../../node/program.ts';
import { NO_INPUT } from '../../node/program.ts';
import { LogStream } from './log-stream.ts';

/** Query of exec and attach: "command=ls&stdin=true". */
export interface StreamOptions {
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** The kubelet names them input and output, the apiserver stdin and stdout: both are understood. */
export function parseStreamOptions(query: string): StreamOptions {
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('=').map((part) => decodeURIComponent(part.replaceAll('+', ' '))));
  const on = (...names: string[]) =>
    pairs.some(([name = '', value]) => names.includes(name) && (value === '1' || value === 'true'));
  return {
    command: pairs.flatMap(([name, value]) => (name === 'command' ? [value ?? ''] : [])),
    stdin: on('input', 'stdin'),
    stdout: on('output', 'stdout'),
    stderr: on('error', 'stderr'),
    tty: on('tty'),
  };
}

/**
 * Runs a command in a container and answers with its messages.
 *
 * Models k8s.io/kubelet/pkg/cri/streaming/remotecommand ServeExec.
 */
export function serveExec(
  runtime: RuntimeService,
  containerId: string,
  request: HttpRequest,
  options: StreamOptions,
): HttpResponse {
  return serve(request, options, async (streams, context) =>
    exitStatus(await runtime.exec(containerId, options.command, streams, context)),
  );
}

/** Follows a container and answers with its messages. Models ServeAttach. */
export function serveAttach(
  runtime: RuntimeService,
  containerId: string,
  request: HttpRequest,
  options: StreamOptions,
): HttpResponse {
  return serve(request, options, async (streams, context) => {
    await runtime.attach(containerId, streams, context);
    return exitStatus(0);
  });
}

function serve(
  request: HttpRequest,
  options: StreamOptions,
  work: (streams: ExecStreams, context: Context) => Promise<CommandStatus>,
): HttpResponse {
  const context = new Context();
  const stream = new LogStream(() => context.cancel('the client hung up'));
  const say = (channel: 'stdout' | 'stderr', wanted: boolean) => (text: string) => {
    if (wanted && text !== '') stream.push(encodeMessage(channel, text));
  };
  const resized: (() => void)[] = [];
  const input = inputOf(request, () => resized.forEach((listener) => listener()));
  const streams: ExecStreams = {
    stdin: options.stdin ? { ...input, isTerminal: options.tty } : NO_INPUT,
    onResize: (listener) => void resized.push(listener),
    stdout: say('stdout', options.stdout),
    // A terminal has one output.
    stderr: options.tty ? say('stdout', options.stdout) : say('stderr', options.stderr),
  };
  void work(streams, context)
    .catch((error: unknown) => {
      if (!(error instanceof CriError)) throw error;
      return internalStatus(`error executing command in container: ${error.description}`);
    })
    .then((status) => {
      stream.push(encodeMessage('error', JSON.stringify(status)));
      stream.end();
    });
  return {
    status: 101,
    headers: { upgrade: 'websocket', 'sec-websocket-protocol': REMOTE_COMMAND_PROTOCOL },
    body: stream,
  };
}

/** What the client says on the channel stdin, and `resized` as it says it; a plain body is all that it says. */
function inputOf({ messages, body }: HttpRequest, resized: () => void): InputStream {
  if (messages === undefined) {
    let text: string | undefined = body === '' ? undefined : body;
    return {
      read: () => {
        const piece = text;
        text = undefined;
        return Promise.resolve(piece);
      },
    };
  }
  const iterator = messages[Symbol.asyncIterator]();
  return {
    async read() {
      for (;;) {
        const { done, value } = await iterator.next();
        if (done === true) return undefined;
        const message = decodeMessage(value);
        if (message?.channel === 'stdin') return message.text;
        if (message?.channel === 'close') return undefined;
        if (message?.channel === 'resize') resized();
      }
    },
  };
}
