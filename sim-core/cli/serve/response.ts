import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { HttpRequest, HttpResponse, HttpStream } from '../../apimachinery/http.ts';
import { headerValues } from '../../apimachinery/http.ts';
import { textBytes } from './text-bytes.ts';

export type NodeResponse = ServerResponse | Http2ServerResponse;

const compress = promisify(gzip);

/** Shorter answers are not worth the work. Models responsewriters defaultGzipThresholdBytes. */
const GZIP_THRESHOLD_BYTES = 128 * 1024;
const GZIP_OPTIONS = { level: constants.Z_BEST_SPEED };

/** Writes an answer; resolves when it is on its way, for a stream when it has ended. */
export async function writeResponse(
  response: NodeResponse,
  request: HttpRequest,
  { status, headers, body }: HttpResponse,
): Promise<void> {
  if (response.destroyed) {
    if (typeof body !== 'string') body.cancel();
    return;
  }
  const setHeader = headerSetter(response);
  for (const name of Object.keys(headers).sort()) {
    const value = headers[name];
    if (value !== undefined) setHeader(name, headerBytes(value));
  }
  response.statusCode = status;
  if (typeof body !== 'string') return writeStream(response, body);
  let bytes = textBytes(body);
  if (isCompressible(request, bytes.length)) {
    bytes = Buffer.from(await compress(bytes, GZIP_OPTIONS));
    setHeader('content-encoding', 'gzip');
    setHeader('vary', [...headerValues(headers, 'vary'), 'Accept-Encoding']);
  }
  if (bytes.length > 0 || status !== 204) setHeader('content-length', String(bytes.length));
  (response as ServerResponse).end(request.method === 'HEAD' ? undefined : bytes);
}

type SetHeader = (name: string, value: string | string[]) => void;

/**
 * Names of HTTP/2 are in lower case, and none is about the connection; those of HTTP/1.1 are written as Go's net/http
 * has them, which does not say that a connection stays open either: it does so anyway.
 */
function headerSetter(response: NodeResponse): SetHeader {
  if ('stream' in response) {
    return (name, value) => {
      if (name !== 'connection') response.setHeader(name, value);
    };
  }
  if (response.shouldKeepAlive && response.req.httpVersion === '1.1') response.removeHeader('connection');
  return (name, value) => response.setHeader(canonicalName(name), value);
}

/** "content-type" as "Content-Type". Models net/textproto CanonicalMIMEHeaderKey. */
function canonicalName(name: string): string {
  return name.replace(/(?:^|-)[a-z]/g, (first) => first.toUpperCase());
}

/** A header's text in UTF-8, as Go writes it: Node takes one character for one byte. */
function headerBytes(value: string | readonly string[]): string | string[] {
  const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
  return typeof value === 'string' ? bytes(value) : value.map(bytes);
}

/** Only what is read is compressed: get and list. */
function isCompressible({ method, headers }: HttpRequest, size: number): boolean {
  return (
    size > GZIP_THRESHOLD_BYTES &&
    method === 'GET' &&
    headerValues(headers, 'accept-encoding').some((value) => /\bgzip\b/.test(value))
  );
}

/**
 * Piece by piece, as fast as the client reads. A client that hangs up ends the stream at its source;
 * a stream that breaks breaks the connection, so that the client cannot take it for complete.
 */
async function writeStream(node: NodeResponse, body: HttpStream): Promise<void> {
  // Both kinds share the members that are used here, but not their overloads.
  const response = node as ServerResponse;
  const hangUp = () => body.cancel();
  response.once('close', hangUp);
  response.flushHeaders();
  try {
    for await (const piece of body) {
      if (response.destroyed) return;
      if (!response.write(textBytes(piece))) await drained(response);
    }
    response.removeListener('close', hangUp);
    response.end();
  } catch {
    response.destroy();
  }
}

/** Resolves when all of a finished answer is with the operating system, or nobody reads any more. */
export function ended(node: NodeResponse): Promise<void> {
  const response = node as ServerResponse;
  return new Promise((resolve) => {
    if (response.writableFinished || response.destroyed) resolve();
    response.once('finish', resolve);
    response.once('close', resolve);
  });
}

/** Resolves when there is room again, or nobody reads any more. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.removeListener('drain', done);
      response.removeListener('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}
