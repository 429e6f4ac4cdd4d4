import type { WebSocket } from 'ws';
import type { HttpStream } from '../../apimachinery/http.ts';
import { textBytes } from './text-bytes.ts';
import { WebSocketMessages } from './web-socket-messages.ts';

/** How the pieces of an answer become messages: texts as they are, or the bytes of a log. */
export type Framing = 'text' | 'binary' | 'base64';

/**
 * An answer that comes in pieces over a WebSocket, each a message of its own: the events of a watch, a log. What the
 * client says is not heard.
 *
 * Models endpoints/handlers/watch.go HandleWS and wsstream/stream.go.
 */
export async function streamOverWebSocket(
  client: WebSocket,
  body: string | HttpStream,
  framing: Framing,
): Promise<void> {
  const messages = new WebSocketMessages(client);
  client.on('error', () => client.terminate());
  if (typeof body !== 'string') client.on('close', () => body.cancel());
  for await (const piece of typeof body === 'string' ? [body] : body) {
    const bytes = framing === 'text' ? undefined : textBytes(piece);
    await messages.send(framing === 'base64' ? bytes!.toString('base64') : (bytes ?? piece));
  }
  await messages.close();
}
