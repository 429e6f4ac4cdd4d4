import type { HttpResponse, HttpTransport } from '../../../apimachinery/http.ts';
import { ConnectionError } from '../../../apimachinery/http.ts';
import type { JsonObject } from '../../../apimachinery/object.ts';
import { errorOfResponse } from '../../../client-go/rest/response-error.ts';
import type { Clock } from '../../../clock/clock.ts';
import type { ObjectReader } from '../../registry/rest/object-store.ts';
import { resolveService } from './service-resolver.ts';
import type { WebhookClientConfig } from './validation.ts';

/** A webhook that could not be called, or whose answer nobody understands; the message is upstream's. */
export class CallError extends Error {
  override readonly name = 'CallError';
}

interface Target {
  /** "https://hooks.default.svc:443/validate", as messages name it. */
  readonly url: string;
  readonly path: string;
  /** Finds out whom to connect to. */
  resolve(): Promise<{ readonly host: string; readonly port: number; readonly shown: string }>;
}

/** Calls webhooks over the cluster's network. Models k8s.io/apiserver/pkg/util/webhook/client.go. */
export class WebhookClient {
  readonly #clock: Clock;
  readonly #reader: ObjectReader;
  readonly #dial: ((host: string, port: number) => HttpTransport) | undefined;

  constructor(parts: {
    readonly clock: Clock;
    readonly reader: ObjectReader;
    readonly dial?: (host: string, port: number) => HttpTransport;
  }) {
    this.#clock = parts.clock;
    this.#reader = parts.reader;
    this.#dial = parts.dial;
  }

  /** Posts a body, gives the answer's. Rejects with a CallError, at the latest when the time is over. */
  async post(config: WebhookClientConfig, body: JsonObject, timeoutSeconds: number): Promise<JsonObject> {
    const target = this.#target(config);
    const query = `?timeout=${timeoutSeconds}s`;
    const failed = (text: string) => new CallError(`failed to call webhook: ${text}`);
    const posting = (text: string) => failed(`Post ${JSON.stringify(target.url + query)}: ${text}`);
    const response = await this.#within(timeoutSeconds, posting, async () => {
      const { host, port, shown } = await this.#resolved(target, posting);
      try {
        const transport = this.#dial?.(host, port);
        if (transport === undefined) throw refused(shown);
        return await transport({
          method: 'POST',
          path: target.path + query,
          headers: {
            'content-type': 'application/json',
            accept: 'application/json, */*',
            'user-agent': 'kube-apiserver-admission',
          },
          body: JSON.stringify(body),
        });
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        throw posting(error.reason === 'refused' ? refused(shown).message : error.message);
      }
    });
    const text = typeof response.body === 'string' ? response.body : '';
    if (response.status < 200 || response.status > 299) {
      throw failed(errorOfResponse(response).message);
    }
    return parsed(text, failed);
  }

  async #resolved(target: Target, posting: (text: string) => CallError) {
    try {
      return await target.resolve();
    } catch (error) {
      throw posting((error as Error).message);
    }
  }

  #target({ service, url }: WebhookClientConfig): Target {
    if (service !== undefined) {
      const { namespace, name, path = '/', port = 443 } = service;
      const rooted = path.startsWith('/') ? path : `/${path}`;
      return {
        url: `https://${name}.${namespace}.svc:${port}${rooted}`,
        path: rooted,
        resolve: () => resolveService(this.#reader, namespace, name, port),
      };
    }
    const match = /^https:\/\/([^/:]+)(?::(\d+))?(\/[^?#]*)?/.exec(url ?? '');
    if (match === null) throw new CallError('webhook configuration must have either service or URL');
    const host = match[1]!;
    const port = Number(match[2] ?? 443);
    return {
      url: url!,
      path: match[3] ?? '/',
      resolve: () => Promise.resolve({ host, port, shown: `${host}:${port}` }),
    };
  }

  async #within(
    seconds: number,
    posting: (text: string) => CallError,
    call: () => Promise<HttpResponse>,
  ): Promise<HttpResponse> {
    let timer: { cancel(): void } | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = this.#clock.schedule(seconds * 1000, () => reject(posting('context deadline exceeded')));
    });
    try {
      return await Promise.race([call(), late]);
    } finally {
      timer?.cancel();
    }
  }
}

const refused = (shown: string) =>
  new ConnectionError('refused', `dial tcp ${shown}: connect: connection refused`);

function parsed(text: string, failed: (text: string) => CallError): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw failed(`couldn't get version/kind; json parse error: ${(error as Error).message}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw failed("couldn't get version/kind; json parse error: json: cannot unmarshal into Go value");
}
