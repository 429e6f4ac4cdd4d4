import type { Certificate } from '../crypto/x509/certificate.ts';

/** Header names are lower case; a header that was sent several times is an array. */
export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Longer bodies are refused with 413; whoever takes them off a wire may cut them at one byte more.
 * Models k8s.io/apiserver/pkg/server/config.go MaxRequestBodyBytes.
 */
export const MAX_REQUEST_BODY_BYTES = 3 * 1024 * 1024;

/** A request as it comes off the wire, TLS done. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query: "/api/v1/pods?watch=1". */
  readonly path: string;
  readonly headers: HttpHeaders;
  /** The raw text, so that duplicate fields can be seen; "" for none. */
  readonly body: string;
  /**
   * What the body says, in place of its text, from a client in the same process; nobody changes it afterwards.
   * {@link bodyText} writes it.
   */
  readonly json?: object;
  /** What the client showed in the TLS handshake. */
  readonly certificate?: Certificate;
  /** The client's address without the port. */
  readonly remoteAddress?: string;
  /** What the client says after an upgrade (exec, attach), message by message; see remotecommand.ts. */
  readonly messages?: AsyncIterable<string>;
}

/**
 * A response body that comes in pieces (watch, logs with follow): each item is one piece of text,
 * a whole line with its newline in a watch.
 * The iteration ends when the server ends the response; it throws when the connection breaks.
 */
export interface HttpStream extends AsyncIterable<string> {
  /** The reader hangs up; the server is told and the iteration ends. */
  cancel(): void;
  /** Calls `callback` once when the stream is over, whoever ends it; missing where nobody keeps track. */
  onEnd?(callback: () => void): void;
  /**
   * The same pieces as what they say in JSON, for a reader in the same process, who must not change it: the texts
   * are not even written. Call it instead of iterating; missing where nobody has the values at hand.
   */
  values?(): AsyncIterator<unknown, undefined>;
}

/** The text of a request's body. */
export function bodyText({ body, json }: Pick<HttpRequest, 'body' | 'json'>): string {
  return json === undefined ? body : JSON.stringify(json);
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** A text, or a stream of them; bytes that are no UTF-8 stand in it as in files: crypto/encoding/byte-text.ts. */
  readonly body: string | HttpStream;
  /** What the body says, in a {@link JsonResponse}; its reader must not change it. */
  readonly json?: unknown;
  /** What an upgrade to port-forward opens: the way to the ports of a pod. */
  readonly forward?: PortForward;
}

/**
 * An answer whose body is written when it is first read: a reader in the same process takes what it says, `json`.
 * A spread would lose the body: see {@link withHeaders}.
 */
export class JsonResponse implements HttpResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly json: unknown;
  readonly #write: () => string;
  #text: string | undefined;

  /** `write` gives the JSON text of `json`. */
  constructor(status: number, headers: HttpHeaders, json: unknown, write: () => string) {
    this.status = status;
    this.headers = headers;
    this.json = json;
    this.#write = write;
  }

  get body(): string {
    return (this.#text ??= this.#write());
  }
}

/** The same answer with other headers; that does not read its body. */
export function withHeaders(response: HttpResponse, headers: HttpHeaders): HttpResponse {
  if (!(response instanceof JsonResponse)) return { ...response, headers };
  return new JsonResponse(response.status, headers, response.json, () => response.body);
}

/** The body that comes in pieces; undefined for one that is whole, which is not read by that. */
export function streamOf(response: HttpResponse): HttpStream | undefined {
  if (response.json !== undefined) return undefined;
  const { body } = response;
  return typeof body === 'string' ? undefined : body;
}

/** The whole body; of one that comes in pieces, when it has ended. */
export async function wholeBody({ body }: HttpResponse): Promise<string> {
  if (typeof body === 'string') return body;
  let text = '';
  for await (const piece of body) text += piece;
  return text;
}

/**
 * Brings a request to a port; rejects with a {@link ConnectionError} in the kubelet's words if nobody listens there.
 * Only requests go over such a connection here, one answer to each.
 */
export type PortForward = (port: number, request: HttpRequest) => Promise<HttpResponse>;

/** Answers one request. A server never rejects: what goes wrong becomes a response. */
export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse>;

/** Brings a request to a server; rejects with a {@link ConnectionError} if none answers. */
export type HttpTransport = HttpHandler;

/** No response came: nothing listens, the connection broke, or TLS failed. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /** "refused": nothing listens; "reset": it died while answering; "tls": no trust. */
  readonly reason: 'refused' | 'reset' | 'timeout' | 'tls';

  /** `message` is Go's: "dial tcp 172.30.1.2:6443: connect: connection refused". */
  constructor(reason: ConnectionError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * A request that got no response, and what its transport said: 'Get "https://172.30.1.2:6443/api": dial tcp …'.
 * Models net/url Error.
 */
export class UrlError extends ConnectionError {
  readonly url: string;
  readonly connection: ConnectionError;

  constructor(method: string, url: string, connection: ConnectionError) {
    const verb = method.charAt(0) + method.slice(1).toLowerCase();
    super(connection.reason, `${verb} ${JSON.stringify(url)}: ${connection.message}`);
    this.url = url;
    this.connection = connection;
  }
}

/** The first value of header `name` (lower case), or undefined. */
export function headerOf(headers: HttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' || value === undefined ? value : value[0];
}

/** All values of header `name` (lower case), in order. */
export function headerValues(headers: HttpHeaders, name: string): readonly string[] {
  const value = headers[name];
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
