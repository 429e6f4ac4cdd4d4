import type { HttpRequest, HttpResponse } from '../../apimachinery/http.ts';
import type { RequestTraceEvent } from '../../apimachinery/trace.ts';
import type { UserInfo } from '../authentication/user.ts';
import type { Query } from './query.ts';
import type { RequestInfo } from './request-info.ts';

/** A request on its way through the chain; filters hand on a copy with what they found out. */
export interface ServerRequest {
  readonly http: HttpRequest;
  readonly path: string;
  readonly query: Query;
  readonly info: RequestInfo;
  /** The audit id: the request's name in the trace. */
  readonly id: string;
  /** Simulated milliseconds since the Unix epoch. */
  readonly receivedAt: number;
  /** Who asks; the anonymous user before authentication. */
  readonly user: UserInfo;
  /** Texts for Warning headers, in order. */
  readonly warnings: string[];
  /** What filters say in the answer's headers, whoever answers; a header of the answer itself comes before. */
  readonly responseHeaders: Record<string, string>;
  trace(event: RequestTraceEvent): void;
  /** Adds an annotation to the request's audit event, if there is one. */
  annotate?(key: string, value: string): void;
}

/** Answers a request; rejects with a StatusError for what upstream answers with a Status. */
export type Handler = (request: ServerRequest) => Promise<HttpResponse>;
