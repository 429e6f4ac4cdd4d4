import type { IncomingMessage } from 'node:http';
import type { HttpHeaders } from '../../apimachinery/http.ts';
import { headerOf } from '../../apimachinery/http.ts';
import { decodeProtobuf } from './protobuf/decode.ts';
import { WireError } from '../../apimachinery/protobuf/wire.ts';
import type { NodeRequest } from './request.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** The bytes of a body; of one that is longer than `limit` one byte more than that. */
export async function readBody(request: NodeRequest, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // The rest of a body that is too long is left to be thrown away: the client still wants its answer.
  const pieces: AsyncIterable<Buffer> = (request as IncomingMessage).iterator({ destroyOnReturn: false });
  for await (const chunk of pieces) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) break;
  }
  // The next request of the connection comes after it.
  if (size > limit) (request as IncomingMessage).resume();
  const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  return bytes.subarray(0, limit + 1);
}

/**
 * The body as the server reads it. Go's typed clients, kubectl among them, write protobuf without asking:
 * it becomes the JSON that it stands for. What cannot be translated goes on as it is, and is refused there.
 */
export function toText(bytes: Buffer, headers: HttpHeaders): { body: string; headers: HttpHeaders } {
  if (bytes.length > 0 && headerOf(headers, 'content-type')?.split(';')[0] === PROTOBUF) {
    const object = translated(bytes);
    if (object !== undefined) {
      return { body: JSON.stringify(object), headers: { ...headers, 'content-type': 'application/json' } };
    }
  }
  return { body: bytes.toString('utf8'), headers };
}

function translated(bytes: Buffer) {
  try {
    return decodeProtobuf(bytes);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
